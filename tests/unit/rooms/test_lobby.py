from __future__ import annotations

from server.cluster import MemoryBus
from server.protocol.lobby import Online, RoomChanged
from server.protocol.rest import RoomQuery
from server.rooms.lobby import SHOWN, OnlineUsers
from tests.fakes.rooms_world import FakeLobbySink, World, a_user


async def test_counts_change_within_a_second_of_each_join() -> None:
    async with World() as world:
        room = await world.room("ann")
        for i in range(5):
            await world.seat(f"c{i}", f"u{i}", room)
        await world.pass_time(0.3)
        assert world.lobby.of(RoomChanged)[-1].room.participant_count == 5
        assert world.rooms.directory.list_rooms(RoomQuery()).items[0].participant_count == 5


async def test_the_list_counts_a_join_at_once() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.join("c1", "ann", room)
        assert world.rooms.directory.list_rooms(RoomQuery()).items[0].participant_count == 1
        assert world.lobby.names() == ["room_added"], "watchers are notified a little later"


async def test_a_burst_of_changes_is_published_as_one() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.pass_time(1)
        world.lobby.events.clear()
        for i in range(12):
            await world.seat(f"c{i}", f"u{i}", room)
        assert len(world.lobby.events) == 1
        await world.pass_time(0.3)
        assert [n for n in world.lobby.names() if n != "online"] == ["room_updated", "room_updated"]


async def test_a_closed_room_is_not_published_again() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.act("c1", "close_room")
        await world.pass_time(1)
        assert [n for n in world.lobby.names() if n != "online"] == ["room_added", "room_removed"]
        assert world.rooms.directory.list_rooms(RoomQuery()).items == []


async def test_restored_rooms_are_listed() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.restart()
        assert [r.id for r in world.rooms.directory.list_rooms(RoomQuery()).items] == [room]


async def test_the_list_shows_nobody_as_speaking() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        world.rooms.media_events.speaking(ann, True, -10)
        await world.pass_time(1)
        await world.seat("c2", "ben", room)
        await world.pass_time(1)
        listed = world.rooms.directory.list_rooms(RoomQuery()).items[0]
        assert world.member(room, "ann").is_speaking
        assert len(listed.participants) == 2
        assert not any(p.is_speaking for p in listed.participants)


def test_a_message_of_another_version_is_ignored() -> None:
    bus = MemoryBus()
    online = OnlineUsers(bus, FakeLobbySink(), "me", lambda: 0.0, 1.0)
    bus.publish("lobby.online", {"node": "x", "count": 1})
    bus.publish("lobby.online", {"node": "x", "count": 1, "users": [{"nonsense": 1}]})
    assert online.view().count == 0


def test_online_is_sent_at_most_once_a_second_newest_first() -> None:
    sink = FakeLobbySink()
    online = OnlineUsers(MemoryBus(), sink, "me", lambda: 0.0, 1.0)
    for i in range(40):
        online.arrived(a_user(f"u{i}"))
        online.flush(100.0 + i * 0.1)
    assert 4 <= len(sink.events) <= 5
    online.flush(110.0)
    view = sink.of(Online)[-1]
    assert view.count == 40
    assert [u.id for u in view.users] == [f"u{i}" for i in range(39, 39 - SHOWN, -1)]


def test_a_user_with_two_connections_is_online_once_until_both_close() -> None:
    online = OnlineUsers(MemoryBus(), FakeLobbySink(), "me", lambda: 0.0, 1.0)
    online.arrived(a_user("ann"))
    online.arrived(a_user("ann"))
    assert online.view().count == 1
    online.departed("ann")
    assert online.view().count == 1
    online.departed("ann")
    online.departed("ann")
    assert online.view().count == 0


def test_nodes_are_counted_together_and_a_silent_node_is_dropped() -> None:
    bus, now = MemoryBus(), 100.0
    here, there = (
        OnlineUsers(bus, FakeLobbySink(), "here", lambda: now, 1.0),
        OnlineUsers(bus, FakeLobbySink(), "there", lambda: now, 1.0),
    )
    here.arrived(a_user("ann"))
    there.arrived(a_user("ben"))
    here.flush(100.0)
    there.flush(100.0)
    assert here.view().count == there.view().count == 2
    assert {u.id for u in here.view().users} == {"ann", "ben"}
    now = 140.0
    here.flush(now)
    assert here.view().count == 1
