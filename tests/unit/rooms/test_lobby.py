from __future__ import annotations

import json

from server.cluster import MemoryBus
from server.protocol.entities import RoomType
from server.protocol.lobby import Online, RoomChanged
from server.protocol.rest import RoomQuery
from server.rooms.lobby import ROOMS_TOPIC, SHOWN, Lobby, OnlineUsers
from server.rooms.model import RoomInfo
from server.rooms.room import Room
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


async def test_what_the_list_does_not_show_is_not_published() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.pass_time(1)
        published = list[object]()
        world.bus.subscribe(ROOMS_TOPIC, published.append)
        for muted in (False, True, False):
            await world.act("c1", "set_muted", muted=muted)
            await world.pass_time(1)
        world.rooms.media_events.speaking(ann, True, -10)
        await world.pass_time(1)
        assert published == []
        await world.seat("c2", "ben", room)
        await world.pass_time(1)
        assert len(published) == 1


async def test_a_full_room_is_listed_with_three_faces_in_a_bounded_size() -> None:
    async with World() as world:
        room = await world.room(
            "ann", name="N" * 60, topic="t" * 140, tags=["x" * 23 + str(i) for i in range(5)]
        )
        for i in range(12):
            world.users.users[f"u{i}"] = a_user(f"u{i}", name=f"Somebody with a name of forty letters {i:2}")
            await world.seat(f"c{i}", f"u{i}", room)
        await world.pass_time(1)
        listed = world.rooms.directory.list_rooms(RoomQuery()).items[0]
        assert (listed.participant_count, listed.seat_count) == (12, 12)
        assert [p.id for p in listed.participants] == [p.id for p in world.view(room).participants[:3]]
        assert len(json.dumps(listed.wire())) < 1_250
        assert len(json.dumps(world.view(room).wire())) > 4_600


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


class Node:
    """A node's lobby on a bus that others share, with rooms of its own."""

    def __init__(self, bus: MemoryBus, name: str) -> None:
        self.sink = FakeLobbySink()
        self.epochs: dict[str, int] = {}
        self.lobby = Lobby(bus, self.sink, 0.2, name, lambda room_id: self.epochs.get(room_id, 0))

    def open(self, room_id: str, now: float, *, topic: str = "") -> Room:
        info = RoomInfo(
            id=room_id,
            name=room_id,
            topic=topic,
            level="B1",
            type=RoomType.PUBLIC,
            language="en",
            max_participants=4,
            tags=(),
            host_id="ann",
            created_at=0.0,
            knock_to_enter=False,
            invite="",
            tutor=None,
        )
        room = Room.opened(info, now, 30.0)
        self.lobby.changed(room, now)
        return room

    @property
    def listed(self) -> dict[str, str]:
        return {listed.room.id: listed.room.topic for listed in self.lobby.rooms}


def test_a_node_that_starts_late_lists_the_rooms_of_all() -> None:
    bus = MemoryBus()
    one = Node(bus, "n1")
    one.open("r1", 0.0)
    late = Node(bus, "n2")
    assert late.listed == {}
    bus.publish("bus.hello", {"node": "n2"})
    one.lobby.flush(1.0)
    assert late.listed == {"r1": ""}
    assert late.sink.names() == ["room_added"]
    one.lobby.flush(1.2)
    assert late.sink.names() == ["room_added"]


def test_rooms_that_came_while_a_node_was_starting_are_kept() -> None:
    bus = MemoryBus()
    one, late = Node(bus, "n1"), Node(bus, "n2")
    one.open("r1", 5_000.0)
    late.lobby.flush(5_001.0)
    assert late.listed == {"r1": ""}
    late.lobby.flush(5_032.0)
    assert late.listed == {}


def test_a_message_that_was_lost_is_asked_for_and_a_room_that_is_gone_is_dropped() -> None:
    bus = MemoryBus()
    one, two = Node(bus, "n1"), Node(bus, "n2")
    one.open("r1", 0.0)
    two.lobby._rooms.clear()
    one.lobby.flush(20.0)  # the ids of all its rooms
    two.lobby.flush(20.2)  # a hello
    one.lobby.flush(20.4)
    assert two.listed == {"r1": ""}
    del one.lobby._own["r1"]
    one.lobby.flush(40.0)
    assert two.listed == {}


def test_rooms_of_a_node_that_was_silent_for_long_are_dropped_unless_another_has_them() -> None:
    bus = MemoryBus()
    one, two, three = Node(bus, "n1"), Node(bus, "n2"), Node(bus, "n3")
    for room_id in ("r1", "r2"):
        one.open(room_id, 0.0)
    for each in (one, two, three):
        each.lobby.flush(1.0)
    three.open("r2", 2.0, topic="taken over")
    one.lobby.close()
    for now in range(10, 50, 10):
        two.lobby.flush(float(now))
        three.lobby.flush(float(now))
    assert two.listed == three.listed == {"r2": "taken over"}


def test_a_node_that_has_lost_a_room_neither_changes_nor_removes_the_entry_of_its_owner() -> None:
    bus = MemoryBus()
    zombie, owner, watcher = Node(bus, "n1"), Node(bus, "n2"), Node(bus, "n3")
    zombie.open("r1", 0.0, topic="old")
    owner.open("r1", 1.0, topic="new")
    zombie.lobby.flush(2.0)  # it does not know yet, and repeats its own
    owner.lobby.flush(2.1)  # as does the owner
    zombie.lobby.gone("r1")
    assert watcher.listed == {"r1": "new"}
    assert owner.listed == {"r1": "new"}


def test_nothing_that_a_node_publishes_of_a_room_changes_the_list_once_another_has_claimed_it() -> None:
    bus = MemoryBus()
    zombie, owner, watcher = Node(bus, "n1"), Node(bus, "n2"), Node(bus, "n3")
    zombie.epochs["r1"] = 1
    room = zombie.open("r1", 0.0, topic="old")
    owner.epochs["r1"] = 2
    owner.open("r1", 1.0, topic="new")
    assert zombie.listed == {"r1": "new"}  # it lists the owner's, although it has not found out
    zombie.lobby.changed(room, 2.0)
    assert [node.listed for node in (zombie, owner, watcher)] == [{"r1": "new"}] * 3
    zombie.lobby.gone("r1")
    for now in (3.0, 20.0, 20.3):
        for node in (zombie, owner, watcher):
            node.lobby.flush(now)
    assert [node.listed for node in (zombie, owner, watcher)] == [{"r1": "new"}] * 3
    assert watcher.sink.names() == ["room_added", "room_updated"]


def test_a_room_that_comes_back_to_a_node_is_listed_as_its_own() -> None:
    bus = MemoryBus()
    first, second = Node(bus, "n1"), Node(bus, "n2")
    first.epochs["r1"] = 1
    first.open("r1", 0.0)
    second.epochs["r1"] = 2
    second.open("r1", 1.0)
    first.lobby.gone("r1")
    first.epochs["r1"] = 3
    first.open("r1", 2.0, topic="back")
    second.lobby.gone("r1")
    assert first.listed == second.listed == {"r1": "back"}


def test_rooms_of_a_node_that_ended_before_it_repeated_them_are_dropped() -> None:
    bus = MemoryBus()
    short, other = Node(bus, "n1"), Node(bus, "n2")
    other.lobby.flush(1.0)
    short.open("r1", 1.0)
    short.lobby.close()
    other.lobby.flush(30.0)
    assert other.listed == {"r1": ""}
    other.lobby.flush(32.0)
    assert other.listed == {}
