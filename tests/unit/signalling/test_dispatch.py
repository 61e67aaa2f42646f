from __future__ import annotations

import asyncio
from typing import Any

from server.common.token_bucket import TokenBucket
from server.errors import Forbidden
from server.protocol.base import Outbound
from server.protocol.rooms import CLIENT_EVENTS, Ok
from server.signalling.connections import Handler, SocketConnection
from server.signalling.dispatch import Dispatcher
from server.signalling.handlers import handlers
from tests.fakes.rooms_world import World


def a_connection(bucket: TokenBucket | None = None) -> SocketConnection:
    return SocketConnection("c", "ann", lambda _name, _payload: None, lambda: None, bucket)


class Rig:
    """A dispatcher with one handler for all events."""

    def __init__(self, handler: Handler, within_s: float = 5) -> None:
        self.seen: list[tuple[str, str]] = []
        self.acks: list[Any] = []
        table = dict.fromkeys(CLIENT_EVENTS, handler)
        self.places: dict[str, dict[str, str]] = {}
        self.dispatcher = Dispatcher(
            table,
            within_s,
            lambda n, o, _s: self.seen.append((n, o)),
            lambda connection_id: self.places.get(connection_id, {}),
        )

    async def send(self, connection: SocketConnection, *data: Any) -> Any:
        await self.dispatcher.handle(connection, list(data), self.acks.append)
        return self.acks[-1]


async def fine(_connection: SocketConnection, _payload: Any) -> Outbound:
    return Ok()


async def test_every_event_of_the_protocol_has_a_handler() -> None:
    async with World() as world:
        assert set(handlers(world.rooms)) == set(CLIENT_EVENTS)


async def test_a_bug_is_sent_as_internal_without_details(caplog: Any) -> None:
    async def broken(_connection: SocketConnection, _payload: Any) -> Outbound:
        raise ZeroDivisionError("secret detail")

    rig = Rig(broken)
    answer = await rig.send(a_connection(), "ping", {})
    assert answer["error"]["code"] == "internal"
    assert "secret" not in str(answer)
    assert "ZeroDivisionError" in caplog.text
    assert rig.seen == [("ping", "internal")]


async def test_a_bug_is_logged_with_room_and_participant(caplog: Any) -> None:
    async def broken(_connection: SocketConnection, _payload: Any) -> Outbound:
        raise ZeroDivisionError

    rig = Rig(broken)
    await rig.send(a_connection(), "join", {"roomId": "r1"})
    rig.places["c"] = {"room_id": "r2", "participant_id": "p"}
    await rig.send(a_connection(), "leave", {})
    joining, leaving = caplog.records
    assert (joining.user_id, joining.room_id) == ("ann", "r1")
    assert (leaving.user_id, leaving.room_id, leaving.participant_id) == ("ann", "r2", "p")


async def test_a_parlor_error_is_sent_with_its_code_and_detail() -> None:
    async def no(_connection: SocketConnection, _payload: Any) -> Outbound:
        raise Forbidden("Not today.")

    answer = await Rig(no).send(a_connection(), "leave", {})
    assert (answer["error"]["code"], answer["error"]["detail"]) == ("forbidden", "Not today.")


async def test_a_handler_that_takes_too_long_is_unavailable() -> None:
    async def stuck(_connection: SocketConnection, _payload: Any) -> Outbound:
        await asyncio.Event().wait()
        return Ok()

    answer = await Rig(stuck, within_s=0.01).send(a_connection(), "leave", {})
    assert answer["error"]["code"] == "unavailable"


async def test_unknown_event_names_share_one_metric_label() -> None:
    rig = Rig(fine)
    await rig.send(a_connection(), "evil" * 50, {})
    await rig.send(a_connection(), {"a": 1})
    await rig.send(a_connection())
    assert rig.seen == [("unknown", "invalid_request")] * 3


async def test_events_of_one_connection_are_handled_in_order() -> None:
    order: list[str] = []

    async def slow(_connection: SocketConnection, payload: Any) -> Outbound:
        order.append("begin")
        await asyncio.sleep(0)
        order.append("end")
        return Ok()

    rig, connection = Rig(slow), a_connection()
    await asyncio.gather(*(rig.send(connection, "leave", {}) for _ in range(3)))
    assert order == ["begin", "end"] * 3


async def test_events_beyond_the_waiting_limit_are_refused() -> None:
    go_on = asyncio.Event()

    async def slow(_connection: SocketConnection, _payload: Any) -> Outbound:
        await go_on.wait()
        return Ok()

    rig, connection = Rig(slow), a_connection()
    waiting = [asyncio.create_task(rig.send(connection, "leave", {})) for _ in range(40)]
    for _ in range(3):
        await asyncio.sleep(0)
    assert {a["error"]["code"] for a in rig.acks} == {"too_many_requests"}
    go_on.set()
    await asyncio.gather(*waiting)
    assert sum(a == {"ok": True} for a in rig.acks) == 16


async def test_joins_cost_more_than_pings() -> None:
    rig = Rig(fine)
    joins, pings = a_connection(TokenBucket(0.001, 20)), a_connection(TokenBucket(0.001, 20))
    join = {"roomId": "r"}
    joined = [await rig.send(joins, "join", join) for _ in range(20)]
    pinged = [await rig.send(pings, "ping", {}) for _ in range(20)]
    assert sum("error" not in a for a in joined) == 4
    assert sum("error" not in a for a in pinged) == 20
    assert joined[-1]["error"]["retryAfter"] > 0
