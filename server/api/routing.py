"""Declaration of a route; converts a request to a call of its handler, and the result to an answer."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar, get_origin

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler as WebHandler
from multidict import MultiMapping
from pydantic import ValidationError

from server.api.bodies import read_body
from server.api.built_files import acceptable
from server.api.clients import bearer
from server.api.services import Services
from server.auth import TokenClaims
from server.errors import InvalidRequest, ParlorError, RoomNotFound, Unauthenticated, Unavailable
from server.http.hops import IS_HOP
from server.protocol.base import Inbound, Outbound
from server.protocol.field_errors import wrong_fields

Input = TypeVar("Input")
Model = TypeVar("Model", bound=Inbound)

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MIN_COMPRESSED_BYTES = 1_000
"""Less fits into one packet in any form."""


@dataclass(frozen=True, slots=True)
class ApiCall(Generic[Input]):
    """A checked request. `input` is the model of the body or of the query; None on routes with neither.

    `user_id` is empty and `claims` None on routes without `auth`, and without a token where it is optional.
    """

    request: web.Request
    user_id: str
    input: Input
    claims: TokenClaims | None = None


Handler = Callable[[Services, ApiCall[Any]], Awaitable[Outbound | web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row of the table of routes.

    The handler's name is the operationId in OpenAPI. `auth`: whether a user's token is required; `optional`
    serves people who have not signed in too. `cost` is in tokens of the rate limits. `upload` lists
    the media types of a body that is not JSON; `media` is the answer's type where `response` is None.
    `of_room`: the server that has the room of the path answers. `is_picture`: an immutable file, which has a
    limit of its own. `is_sign_in`: a try to sign in, which has a limit by address. `accepts_expired`: the
    token may have expired, but its session must exist. `accepts_banned`: also for people who are banned.
    `for_moderators`: for nobody else. `session_within_s`: longest wait for the session; None: as long as the
    store may take.
    """

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
    auth: bool | Literal["optional"] = True
    opens_session: bool = False
    of_room: bool = False
    is_picture: bool = False
    is_sign_in: bool = False
    accepts_expired: bool = False
    accepts_banned: bool = False
    for_moderators: bool = False
    session_within_s: float | None = None
    cost: float = 1
    errors: tuple[type[ParlorError], ...] = ()


def endpoint(route: Route, services: Services) -> WebHandler:
    """The aiohttp handler of a route: checks the rate limits, the token and the input, then calls."""

    async def handle(request: web.Request) -> web.StreamResponse:
        claims = await _admit(request, route, services)
        if route.of_room:
            room_id = _id_in(request, RoomNotFound)
            passed_on = await services.pass_on(request, room_id) if services.pass_on else None
            if passed_on is not None:
                return passed_on
        if claims is not None or route.opens_session or route.is_sign_in:
            services.devices.prepare(request)
        answer = await _call(request, route, services, claims)
        response = reply(answer, route.status) if isinstance(answer, Outbound) else answer
        services.devices.mark(request, response)
        _compress(request, response)
        return response

    return handle


async def _call(
    request: web.Request, route: Route, services: Services, claims: TokenClaims | None
) -> Outbound | web.StreamResponse:
    """The handler's answer. A sign-up that fails does not count: people try again when the store is back, or
    with another name."""
    try:
        call = ApiCall(request, claims.user_id if claims else "", await _input(route, request), claims)
        return await route.handler(services, call)
    except Exception:
        if route.opens_session:
            await services.limits.give_back_sign_up(services.address_of(request))
        raise


def path_id(call: ApiCall[Any], error: type[ParlorError], name: str = "id") -> str:
    """The id in the call's path. Raises `error` for one that cannot exist, without asking the store, which
    might refuse it: PostgreSQL takes no NUL."""
    return _id_in(call.request, error, name)


def _id_in(request: web.Request, error: type[ParlorError], name: str = "id") -> str:
    found = request.match_info[name]
    if not _ID.fullmatch(found):
        raise error
    return found


async def _admit(request: web.Request, route: Route, services: Services) -> TokenClaims | None:
    """The claims of the token; None where none is needed. Raises TooManyRequests, Unauthenticated, Banned,
    Forbidden for people who are no moderators, Unavailable."""
    limits, address = services.limits, services.address_of(request)
    if route.is_picture:
        limits.check_picture(address, route.cost)
        return None
    is_hop = request.get(IS_HOP, False)
    if route.auth is False or (route.auth == "optional" and "Authorization" not in request.headers):
        await limits.check_anonymous(address, route.cost, is_hop=is_hop)
        if route.opens_session:
            await limits.check_sign_up(address)
        if route.is_sign_in:
            await limits.check_sign_in(address)
        return None
    await limits.check_address(address, route.cost, is_hop=is_hop)
    try:
        if not (token := bearer(request)):
            raise Unauthenticated
        claims = services.sessions.verify(token, accept_expired=route.accepts_expired)
    except ParlorError:
        # A client without a valid token counts as a stranger.
        await limits.check_anonymous(address, route.cost, is_hop=is_hop)
        raise
    await limits.check_user(claims.user_id, route.cost, is_hop=is_hop)
    try:
        async with asyncio.timeout(route.session_within_s):
            await services.sessions.require(
                claims, lambda: services.devices.origin_of(request), accept_banned=route.accepts_banned
            )
    except TimeoutError as error:
        raise Unavailable from error
    if route.for_moderators:
        await services.moderation.require_moderator(claims.user_id)
    return claims


async def _input(route: Route, request: web.Request) -> Any:
    if route.body:
        return parse_json(route.body, await read_body(request))
    if route.query:
        return parse_query(route.query, request.query)
    return None


# Input


def parse_json(model: type[Model], body: bytes) -> Model:
    """Raises InvalidRequest: status 400 for a body that is not JSON, 422 with `errors` for another shape."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if any(e["type"] == "json_invalid" for e in error.errors(include_input=False, include_url=False)):
            raise InvalidRequest("The body is not valid JSON.", status=400) from None
        raise _invalid(error) from None


def parse_query(model: type[Model], query: MultiMapping[str]) -> Model:
    """Members that are lists take a repeated parameter; the others must be given once."""
    lists = {f.alias or n for n, f in model.model_fields.items() if get_origin(f.annotation) is list}
    given: dict[str, Any] = {}
    for name in query:
        values = query.getall(name)
        given[name] = values if name in lists or len(values) > 1 else values[0]
    try:
        # As JSON, because strict models take an enum's value for the enum only there.
        return model.model_validate_json(json.dumps(given))
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: ValidationError) -> InvalidRequest:
    return InvalidRequest(errors=wrong_fields(error))


# Answers


def _compress(request: web.Request, response: web.StreamResponse) -> None:
    """Compress JSON of some size. aiohttp does it in a thread."""
    if response.content_type != "application/json" or not isinstance(response, web.Response):
        return
    if not isinstance(response.body, bytes) or len(response.body) < _MIN_COMPRESSED_BYTES:
        return
    response.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
    if acceptable(request.headers.get(hdrs.ACCEPT_ENCODING), {"gzip": b""}) == "gzip":
        response.enable_compression(web.ContentCoding.gzip)


def reply(model: Outbound, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """The model as JSON."""
    return web.Response(
        body=model.model_dump_json(by_alias=True).encode(),
        status=status,
        content_type="application/json",
        charset="utf-8",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def problem_reply(error: ParlorError, headers: Mapping[str, str] | None = None) -> web.Response:
    """The error as a problem object (RFC 9457)."""
    problem = error.problem()
    extra = dict(headers or {})
    if problem["status"] == 401:
        extra["WWW-Authenticate"] = "Bearer"
    if "retryAfter" in problem:
        extra["Retry-After"] = str(problem["retryAfter"])
    return web.Response(
        body=json.dumps(problem, ensure_ascii=False).encode("utf-8", "replace"),
        status=problem["status"],
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", **extra},
    )
