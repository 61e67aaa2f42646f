"""Rooms whose host lets people in one by one."""

from __future__ import annotations

import pytest

from server.errors import (
    Conflict,
    InviteInvalid,
    KnockDeclined,
    KnockQueueFull,
    KnockRequired,
    NotHost,
    ParticipantNotFound,
    RoomFull,
    RoomLocked,
)
from server.protocol.rest import Admission
from server.protocol.rooms import (
    ClosedReason,
    KnockAnswered,
    Knocks,
    KnockUpdated,
    Removed,
    RemovedReason,
    RoomClosed,
    RoomUpdated,
)
from server.rooms.knocks import DECLINED_FOR_S, KNOCK_TTL_S, LINGER_S, MAX_WAITING
from server.rooms.model import Origin
from tests.fakes.rooms_world import World


async def _room(world: World, **draft: object) -> str:
    """Ann hosts a room to knock at, and is in it."""
    room = await world.room("ann", knock_to_enter=True, **draft)
    await world.seat("c1", "ann", room)
    return room


def _waiting(world: World, connection_id: str = "c1") -> list[str]:
    """The names that the host was shown last."""
    return [k.name for k in world.sink.of(connection_id, Knocks)[-1].knocks]


def _knock_id(world: World, connection_id: str = "c1") -> str:
    return world.sink.of(connection_id, Knocks)[-1].knocks[0].id


def _answers(world: World, connection_id: str) -> list[str]:
    return [event.answer.value for event in world.sink.of(connection_id, KnockAnswered)]


async def test_an_admitted_person_joins_and_need_not_knock_again_even_after_a_crash() -> None:
    async with World() as world:
        room = await _room(world)
        with pytest.raises(KnockRequired):
            await world.join("c2", "ben", room)
        knocking = await world.knock("c2", "ben", room)
        assert (knocking.can_be_answered, knocking.expires_in) == (True, KNOCK_TTL_S)
        assert _waiting(world) == ["Ben"]
        await world.act("c1", "answer_knock", knock_id=_knock_id(world), admitted=True)
        assert (_answers(world, "c2"), _waiting(world)) == (["admitted"], [])
        await world.join("c2", "ben", room)
        await world.act("c2", "leave")
        await world.crash()
        await world.join("c2", "ben", room)


async def test_a_declined_person_waits_before_they_knock_again_and_so_does_their_browser() -> None:
    async with World() as world:
        room, browser = await _room(world), Origin(device="d")
        await world.knock("c2", "ben", room, origin=browser)
        await world.act("c1", "answer_knock", knock_id=_knock_id(world), admitted=False)
        assert (_answers(world, "c2"), _waiting(world)) == (["declined"], [])
        for user_id, origin in (("ben", Origin()), ("ben2", browser)):
            with pytest.raises(KnockDeclined) as refusal:
                await world.knock("c3", user_id, room, origin=origin)
            assert refusal.value.extra == {"retryAfter": DECLINED_FOR_S}
        await world.knock("c4", "cem", room)
        await world.pass_time(DECLINED_FOR_S)
        await world.knock("c3", "ben", room, origin=browser)


async def test_an_unanswered_knock_expires() -> None:
    async with World() as world:
        room = await _room(world)
        await world.knock("c2", "ben", room)
        await world.pass_time(KNOCK_TTL_S - 1)
        assert _answers(world, "c2") == []
        await world.pass_time(1)
        assert (_answers(world, "c2"), _waiting(world)) == (["expired"], [])


async def test_a_withdrawn_knock_leaves_the_list() -> None:
    async with World() as world:
        room = await _room(world)
        await world.knock("c2", "ben", room)
        knock_id = _knock_id(world)
        await world.act("c2", "withdraw_knock")
        assert _waiting(world) == []
        await world.act("c2", "withdraw_knock")
        with pytest.raises(ParticipantNotFound):
            await world.act("c1", "answer_knock", knock_id=knock_id, admitted=True)


async def test_a_lost_connection_keeps_the_place_for_a_moment() -> None:
    async with World() as world:
        room = await _room(world)
        await world.knock("c2", "ben", room)
        await world.knock("c3", "cem", room)
        await world.lose("c2")
        await world.pass_time(LINGER_S - 1)
        shown = len(world.sink.of("c1", Knocks))
        knocking = await world.knock("c9", "ben", room)
        assert knocking.expires_in == KNOCK_TTL_S - LINGER_S + 1
        await world.pass_time(LINGER_S)
        assert (len(world.sink.of("c1", Knocks)), _waiting(world)) == (shown, ["Ben", "Cem"])
        await world.lose("c9")
        await world.pass_time(LINGER_S)
        assert _waiting(world) == ["Cem"]


async def test_the_heir_sees_who_waits_and_people_at_the_door_learn_whether_anybody_can_answer() -> None:
    async with World() as world:
        room = await _room(world)
        await world.act("c1", "set_knock", knock_to_enter=False)
        await world.seat("c2", "ben", room)
        await world.act("c1", "set_knock", knock_to_enter=True)
        await world.knock("c3", "cem", room)
        assert world.sink.of("c2", Knocks) == []
        await world.lose("c1")
        assert [e.can_be_answered for e in world.sink.of("c3", KnockUpdated)] == [False]
        await world.pass_time(world.settings.seat_grace_s)
        assert world.view(room).host_id == "ben"
        assert _waiting(world, "c2") == ["Cem"]
        assert [e.can_be_answered for e in world.sink.of("c3", KnockUpdated)] == [False, True]
        assert [k.name for k in (await world.join("c1", "ann", room)).knocks] == []
        assert [k.name for k in (await world.join("c2", "ben", room)).knocks] == ["Cem"]


async def test_a_host_who_hands_over_no_longer_sees_who_waits() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        await world.act("c1", "set_knock", knock_to_enter=True)
        await world.knock("c3", "cem", room)
        await world.act("c1", "transfer_host", participant_id=ben)
        assert (_waiting(world, "c1"), _waiting(world, "c2")) == ([], ["Cem"])
        with pytest.raises(NotHost):
            await world.act("c1", "answer_knock", knock_id=_knock_id(world, "c2"), admitted=True)


async def test_the_creator_of_an_empty_room_gets_in_and_finds_who_waits() -> None:
    async with World() as world:
        room = await world.room("ann", knock_to_enter=True)
        assert not (await world.knock("c2", "ben", room)).can_be_answered
        joined = await world.join("c1", "ann", room)
        assert [k.name for k in joined.knocks] == ["Ben"]
        assert world.sink.of("c2", KnockUpdated)[-1].can_be_answered


async def test_a_creator_whose_room_has_another_host_by_now_gets_in_without_knocking() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.act("c1", "leave")
        await world.act("c2", "set_knock", knock_to_enter=True)
        await world.join("c1", "ann", room)


async def test_people_who_were_inside_when_knocking_began_need_not_knock_when_they_come_back() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.act("c1", "set_knock", knock_to_enter=True)
        await world.act("c2", "leave")
        assert world.rooms.directory.get_room(room, "ben").admission is Admission.OPEN
        assert world.rooms.directory.get_room(room, "cem").admission is Admission.KNOCK
        await world.join("c2", "ben", room)


async def test_people_at_the_door_are_let_in_when_knocking_ends() -> None:
    async with World() as world:
        room = await _room(world)
        await world.knock("c2", "ben", room)
        await world.act("c1", "set_knock", knock_to_enter=False)
        assert (_answers(world, "c2"), _waiting(world)) == (["admitted"], [])
        assert not world.sink.of("c1", RoomUpdated)[-1].room.knock_to_enter
        await world.join("c2", "ben", room)


async def test_somebody_who_need_not_knock_is_admitted_at_once_after_the_ack() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.knock("c2", "ben", room)
        assert world.sink.marked[-1] == "c2"
        assert (_answers(world, "c2"), world.sink.of("c1", Knocks)) == (["admitted"], [])


async def test_a_full_a_locked_and_a_private_room_are_said_to_be_so_before_a_knock() -> None:
    async with World() as world:
        full = await _room(world, max_participants=2)
        await world.knock("c2", "ben", full)
        await world.knock("c3", "cem", full)
        first, second = (k.id for k in world.sink.of("c1", Knocks)[-1].knocks)
        await world.act("c1", "answer_knock", knock_id=first, admitted=True)
        await world.join("c2", "ben", full)
        with pytest.raises(RoomFull):
            await world.act("c1", "answer_knock", knock_id=second, admitted=True)
        assert _waiting(world) == ["Cem"]
        with pytest.raises(RoomFull):
            await world.knock("c4", "dan", full)
        await world.act("c2", "leave")
        await world.act("c1", "set_locked", locked=True)
        with pytest.raises(RoomLocked):
            await world.knock("c4", "dan", full)
        private = await world.room("eve", type="private", knock_to_enter=True)
        with pytest.raises(InviteInvalid):
            await world.knock("c4", "dan", private)


async def test_the_queue_is_bounded_and_has_one_knock_a_person() -> None:
    async with World() as world:
        room = await _room(world)
        for number in range(MAX_WAITING):
            await world.knock(f"d{number}", f"u{number}", room)
        with pytest.raises(KnockQueueFull):
            await world.knock("c2", "ben", room)
        await world.knock("again", "u0", room)
        assert len(_waiting(world)) == MAX_WAITING
        assert world.sink.of("d0", Removed) == [Removed(reason=RemovedReason.JOINED_ELSEWHERE)]
        await world.act("d0", "withdraw_knock")  # its knock has moved to the newer connection
        assert len(_waiting(world)) == MAX_WAITING


async def test_accounts_of_one_address_do_not_keep_others_from_the_door() -> None:
    async with World() as world:
        room, greedy = await _room(world), Origin(address="greedy")
        for number in range(MAX_WAITING):
            await world.knock(f"d{number}", f"u{number}", room, origin=greedy)
        with pytest.raises(KnockQueueFull):
            await world.knock("more", "u99", room, origin=greedy)
        await world.knock("c2", "ben", room, origin=Origin(address="honest"))
        newest = MAX_WAITING - 1
        assert _answers(world, f"d{newest}") == ["expired"]
        assert _waiting(world) == [*(f"U{n}" for n in range(newest)), "Ben"]
        with pytest.raises(KnockQueueFull):
            await world.knock("again", f"u{newest}", room, origin=greedy)


async def test_addresses_share_a_full_door_equally() -> None:
    async with World() as world:
        room = await _room(world)
        for number in range(MAX_WAITING):
            await world.knock(f"d{number}", f"u{number}", room, origin=Origin(address="a"))
        for number in range(MAX_WAITING // 2):
            await world.knock(f"e{number}", f"v{number}", room, origin=Origin(address="b"))
        with pytest.raises(KnockQueueFull):
            await world.knock("one", "w", room, origin=Origin(address="b"))
        names = _waiting(world)
        assert [name[0] for name in names] == ["U"] * 10 + ["V"] * 10


async def test_a_connection_waits_at_one_door() -> None:
    async with World() as world:
        room, other = await _room(world), await world.room("eve", knock_to_enter=True)
        await world.knock("c2", "ben", room)
        with pytest.raises(Conflict):
            await world.knock("c2", "ben", other)


async def test_people_at_the_door_learn_that_the_room_has_closed() -> None:
    async with World() as world:
        room = await _room(world)
        await world.knock("c2", "ben", room)
        await world.act("c1", "close_room")
        assert world.sink.of("c2", RoomClosed) == [RoomClosed(reason=ClosedReason.CLOSED_BY_HOST)]
        await world.act("c2", "withdraw_knock")


async def test_only_the_host_decides_at_the_door() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.act("c1", "set_knock", knock_to_enter=True)
        await world.knock("c3", "cem", room)
        for event, payload in (
            ("set_knock", {"knock_to_enter": False}),
            ("answer_knock", {"knock_id": _knock_id(world), "admitted": True}),
        ):
            with pytest.raises(NotHost):
                await world.act("c2", event, **payload)
        assert _answers(world, "c3") == []


async def test_the_tutor_does_not_knock_and_a_room_with_it_has_no_door() -> None:
    async with World() as world:
        room = await world.create("ann", type="ai", knock_to_enter=True)
        assert not room.knock_to_enter
        await world.seat("c1", "ann", room.id)
        await world.act("c1", "set_knock", knock_to_enter=True)
        await world.tutor("t1", room.id)
