"""One row of the table of routes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from aiohttp import web

from server.api.services import Services
from server.errors import ParlorError
from server.protocol.base import Inbound, Outbound

I = TypeVar("I")  # noqa: E741 - input


@dataclass(frozen=True, slots=True)
class Call(Generic[I]):
    """A checked request. `input` is the body's model or the query's, None where the route declares neither.

    `user_id` is empty on routes without `auth`.
    """

    request: web.Request
    user_id: str
    input: I


Handler = Callable[[Services, Call[Any]], Awaitable[Outbound | web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`cost` is in tokens of the rate limits. `media` is what is answered where `response` is None."""

    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
    path: str
    handler: Handler
    summary: str
    body: type[Inbound] | None = None
    query: type[Inbound] | None = None
    upload: tuple[str, ...] = ()
    response: type[Outbound] | None = None
    media: str = "application/json"
    status: int = 200
    auth: bool = True
    cost: float = 1
    errors: tuple[type[ParlorError], ...] = ()
