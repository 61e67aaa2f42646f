"""Rooms of events: people wait in front of them, and seats are held for those with a place."""

from __future__ import annotations

from typing import Any

import pytest

from server.errors import KnockRequired, RoomFull, RoomNotFound, TooManyRoomsFromNetwork
from server.protocol.rest import Admission
from server.protocol.rooms import KnockAnswered, Knocks, KnockUpdated
from server.rooms.knocks import MAX_WAITING
from server.rooms.model import Claim, EventSeats, Origin
from server.rooms.waiting import ALONE_S, HELD_S, WAIT_S
from tests.fakes.rooms_world import World, a_draft

ANN = Claim("ann")
BEFORE_S = 500.0
"""The rooms of these tests open so long before the start."""


async def _room(world: World, *reserved: str, seats: int = 4, claim: Claim = ANN, **event: Any) -> str:
    """Ann's event, with seats for her and for `reserved`. `claim`: of the person who opens it."""
    for user_id in ("ann", *reserved):
        world.user(user_id)
    starts_at = world.now + world.wall_step + BEFORE_S
    about = {"event_id": "e1", "occurrence_id": "o1", "host_id": "ann", "waiting_room": False}
    times = {"starts_at": starts_at, "ends_at": starts_at + 3_600, "opens_alone": True}
    given = {**about, **times, "reserved": ("ann", *reserved), **event}
    draft = a_draft(max_participants=seats)
    return await world.rooms.events.open(draft, EventSeats(**given), claim)


def _answers(world: World, connection_id: str) -> list[str]:
    return [event.answer.value for event in world.sink.of(connection_id, KnockAnswered)]


async def test_who_is_early_waits_with_a_position_and_comes_in_when_the_host_is_there_at_the_start() -> None:
    async with World() as world:
        room = await _room(world, "ben")
        with pytest.raises(KnockRequired):
            await world.join("c2", "ben", room)
        first = await world.knock("c2", "ben", room)
        second = await world.knock("c3", "cy", room)
        assert [(k.position, k.expires_in, k.can_be_answered) for k in (first, second)] == [
            (1, WAIT_S, False),
            (2, WAIT_S, False),
        ]
        await world.seat("c1", "ann", room)  # the host need not wait
        assert [k.name for k in world.sink.of("c1", Knocks)[-1].knocks] == ["Ben", "Cy"]
        await world.act("c2", "withdraw_knock")
        assert world.sink.of("c3", KnockUpdated)[-1].position == 1
        await world.pass_time(BEFORE_S - 1)
        assert _answers(world, "c3") == []
        await world.pass_time(1)
        assert _answers(world, "c3") == ["admitted"]
        await world.join("c3", "cy", room)
        await world.join("c4", "di", room)  # from now on nobody waits


async def test_the_host_lets_people_in_before_the_start_one_by_one_or_all() -> None:
    async with World() as world:
        room = await _room(world, seats=3)
        await world.seat("c1", "ann", room)
        for number in range(3):
            await world.knock(f"k{number}", f"user{number}", room)
        await world.act("c1", "admit_all")
        assert [_answers(world, f"k{number}") for number in range(3)] == [["admitted"], ["admitted"], []]
        await world.join("k0", "user0", room)
        assert world.sink.of("k2", KnockUpdated)[-1].position == 1


async def test_without_the_host_it_opens_five_minutes_after_the_start_if_it_may() -> None:
    async with World() as world:
        alone, closed = await _room(world), await _room(world, opens_alone=False)
        await world.knock("c2", "ben", alone)
        await world.knock("c3", "cy", closed)
        await world.pass_time(BEFORE_S + ALONE_S - 1)
        assert _answers(world, "c2") == []
        await world.pass_time(1)
        assert (_answers(world, "c2"), _answers(world, "c3")) == (["admitted"], [])
        await world.seat("c2", "ben", alone)
        await world.pass_time(60)
        assert world.view(alone).host_id == "ben"
        await world.seat("c1", "ann", alone)  # whose event it is
        assert world.view(alone).host_id == "ann"
        await world.seat("c4", "ann", closed)
        await world.pass_time(1)
        assert _answers(world, "c3") == ["admitted"]


async def test_in_a_waiting_room_the_host_lets_people_in_after_the_start_too() -> None:
    async with World() as world:
        room = await _room(world, "ben", waiting_room=True)
        await world.seat("c1", "ann", room)
        await world.pass_time(BEFORE_S + ALONE_S)
        await world.knock("c2", "ben", room)
        await world.pass_time(1)
        assert _answers(world, "c2") == []
        knock = world.sink.of("c1", Knocks)[-1].knocks[0]
        await world.act("c1", "answer_knock", knock_id=knock.id, admitted=True)
        await world.join("c2", "ben", room)


async def test_seats_are_held_for_five_minutes_and_then_for_nobody() -> None:
    async with World() as world:
        room = await _room(world, "ben", seats=3)
        await world.seat("c1", "ann", room)
        await world.pass_time(BEFORE_S)
        await world.seat("c3", "cy", room)
        with pytest.raises(RoomFull):
            await world.join("c4", "di", room)
        assert world.rooms.directory.get_room(room, "di").admission is Admission.FULL
        assert world.rooms.directory.get_room(room, "ben").admission is Admission.OPEN
        await world.pass_time(HELD_S)
        await world.join("c4", "di", room)
        with pytest.raises(RoomFull):
            await world.join("c2", "ben", room)


async def test_places_that_change_while_the_room_is_open_are_held() -> None:
    async with World() as world:
        room = await _room(world, "ben", seats=3)
        world.rooms.events.reserve(room, ["ann", "di"])
        await world.settle()
        await world.seat("c1", "ann", room)
        await world.pass_time(BEFORE_S)
        await world.seat("c3", "cy", room)
        with pytest.raises(RoomFull):
            await world.join("c2", "ben", room)
        await world.join("c4", "di", room)


async def test_somebody_with_a_place_always_finds_room_in_the_queue() -> None:
    async with World() as world:
        room = await _room(world, "ben")
        for number in range(MAX_WAITING):
            await world.knock(f"k{number}", f"user{number}", room, origin=Origin(address=f"a{number}"))
        await world.knock("c2", "ben", room)
        late = await world.knock("k0", "user0", room, origin=Origin(address="a0"))
        assert late.position == 1
        assert [_answers(world, f"k{number}") for number in range(MAX_WAITING)] == [[]] * MAX_WAITING


async def test_it_survives_a_crash_and_closes_only_when_nobody_waits() -> None:
    async with World() as world:
        room = await _room(world, "ben", "cy", seats=3)
        await world.crash()
        await world.knock("c2", "ben", room)
        await world.pass_time(world.settings.empty_room_ttl_s + 1)
        assert world.view(room).event is not None
        with pytest.raises(RoomFull):
            await world.knock("c4", "di", room)
        await world.act("c2", "withdraw_knock")
        await world.pass_time(1)
        with pytest.raises(RoomNotFound):
            world.view(room)


async def test_a_room_that_another_one_replaced_is_discarded() -> None:
    async with World() as world:
        room = await _room(world)
        await world.rooms.events.discard(room)
        await world.rooms.events.discard("unknown")
        with pytest.raises(RoomNotFound):
            world.view(room)


async def test_rooms_of_events_count_to_the_address_that_opens_them_and_not_to_what_a_host_may_open() -> None:
    async with World(max_rooms_per_address=3, max_rooms_per_user=1) as world:
        for number in range(3):
            await _room(world, claim=Claim(f"eve{number}", "a"))
        with pytest.raises(TooManyRoomsFromNetwork):
            await _room(world, claim=Claim("eve3", "a"))
        world.user("ben")
        with pytest.raises(TooManyRoomsFromNetwork):
            await world.rooms.directory.create_room("ben", a_draft(), Origin(address="a"))
        await _room(world, claim=Claim("ben", "b"))
