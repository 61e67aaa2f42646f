"""People who hide their profile are counted everywhere and shown only to people in a room with them."""

from __future__ import annotations

from dataclasses import replace

from server.cluster import MemoryBus
from server.protocol.lobby import Online
from server.protocol.rest import RoomQuery
from server.rooms.lobby import OnlineUsers
from tests.fakes.rooms_world import FakeLobbySink, World, a_user


def _hide(world: World, user_id: str) -> None:
    world.users.users[user_id] = a_user(
        user_id, is_hidden=True, country="VN", level="B1", native_language="vi"
    )


async def test_lists_of_rooms_count_hidden_people_and_do_not_show_them() -> None:
    async with World() as world:
        _hide(world, "ann")
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.pass_time(1)
        (listed,) = world.rooms.directory.list_rooms(RoomQuery()).items
        assert (listed.participant_count, listed.seat_count) == (2, 2)
        assert [person.name for person in listed.participants] == ["Ben"]


async def test_only_people_in_the_room_see_who_hides_before_and_after_joining() -> None:
    async with World() as world:
        _hide(world, "ann")
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        for stranger in ("", "ben"):
            preview = world.rooms.directory.get_room(room, stranger)
            assert (preview.participants, preview.participant_count) == ([], 1)
        joined = await world.join("c2", "ben", room)
        seen = next(p for p in joined.room.participants if p.user_id == "ann")
        assert seen.is_hidden
        assert (seen.name, seen.country, seen.learning_level, seen.native_language) == (
            "Ann",
            None,
            None,
            None,
        )
        assert len(world.rooms.directory.get_room(room, "ben").participants) == 2


async def test_the_host_sees_no_facts_of_a_hidden_person_who_knocks() -> None:
    async with World() as world:
        _hide(world, "ben")
        room = await world.room("ann", knock_to_enter=True)
        await world.seat("c1", "ann", room)
        await world.knock("c2", "ben", room)
        (waiting,) = (await world.act("c1", "sync")).knocks
        assert (waiting.name, waiting.country, waiting.learning_level) == ("Ben", None, None)


def test_people_online_are_counted_and_those_who_hide_not_shown() -> None:
    now, sink, ann = 100.0, FakeLobbySink(), a_user("ann")
    online = OnlineUsers(MemoryBus(), sink, "me", lambda: now, 1.0)
    online.arrived(ann)
    online.arrived(a_user("ben", is_hidden=True))
    online.flush(now)
    shown = sink.of(Online)[-1]
    assert (shown.count, [user.id for user in shown.users]) == (2, ["ann"])
    online.user_changed(replace(ann, is_hidden=True))
    online.flush(now + 2)
    assert sink.of(Online)[-1].users == []
