from __future__ import annotations

import asyncio
import hashlib

import pytest

from server.errors import (
    AlreadyJoined,
    InviteInvalid,
    NotJoined,
    RoomFull,
    RoomLocked,
    RoomNotFound,
    Unavailable,
    UserNotFound,
)
from server.protocol.entities import Connection, RoomType
from server.protocol.rooms import (
    Join,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    Removed,
    RemovedReason,
    RoomUpdated,
    Slots,
)
from server.rooms.membership import Joiner
from tests.fakes.rooms_world import World


async def test_everyone_starts_muted_and_connecting() -> None:
    async with World() as world:
        room = await world.room("ann")
        joined = await world.join("c1", "ann", room)
        (me,) = joined.room.participants
        assert (me.is_muted, me.connection) == (True, Connection.CONNECTING)
        assert world.media.muted[me.id] is True


async def test_the_seat_is_stored_before_the_join_is_answered_and_only_a_digest_of_its_token() -> None:
    async with World() as world:
        room = await world.room("ann")
        joined = await world.join("c1", "ann", room)
        seat = world.stored_seat(joined.participant_id)
        assert seat.resume_digest == hashlib.sha256(joined.resume_token.encode()).hexdigest()


async def test_others_learn_of_a_join_and_their_slots_change() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.sink.forget()
        ben = await world.seat("c2", "ben", room)
        assert [e.participant.id for e in world.sink.of("c1", ParticipantJoined)] == [ben]
        assert world.sink.of("c1", Slots)[-1].slots[0].participant_id == ben
        assert world.sink.of("c2", ParticipantJoined) == []


async def test_the_answer_holds_all_that_happened_so_far() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        joined = await world.join("c2", "ben", room)
        assert joined.seq == 0
        assert joined.slots[0].participant_id == ann
        assert world.media.slots[joined.participant_id] == tuple(s.participant_id for s in joined.slots)
        assert [p.user_id for p in joined.room.participants] == ["ann", "ben"]


async def test_the_thirteenth_is_refused_and_held_seats_count() -> None:
    async with World() as world:
        room = await world.room("u0")
        for i in range(12):
            await world.seat(f"c{i}", f"u{i}", room)
        await world.lose("c3")
        with pytest.raises(RoomFull):
            await world.join("c13", "u13", room)
        assert "u13" not in [p.user_id for p in world.view(room).participants]
        assert len(world.media.peers) == 12


async def test_a_resume_token_opens_a_full_and_locked_room() -> None:
    async with World() as world:
        room = await world.room("ann", max_participants=2)
        await world.seat("c1", "ann", room)
        ben = await world.join("c2", "ben", room)
        await world.act("c1", "set_locked", locked=True)
        await world.lose("c2")
        assert world.member(room, "ben").connection is Connection.DISCONNECTED
        again = await world.join("c3", "ben", room, resume_token=ben.resume_token)
        assert again.participant_id == ben.participant_id
        assert again.resume_token != ben.resume_token


async def test_a_wrong_token_is_ignored() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.join("c1", "ann", room)
        joined = await world.join("c2", "ben", room, resume_token=ann.resume_token)
        assert joined.participant_id != ann.participant_id


async def test_a_person_who_returns_gets_the_same_slots() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        ben = await world.seat("c2", "ben", room)
        back = await world.join("c3", "ann", room)
        assert back.slots[0].participant_id == ben
        assert world.media.slots[back.participant_id] == tuple(s.participant_id for s in back.slots)


async def test_joining_elsewhere_moves_the_seat_and_notifies_the_old_connection() -> None:
    async with World() as world:
        room = await world.room("ann")
        first = await world.seat("c1", "ann", room)
        second = await world.seat("c2", "ann", room)
        assert first == second
        assert world.sink.of("c1", Removed) == [Removed(reason=RemovedReason.JOINED_ELSEWHERE)]
        with pytest.raises(NotJoined):
            await world.act("c1", "set_muted", muted=False)
        await world.lose("c1")
        assert world.member(room, "ann").connection is Connection.CONNECTED


async def test_an_old_connection_that_closes_while_the_new_one_joins_does_not_hold_the_seat() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.media.opening = asyncio.Event()
        joining = asyncio.create_task(world.join("c2", "ann", room))
        for _ in range(10):
            await asyncio.sleep(0)
        assert world.media.waiting == 1
        world.rooms.membership.connection_lost("c1")
        world.media.opening.set()
        await joining
        await world.settle()
        assert world.member(room, "ann").connection is Connection.CONNECTING
        await world.act("c2", "sync")


async def test_the_same_connection_may_join_again_but_not_another_room() -> None:
    async with World() as world:
        room, other = await world.room("ann"), await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c1", "ann", room)
        assert world.sink.of("c1", Removed) == []
        with pytest.raises(AlreadyJoined):
            await world.join("c1", "ann", other)


async def test_a_locked_room_refuses_new_people() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.act("c1", "set_locked", locked=True)
        with pytest.raises(RoomLocked):
            await world.join("c2", "ben", room)


async def test_a_private_room_requires_its_invite_except_from_its_host() -> None:
    async with World() as world:
        created = await world.create("ann", type=RoomType.PRIVATE)
        room = created.id
        await world.seat("c1", "ann", room)
        for wrong in (None, "x" * 24):
            with pytest.raises(InviteInvalid):
                await world.join("c2", "ben", room, invite=wrong)
        await world.seat("c2", "ben", room, invite=created.invite)


async def test_an_ai_room_has_one_seat_for_a_person() -> None:
    async with World() as world:
        room = await world.room("ann", type=RoomType.AI)
        joined = await world.join("c1", "ann", room)
        assert len(joined.slots) == 1
        with pytest.raises(RoomFull):
            await world.join("c2", "ben", room)


async def test_joining_an_unknown_room_or_as_an_unknown_user_fails() -> None:
    async with World() as world:
        room = await world.room("ann")
        with pytest.raises(RoomNotFound):
            await world.join("c1", "ann", "nowhere")
        with pytest.raises(UserNotFound):
            await world.rooms.membership.join(Joiner("c1", "nobody"), Join(room_id=room))


async def test_a_join_that_cannot_be_stored_or_connected_leaves_no_trace() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.sink.forget()
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.join("c2", "ben", room)
        world.store.is_down, world.media.is_down = False, True
        with pytest.raises(Unavailable):
            await world.join("c2", "ben", room)
        assert [p.user_id for p in world.view(room).participants] == ["ann"]
        assert len(world.media.peers) == len(world.store.seats) == 1
        assert world.sink.events["c1"] == []


async def test_concurrent_joins_do_not_exceed_the_capacity() -> None:
    async with World() as world:
        room = await world.room("u0", max_participants=4)
        outcomes = await asyncio.gather(
            *(world.join(f"c{i}", f"u{i}", room) for i in range(20)), return_exceptions=True
        )
        assert sum(isinstance(o, RoomFull) for o in outcomes) == 16
        assert len(world.view(room).participants) == 4


async def test_a_slow_store_stalls_no_other_room_and_no_speaking() -> None:
    async with World() as world:
        slow, quick = await world.room("ann"), await world.room("ben")
        ann = await world.seat("c1", "ann", slow)
        await world.act("c1", "set_muted", muted=False)
        world.store.gates[slow] = asyncio.Event()
        stuck = asyncio.create_task(world.join("c9", "cat", slow))
        await asyncio.wait_for(world.join("c2", "ben", quick), 5)
        world.rooms.media_events.speaking(ann, True, -30)
        assert world.member(slow, "ann").is_speaking
        world.store.gates[slow].set()
        await stuck


async def test_muting_does_not_wait_for_a_slow_store() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        world.store.gates[room] = asyncio.Event()
        muting = asyncio.create_task(world.act("c1", "set_muted", muted=True))
        await asyncio.sleep(0)
        assert world.media.muted[ann] is True
        world.store.gates[room].set()
        await muting


async def test_leaving_frees_the_seat_and_the_longest_present_person_hosts() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.seat("c3", "cat", room)
        await world.act("c1", "leave")
        assert [e.participant_id for e in world.sink.of("c2", ParticipantLeft)] == [ann]
        assert world.sink.of("c3", RoomUpdated)[-1].room.host_id == "ben"
        assert world.store.rooms[room].host_id == "ben"
        assert ann not in world.media.peers
        assert len(world.store.seats) == 2


async def test_a_host_whose_seat_is_held_stays_host_until_it_is_given_up() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.lose("c1")
        await world.pass_time(29)
        assert world.view(room).host_id == "ann"
        await world.pass_time(2)
        assert world.view(room).host_id == "ben"


async def test_a_creator_who_joins_second_is_still_host() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c2", "ben", room)
        await world.pass_time(5)
        await world.seat("c1", "ann", room)
        assert world.view(room).host_id == "ann"


async def test_a_room_whose_creator_never_joins_gets_another_host() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c2", "ben", room)
        await world.pass_time(31)
        assert world.view(room).host_id == "ben"


async def test_others_are_notified_of_a_returning_member() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        await world.seat("c2", "ben", room)
        await world.lose("c1")
        await world.seat("c3", "ann", room)
        shown = [e.participant.connection for e in world.sink.of("c2", ParticipantUpdated)]
        assert shown[-3:] == [Connection.DISCONNECTED, Connection.CONNECTING, Connection.CONNECTED]


async def test_sync_gives_the_same_state_as_a_join() -> None:
    async with World() as world:
        room = await world.room("ann")
        joined = await world.join("c1", "ann", room)
        synced = await world.act("c1", "sync")
        assert dict(synced).items() <= dict(joined).items()
        with pytest.raises(NotJoined):
            await world.act("c2", "sync")


async def test_the_time_from_join_to_media_is_measured_once() -> None:
    async with World() as world:
        room = await world.room("ann")
        joined = await world.join("c1", "ann", room)
        world.now += 0.15
        for state in ("connected", "disconnected", "connected"):
            world.rooms.media_events.media_state(joined.participant_id, state)
        await world.settle()
        assert world.joins == [pytest.approx(0.15)]
