"""From a client's event to its ack: decoding, rate limits, order, and errors."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from pydantic import ValidationError

from server.errors import InvalidRequest, ParlorError, TooManyRequests, Unavailable
from server.protocol.base import Inbound, Outbound
from server.protocol.field_errors import wrong_field, wrong_fields
from server.protocol.rooms import CLIENT_EVENTS, Join
from server.signalling.connections import Handler, SocketConnection

Observe = Callable[[str, str, float], None]
"""Event name, outcome (`ok` or an error's code), seconds. Names are from a closed set."""

_MAX_WAITING = 16
_COSTS = {"join": 5.0, "knock": 5.0, "reconnect_media": 4.0, "answer": 2.0, "renew_invite": 2.0}
_log = logging.getLogger(__name__)


class EventRow(Protocol):
    """A row of the protocol's tables."""

    @property
    def payload(self) -> type[Inbound]: ...


class Dispatcher:
    """`place_of` gives the room and participant ids of a connection, for the log.

    `max_waiting` limits the events of one connection that wait for their turn.
    """

    def __init__(
        self,
        table: Mapping[str, Handler],
        timeout_s: float,
        observe: Observe,
        place_of: Callable[[str], Mapping[str, str]] = lambda _connection_id: {},
        *,
        events: Mapping[str, EventRow] = CLIENT_EVENTS,
        max_waiting: int = _MAX_WAITING,
    ) -> None:
        self._table = table
        self._events = events
        self._max_waiting = max_waiting
        self._place_of = place_of
        self._timeout = timeout_s
        self._observe = observe

    async def handle(self, connection: SocketConnection, data: Any, ack: Callable[[Any], None]) -> None:
        """Acknowledge one event, after those that came before it on the same connection."""
        if connection.waiting >= self._max_waiting:
            ack({"error": TooManyRequests("Wait for the answers to your earlier messages.").problem()})
            return
        connection.waiting += 1
        try:
            async with connection.turn:
                answer = await self._answer(connection, data)
                ack(answer)
                connection.uncork()
        finally:
            connection.waiting -= 1

    async def _answer(self, connection: SocketConnection, data: Any) -> dict[str, object]:
        started = time.monotonic()
        name, outcome, payload = "unknown", "ok", None
        try:
            name = _name(data, self._events)
            _take_tokens(connection, name, started)
            payload = _decode(self._events[name], data[1:])
            async with asyncio.timeout(self._timeout):
                message: Outbound = await self._table[name](connection, payload)
            return message.wire()
        except ParlorError as error:
            outcome = error.code
            return {"error": error.problem()}
        except TimeoutError:
            outcome = Unavailable.code
            return {"error": Unavailable().problem()}
        except Exception:  # noqa: BLE001 - the edge: a bug is logged here, and sent without its details
            _log.exception("handler of %s failed", name, extra=self._context(connection, payload))
            outcome = ParlorError.code
            return {"error": ParlorError().problem()}
        finally:
            self._observe(name, outcome, time.monotonic() - started)

    def _context(self, connection: SocketConnection, payload: Inbound | None) -> dict[str, str]:
        """Ids for the log. A client that joins has no seat yet, so the room is the one it asked for."""
        asked = {"room_id": payload.room_id} if isinstance(payload, Join) else {}
        return {"user_id": connection.user_id, **asked, **self._place_of(connection.id)}


def _name(data: Any, events: Mapping[str, EventRow]) -> str:
    """Raises InvalidRequest."""
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        raise InvalidRequest("An event is an array of its name and one object.", errors=[])
    if data[0] not in events:
        raise InvalidRequest("There is no such event.", errors=[wrong_field("", "unknown event", "unknown")])
    return data[0]


def _decode(event: EventRow, args: list[Any]) -> Inbound:
    """An event without fields may come without its empty object. Raises InvalidRequest."""
    if len(args) > 1:
        raise InvalidRequest("An event takes one object.", errors=[wrong_field("", "too many", "too_long")])
    given = args[0] if args and args[0] is not None else {}
    try:
        return event.payload.model_validate(given)
    except ValidationError as error:
        raise InvalidRequest(errors=wrong_fields(error)) from None


def _take_tokens(connection: SocketConnection, name: str, now: float) -> None:
    """Raises TooManyRequests."""
    if connection.bucket is None:
        return
    wait = connection.bucket.take(now, _COSTS.get(name, 1.0))
    if wait:
        raise TooManyRequests(retryAfter=math.ceil(wait * 100) / 100)
