"""Namespace `/lobby`: the list of rooms changes without a reload."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from server.protocol.entities import RoomType
from tests.fakes.rooms_world import a_user
from tests.fakes.signalling_server import SignallingServer, signalling_server


@pytest.fixture
async def server() -> AsyncIterator[SignallingServer]:
    async with signalling_server() as running:
        yield running


async def test_opened_filled_and_closed_rooms_are_listed_within_a_second(server: SignallingServer) -> None:
    watcher = await server.client("wes", "/lobby")
    room = await server.room("ann")
    added = await watcher.got("room_added", within_s=1)
    assert (added["room"]["id"], added["room"]["participantCount"]) == (room, 0)
    people = [await server.client(u) for u in ("ann", "ben")]
    for person in people:
        await person.join(room)
    await watcher.got_where("room_updated", lambda p: p["room"]["participantCount"] == 2, within_s=1)
    await people[0].call("close_room")
    assert (await watcher.got("room_removed", within_s=1))["roomId"] == room


async def test_private_rooms_are_not_listed(server: SignallingServer) -> None:
    watcher = await server.client("wes", "/lobby")
    await server.room("ann", type=RoomType.PRIVATE)
    await server.room("ann", type=RoomType.AI)
    public = await server.room("ann")
    await watcher.got("room_added")
    assert [p["room"]["id"] for n, p in watcher.events if n == "room_added"] == [public]


async def test_online_is_sent_on_change_and_at_once_to_a_new_connection(server: SignallingServer) -> None:
    first = await server.client("ann", "/lobby")
    await server.client("ben")
    await first.got_where("online", lambda p: p["count"] == 2)
    late = await server.client("ann", "/lobby")
    told = await late.got("online", within_s=1)
    assert told["count"] == 2
    assert {u["name"] for u in told["users"]} == {"Ann", "Ben"}


async def test_a_new_name_shows_in_the_lobby(server: SignallingServer) -> None:
    watcher = await server.client("wes", "/lobby")
    room = await server.room("ann")
    await (await server.client("ann")).join(room)
    server.rooms.user_changed(a_user("ann", name="Anna"))
    await watcher.got_where(
        "room_updated", lambda p: [x["name"] for x in p["room"]["participants"]] == ["Anna"], within_s=2
    )
