"""Rooms that another server takes while their people talk on, seen from both servers, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from server.errors import KnockDeclined, RoomElsewhere, Unavailable
from server.protocol.agents import InputKind, TutorInput
from server.protocol.entities import RoomNode
from server.protocol.rooms import (
    ClosedReason,
    RoomClosed,
    RoomMoving,
    RoomSettled,
    ServerDraining,
)
from server.protocol.tutor import TutorState
from server.rooms.handoff import Handoff, SeatHandoff
from server.rooms.hands import raised
from server.rooms.tutor_state import set_tutor_state
from tests.fakes.rooms_world import World

TWO = RoomNode(node_id="two", url="/n/two")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.rooms.moves._TRY_AGAIN_S", 0.0)


class Other:
    """The other server's side of `give`: it takes every room, none, or those of which it is asked again. A
    refusal takes `takes_s` seconds."""

    def __init__(self, world: World, *, takes: bool = True, refusals: int = 0, takes_s: float = 1.0) -> None:
        self._world = world
        self._takes_s = takes_s
        self.refused = 0
        self._takes = takes
        self._refusals = refusals
        self.given: dict[str, Handoff] = {}

    async def __call__(self, room_id: str, handoff: Handoff) -> RoomNode:
        if not self._takes or self._refusals > 0:
            self._refusals -= 1
            self.refused += 1
            self._world.now += self._takes_s
            raise Unavailable
        self.given[room_id] = handoff
        self._world.store.owners[room_id] = "two"
        self._world.store.others.add("two")
        return TWO


@asynccontextmanager
async def handed_over(world: World, other: Other) -> AsyncIterator[asyncio.Task[None]]:
    """The server ends; inside, the rooms have the new owner and the clients are still here."""
    world.rooms.drain(hands_over=True)
    ending = asyncio.create_task(world.rooms.moves.hand_over(other))
    ids = list(world.sink.events)
    while not ending.done() and not any(world.sink.of(c, RoomMoving) for c in ids):  # noqa: ASYNC110 - virtual time moves on only so
        await asyncio.sleep(0)
    yield ending
    for connection_id in ids:
        world.rooms.connection_lost(connection_id)
    async with asyncio.timeout(5.0):
        await ending


async def test_people_stay_connected_to_the_old_server_until_they_have_left_it() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann, ben = await world.seat("c1", "ann", room), await world.seat("c2", "ben", room)
        other = Other(world)
        async with handed_over(world, other) as ending:
            assert world.sink.of("c1", RoomMoving) == [RoomMoving(node=TWO)]
            assert set(other.given[room].seats) == {ann, ben}
            assert {ann, ben} <= set(world.media.peers)
            world.rooms.connection_lost("c1")
            await asyncio.sleep(0)
            assert not ending.done()
            assert {ann, ben} <= set(world.media.peers)
        assert not world.sink.of("c1", RoomClosed)
        assert not world.sink.of("c1", ServerDraining)
        assert not {ann, ben} & set(world.media.peers)
        assert room in world.store.rooms
        assert (room, ann) in world.store.seats


async def test_what_was_not_stored_is_written_before_the_other_server_takes_the_room() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        world.store.is_down = True
        await world.act("c1", "set_muted", muted=True)
        world.store.is_down = False
        async with handed_over(world, Other(world)):
            assert world.store.seats[room, ann].is_muted
        assert world.tutors.flushes == 1


async def test_actions_are_refused_while_the_room_moves_and_a_mute_still_silences() -> None:
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.act("c1", "set_muted", muted=False)
        async with handed_over(world, Other(world)):
            for event, payload in (("set_hand", {"raised": True}), ("set_locked", {"locked": True})):
                with pytest.raises(Unavailable) as refusal:
                    await world.act("c1", event, **payload)
                assert refusal.value.problem()["retryAfter"] == 0.3
            assert not world.media.muted[ann]
            with pytest.raises(Unavailable):
                await world.act("c1", "set_muted", muted=True)
            assert world.media.muted[ann]
            with pytest.raises(Unavailable):
                await world.act("c1", "set_muted", muted=False)
            assert world.media.muted[ann]


async def test_a_room_that_was_handed_over_is_found_at_its_new_server() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        async with handed_over(world, Other(world)):
            with pytest.raises(RoomElsewhere):
                await world.open_rooms.look_up(room)


async def test_clients_that_do_not_follow_in_time_are_told_that_the_room_has_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("server.rooms.moves.LEAVE_WITHIN_S", 0.0)
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.rooms.drain(hands_over=True)
        await world.rooms.moves.hand_over(Other(world))
        assert [e.reason for e in world.sink.of("c1", RoomClosed)] == [ClosedReason.MOVED]


async def test_a_room_that_no_server_takes_stays_and_its_clients_learn_of_the_restart() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.rooms.drain(hands_over=True)
        await world.rooms.moves.hand_over(Other(world, takes=False))
        assert not world.sink.of("c1", RoomClosed)
        assert not world.sink.of("c1", RoomMoving)
        assert world.sink.of("c1", ServerDraining) == [ServerDraining()]
        assert world.open_rooms.find(room) is not None


async def test_a_room_is_kept_if_each_try_to_give_it_away_takes_long() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        world.rooms.drain(hands_over=True)
        busy = Other(world, takes=False)
        await world.rooms.moves.hand_over(busy)
        assert busy.refused == 2
        assert world.sink.of("c1", ServerDraining) == [ServerDraining()]


async def test_a_room_moves_to_a_server_that_takes_rooms_a_moment_later() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        other = Other(world, refusals=3, takes_s=0.4)
        async with handed_over(world, other):
            assert world.sink.of("c1", RoomMoving) == [RoomMoving(node=TWO)]
        assert set(other.given) == {room}
        assert not world.sink.of("c1", ServerDraining)


@pytest.mark.parametrize("claimed_by", ["claim_rooms", "claim_room"])
async def test_a_room_that_is_claimed_as_the_server_stops_moves_on(
    monkeypatch: pytest.MonkeyPatch, claimed_by: str
) -> None:
    """From a server that has ended, or from one that is about to."""
    monkeypatch.setattr("server.rooms.moves._LOOK_AGAIN_S", 0.0)
    async with World() as world:
        room = await world.room("ann")
        await goes_elsewhere(world, room)
        claim, may_claim = getattr(world.store, claimed_by), asyncio.Event()

        async def slow_claim(*given: Any) -> Any:
            await may_claim.wait()
            return await claim(*given)

        monkeypatch.setattr(world.store, claimed_by, slow_claim)
        if claimed_by == "claim_rooms":
            world.store.others.discard("two")
            claiming = asyncio.create_task(world.rooms.upkeep.keep_ownership())
        else:
            claiming = asyncio.create_task(world.rooms.upkeep.adopt(room, 1, Handoff()))
        for _ in range(5):
            await asyncio.sleep(0)
        world.rooms.drain(hands_over=True)
        other = Other(world)
        ending = asyncio.create_task(world.rooms.moves.hand_over(other))
        for _ in range(20):
            await asyncio.sleep(0)
        assert not ending.done()
        may_claim.set()
        await claiming
        await ending
        assert set(other.given) == {room}


async def test_a_server_that_stops_while_it_looks_for_lost_rooms_claims_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with World() as world:
        room = await world.room("ann")
        await goes_elsewhere(world, room)
        world.store.others.discard("two")
        find, may_find = world.rooms.upkeep.find_lost, asyncio.Event()

        async def slow_find() -> bool:
            await may_find.wait()
            return await find()

        monkeypatch.setattr(world.rooms.upkeep, "find_lost", slow_find)
        keeping = asyncio.create_task(world.rooms.upkeep.keep_ownership())
        await asyncio.sleep(0)
        world.rooms.drain(hands_over=True)
        may_find.set()
        await keeping
        assert world.open_rooms.find(room) is None
        assert world.store.owners[room] == "two"


async def test_a_room_moves_after_its_tutor_has_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.rooms.moves._LOOK_AGAIN_S", 0.0)
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        talk = world.open_rooms.get(room).room
        set_tutor_state(talk, TutorState.SPEAKING)
        other = Other(world)
        ending = asyncio.create_task(world.rooms.moves.hand_over(other))
        for _ in range(20):
            await asyncio.sleep(0)
        assert other.given == {}
        set_tutor_state(talk, TutorState.IDLE)
        while not other.given:  # noqa: ASYNC110 - until the next look
            await asyncio.sleep(0)
        world.rooms.connection_lost("c1")
        await ending


async def goes_elsewhere(world: World, room: str) -> None:
    """Another server has the room."""
    world.store.owners[room] = "two"
    world.store.others.add("two")
    await world.rooms.upkeep.keep_ownership()
    await world.pass_time(0.2)


async def arrives(world: World, room: str, seats: dict[str, SeatHandoff], **passed_on: Any) -> None:
    """The room belongs to another server, which is about to end, and comes from there to this one."""
    await goes_elsewhere(world, room)
    world.sink.forget()
    await world.rooms.upkeep.adopt(room, 1, Handoff(seats=seats, may_return={"chi": 60.0}, **passed_on))


async def test_the_new_server_lets_all_switch_once_all_are_connected() -> None:
    async with World() as world:
        room = await world.room("ann")
        ids = [await world.seat("c1", "ann", room), await world.seat("c2", "ben", room)]
        await arrives(world, room, {i: SeatHandoff() for i in ids})
        joined = await world.join("d1", "ann", room)
        assert joined.is_settling
        await world.join("d2", "ben", room)
        await world.connect(ids[0])
        await world.pass_time(0.5)
        assert world.sink.of("d1", RoomSettled) == []
        await world.connect(ids[1])
        await world.pass_time(0.01)
        assert world.sink.of("d1", RoomSettled) == []
        await world.pass_time(0.2)
        assert world.sink.of("d1", RoomSettled) == world.sink.of("d2", RoomSettled) == [RoomSettled()]
        await world.pass_time(5.0)
        assert len(world.sink.of("d1", RoomSettled)) == 1
        assert not (await world.join("d3", "ben", room)).is_settling


async def test_the_new_server_waits_no_longer_than_3_s_for_those_who_do_not_come() -> None:
    async with World() as world:
        room = await world.room("ann")
        ids = [await world.seat("c1", "ann", room), await world.seat("c2", "ben", room)]
        await arrives(world, room, {i: SeatHandoff() for i in ids})
        await world.join("d1", "ann", room)
        await world.connect(ids[0])
        await world.pass_time(2.9)
        assert world.sink.of("d1", RoomSettled) == []
        await world.pass_time(0.2)
        assert world.sink.of("d1", RoomSettled) == [RoomSettled()]
        assert ids[1] in world.open_rooms.get(room).room.members


async def test_what_people_set_for_themselves_moves_with_the_room() -> None:
    async with World() as world:
        room = await world.room("ann", max_participants=3)
        ann = await world.seat("c1", "ann", room)
        await world.seat("c2", "chi", room)
        await world.act("c1", "set_patience", patience=2.0)
        await world.act("c1", "set_later_feedback", wanted=True)
        await world.act("c1", "set_locked", locked=True)
        await world.act("c2", "leave")
        other = Other(world)
        async with handed_over(world, other):
            pass
        given = other.given[room]
        assert given == Handoff(
            seats={ann: SeatHandoff(patience=2.0, wants_feedback=True)}, may_return={"chi": 600.0}
        )
        assert Handoff.model_validate_json(given.model_dump_json()) == given
    async with World() as world:
        room = await world.room("ann")
        ann = await world.seat("c1", "ann", room)
        await world.act("c1", "set_locked", locked=True)
        await arrives(world, room, {ann: SeatHandoff(patience=2.0)})
        assert world.open_rooms.get(room).room.members[ann].patience == 2.0
        await world.join("d2", "chi", room)


async def test_words_that_the_tutor_has_not_answered_go_to_the_new_server() -> None:
    async with World() as world:
        room = await world.room("ann", type="ai")
        ann = await world.seat("c1", "ann", room)
        await world.pass_time(0.2)
        await world.act("c1", "say", text="I like tea.")
        await world.act("c1", "hold", speaking=True)
        other = Other(world)
        async with handed_over(world, other):
            pass
        (words,) = other.given[room].unanswered
        assert (words.participant_id, words.kind, words.text) == (ann, InputKind.SAY, "I like tea.")
        assert Handoff.model_validate(other.given[room].model_dump()) == other.given[room]


async def test_words_typed_before_a_tutor_was_requested_go_to_the_new_server_too() -> None:
    async with World() as world:
        room = await world.room("ann", type="ai")
        await world.seat("c1", "ann", room)
        world.rooms.drain(hands_over=True)
        await world.act("c1", "say", text="I like tea.")
        other = Other(world)
        async with handed_over(world, other):
            pass
        assert [words.text for words in other.given[room].unanswered] == ["I like tea."]


async def test_words_typed_while_another_server_takes_the_room_are_refused_and_can_be_repeated() -> None:
    async with World() as world:
        room = await world.room("ann", type="ai")
        await world.seat("c1", "ann", room)
        await world.pass_time(0.2)
        refusals: list[Unavailable] = []

        async def say() -> None:
            with pytest.raises(Unavailable) as refusal:
                await world.act("c1", "say", text="I like tea.")
            refusals.append(refusal.value)

        class Slow(Other):
            async def __call__(self, room_id: str, handoff: Handoff) -> RoomNode:
                await say()
                return await super().__call__(room_id, handoff)

        async with handed_over(world, Slow(world)):
            await say()
        assert [refusal.problem()["retryAfter"] for refusal in refusals] == [0.3, 0.3]
        assert world.tutors.inputs == []


async def test_a_room_that_no_server_takes_hears_typed_words_again() -> None:
    async with World() as world:
        room = await world.room("ann", type="ai")
        await world.seat("c1", "ann", room)
        await world.pass_time(0.2)
        world.rooms.drain(hands_over=True)
        await world.rooms.moves.hand_over(Other(world, takes=False))
        await world.act("c1", "say", text="I like tea.")
        assert [given.text for _, given in world.tutors.inputs] == ["I like tea."]


async def test_the_new_tutor_gets_the_words_of_those_who_still_have_a_seat_once() -> None:
    async with World() as world:
        room = await world.room("ann", type="ai")
        ann = await world.seat("c1", "ann", room)
        mine = TutorInput(participant_id=ann, kind=InputKind.SAY, text="I like tea.", turn_id="t1")
        gone = TutorInput(participant_id="p-gone", kind=InputKind.SAY, text="Me too.")
        await arrives(world, room, {ann: SeatHandoff()}, unanswered=[mine, gone])
        await world.join("d1", "ann", room)
        await world.connect(ann)
        await world.pass_time(1.0)
        assert world.tutors.inputs == [(room, mine)]


async def test_somebody_who_was_declined_cannot_knock_at_the_new_server_at_once() -> None:
    async with World() as world:
        room = await world.room("ann", knock_to_enter=True)
        ann = await world.seat("c1", "ann", room)
        await world.knock("c2", "ben", room)
        knock = world.open_rooms.get(room).room.knocks.waiting[0]
        await world.act("c1", "answer_knock", knock_id=knock.id, admitted=False)
        other = Other(world)
        async with handed_over(world, other):
            pass
        assert other.given[room].declined == {"ben": 60.0}
    async with World() as world:
        room = await world.room("ann", knock_to_enter=True)
        ann = await world.seat("c1", "ann", room)
        await arrives(world, room, {ann: SeatHandoff()}, declined={"ben": 60.0})
        with pytest.raises(KnockDeclined):
            await world.knock("d2", "ben", room)
        await world.pass_time(60.0)
        await world.knock("d2", "ben", room)


async def test_what_a_room_keeps_is_stored_before_it_moves_and_open_at_the_new_server() -> None:
    async with World() as world:
        room = await world.room("ann", max_participants=4)
        ann, ben, chi = [
            await world.seat(f"c{i}", user, room) for i, user in enumerate(("ann", "ben", "chi"))
        ]
        await world.act("c0", "set_cohost", participant_id=ben, cohost=True)
        await world.act("c2", "set_hand", raised=True)
        await world.act("c1", "set_hand", raised=True)
        await world.act("c0", "edit_room", links_allowed=True)
        await world.act("c1", "send_chat", text="Hello there")
        await world.act("c1", "send_chat", text="Not this")
        unwanted = world.open_rooms.get(room).room.chat.lines[-1].id
        await world.act("c0", "delete_chat", line_id=unwanted)
        async with handed_over(world, Other(world)):
            pass
        world.store.others.clear()
        await world.restart()
        await world.join("d0", "ann", room)
        await world.pass_time(0.2)
        kept = world.open_rooms.get(room).room
        assert kept.info.cohosts == ("ben",)
        assert kept.info.options.links_allowed
        assert [member.id for member in raised(kept)] == [chi, ben]
        assert [line.text for line in kept.chat.lines] == ["Hello there"]
        assert kept.info.host_id == kept.members[ann].user.id


@pytest.mark.parametrize("how", ["muted", "banned"])
async def test_a_moderator_silences_a_person_whose_audio_is_still_forwarded_by_the_old_server(
    how: str,
) -> None:
    async with World() as world:
        room = await world.room("ann")
        ann, ben = await world.seat("c1", "ann", room), await world.seat("c2", "ben", room)
        for connection in ("c1", "c2"):
            await world.act(connection, "set_muted", muted=False)
        async with handed_over(world, Other(world)):
            if how == "muted":
                world.rooms.silence("ben", world.now + world.wall_step + 60)
            else:
                world.rooms.signed_out("ben", {"c2"})
            assert (world.media.muted[ann], world.media.muted[ben]) == (False, True)
