"""Steps of the wall clock (NTP, an operator, a resumed machine): durations do not follow them."""

from __future__ import annotations

import pytest

from server.protocol.rooms import LeftReason, ParticipantLeft, RoomClosed
from server.rooms.room import Room
from tests.fakes.rooms_world import World

STEPS = pytest.mark.parametrize("step", [60.0, 86_400.0, -55.0, -86_400.0])


@STEPS
async def test_a_held_seat_lasts_as_long_as_its_grace_period(step: float) -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        await world.lose("c2")
        await world.pass_time(1)
        world.wall_step += step
        await world.pass_time(28)
        assert len(world.view(room).participants) == 2
        await world.pass_time(2)
        left = world.sink.of("c1", ParticipantLeft)
        assert [(e.participant_id, e.reason) for e in left] == [(ben, LeftReason.TIMED_OUT)]


@STEPS
async def test_an_empty_room_lasts_as_long_as_its_time(step: float) -> None:
    async with World(empty_room_ttl_s=300) as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.act("c1", "leave")
        world.wall_step += step
        await world.pass_time(290)
        assert world.open_rooms.find(room) is not None
        await world.pass_time(11)
        assert world.open_rooms.find(room) is None
        assert world.sink.of("c1", RoomClosed) == []


@STEPS
async def test_the_room_waits_for_its_host_as_long_as_before(step: float) -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c2", "ben", room)
        world.wall_step += step
        await world.pass_time(28)
        assert world.view(room).host_id == "ann"
        await world.pass_time(3)
        assert world.view(room).host_id == "ben"


@STEPS
async def test_seats_are_restored_after_a_step_during_the_restart(step: float) -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.wall_step += step
        await world.crash()
        await world.pass_time(29)
        assert len(world.view(room).participants) == 1
        await world.pass_time(2)
        assert world.view(room).participants == []


@STEPS
async def test_a_tutor_comes_after_five_seconds_to_a_person_without_media(step: float) -> None:
    async with World() as world:
        room = await world.room("ann", type="ai")
        await world.join("c1", "ann", room)
        world.wall_step += step
        await world.pass_time(4.5)
        assert world.tutors.specs == {}
        await world.pass_time(1)
        assert list(world.tutors.specs) == [room]


async def test_what_is_stored_and_shown_is_wall_time() -> None:
    async with World() as world:
        world.wall_step = 500_000.0
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        assert world.stored_seat(ann).joined_at == world.now + 500_000
        assert world.view(room).created_at.timestamp() == world.now + 500_000
        assert (await world.act("c1", "ping")).time == int((world.now + 500_000) * 1000)


async def test_people_keep_their_order_after_the_wall_clock_was_set_back() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.wall_step -= 3600
        await world.seat("c2", "ben", room)
        await world.seat("c3", "cem", room)
        people = world.view(room).participants
        assert [p.user_id for p in sorted(people, key=lambda p: p.joined_at)] == ["ann", "ben", "cem"]
        await world.crash()
        restored: Room = world.open_rooms.get(room).room
        assert [m.user.id for m in restored.people] == ["ann", "ben", "cem"]
