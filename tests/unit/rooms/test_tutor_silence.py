"""Tutors that nobody talks to leave, and can be called back."""

from __future__ import annotations

from functools import partial

from server.protocol.entities import RoomType
from server.protocol.rooms import ParticipantLeft
from server.protocol.tutor import InviteTutor, TutorStatus
from server.rooms.model import TutorReport
from server.rooms.tutor_silence import FAREWELL_S, SHORT_SILENCE_S, Step, TutorSilence
from tests.fakes.rooms_world import World

LIMIT_S = 600.0


def silences(*rooms: str) -> TutorSilence:
    found = TutorSilence(LIMIT_S)
    for at, room in enumerate(rooms):
        found.begin(room, float(at))
    return found


def test_a_silent_tutor_says_goodbye_and_then_rests() -> None:
    silence = silences("a")
    assert silence.due(["a"], LIMIT_S - 1, is_short=False) == []
    assert silence.due(["a"], LIMIT_S, is_short=False) == [("a", Step.FAREWELL)]
    assert silence.due(["a"], LIMIT_S + FAREWELL_S - 1, is_short=False) == []
    assert silence.due(["a"], LIMIT_S + FAREWELL_S, is_short=False) == [("a", Step.REST)]


def test_a_word_after_the_goodbye_lets_the_tutor_stay() -> None:
    silence = silences("a")
    silence.due(["a"], LIMIT_S, is_short=False)
    silence.heard("a", LIMIT_S + 5)
    assert silence.due(["a"], LIMIT_S + FAREWELL_S, is_short=False) == [("a", Step.STAY)]
    assert silence.due(["a"], 2 * LIMIT_S, is_short=False) == []
    assert silence.due(["a"], 2 * LIMIT_S + 5, is_short=False) == [("a", Step.FAREWELL)]


def test_where_tutors_are_short_the_longest_silent_leaves_first_and_one_at_a_time() -> None:
    silence = silences("a", "b", "c")
    silence.heard("a", 100.0)
    now = 1.0 + SHORT_SILENCE_S
    assert silence.due(["a", "b", "c"], now - 1, is_short=True) == []
    assert silence.due(["a", "b", "c"], now, is_short=True) == [("b", Step.FAREWELL)]
    assert silence.due(["a", "b", "c"], now + 5, is_short=True) == []
    assert silence.due(["a", "b", "c"], now + FAREWELL_S, is_short=True) == [("b", Step.REST)]
    assert silence.due(["a", "c"], now + FAREWELL_S, is_short=False) == []


def test_people_who_talk_keep_their_tutor_however_many_others_wait() -> None:
    silence = silences("a")
    for now in range(0, 3_600, 60):
        silence.heard("a", float(now))
        assert silence.due(["a"], now + SHORT_SILENCE_S - 1, is_short=True) == []


def test_without_a_limit_a_tutor_leaves_only_for_one_who_waits() -> None:
    silence = TutorSilence(0.0)
    silence.begin("a", 0.0)
    assert silence.due(["a"], 1e6, is_short=False) == []
    assert silence.due(["a"], 1e6, is_short=True) == [("a", Step.FAREWELL)]


def test_a_tutor_makes_way_for_others_whether_or_not_somebody_speaks() -> None:
    silence = silences("a", "b", "c")
    silence.heard("b", 50.0)
    due = partial(silence.due, ["a", "b", "c"], is_short=True, crowding={"a", "b"})
    silence.heard("a", 60.0)
    assert due(60.0) == [("b", Step.MAKE_WAY)]
    silence.heard("b", 61.0)
    assert due(59.0 + FAREWELL_S) == []
    assert due(60.0 + FAREWELL_S) == [("b", Step.YIELD)]


def test_a_tutor_stays_if_nobody_waits_any_more() -> None:
    silence = silences("a", "b")
    assert silence.due(["a", "b"], 5.0, is_short=True, crowding={"a"}) == [("a", Step.MAKE_WAY)]
    assert silence.due(["a", "b"], 5.0 + FAREWELL_S, is_short=False) == [("a", Step.STAY)]
    assert silence.due(["a", "b"], 6.0 + FAREWELL_S, is_short=False) == []


async def test_a_room_makes_way_with_a_word_and_waits_for_the_next_free_tutor() -> None:
    async with World() as world:
        room = await practice(world)
        world.tutors.crowds = [room]
        await world.pass_time(0.4)
        assert world.tutors.goodbyes == [f"{room} for others"]
        assert world.tutors.yielded == []
        await world.pass_time(FAREWELL_S)
        assert world.tutors.yielded == [room]
        assert room in world.tutors.specs, "it waits"


def test_a_tutor_that_is_called_back_begins_anew() -> None:
    silence = silences("a")
    silence.due(["a"], LIMIT_S, is_short=False)
    silence.due(["a"], LIMIT_S + FAREWELL_S, is_short=False)
    silence.forget("a")
    silence.begin("a", 1_000.0)
    assert silence.due(["a"], 1_000.0 + LIMIT_S - 1, is_short=False) == []


async def practice(world: World, user: str = "ann", connection: str = "c1") -> str:
    """Alone with the tutor, which is ready."""
    room = await world.room(user, type=RoomType.AI)
    await world.seat(connection, user, room)
    await world.pass_time(0.2)
    await world.tutor(f"tutor-{connection}", room)
    world.tutor_events.report(room, TutorReport(TutorStatus.READY))
    await world.pass_time(0.2)
    return room


def status(world: World, room: str) -> TutorStatus:
    tutor = world.view(room).tutor
    assert tutor is not None
    return tutor.status


async def falls_silent(world: World, room: str) -> None:
    await world.pass_time(LIMIT_S)
    assert world.tutors.goodbyes == [room]
    assert room in world.tutors.specs
    await world.pass_time(FAREWELL_S)
    assert world.tutors.specs == {}
    assert status(world, room) is TutorStatus.RESTING
    assert len(world.view(room).participants) == 1


async def test_the_tutor_of_a_silent_room_leaves_and_comes_back_to_a_typed_word() -> None:
    async with World() as world:
        room = await practice(world)
        talk = world.tutors.specs[room].conversation_id
        await falls_silent(world, room)
        assert world.sink.of("c1", ParticipantLeft)
        await world.pass_time(60)
        assert world.tutors.specs == {}
        await world.act("c1", "say", text="Are you there?")
        assert world.tutors.specs[room].conversation_id == talk
        assert [given.text for _, given in world.tutors.inputs] == ["Are you there?"]
        assert status(world, room) is TutorStatus.STARTING


async def test_the_button_and_the_host_call_the_tutor_back_and_other_inputs_do_not() -> None:
    async with World() as world:
        room = await practice(world)
        await falls_silent(world, room)
        await world.act("c1", "hold", speaking=True)
        await world.pass_time(1)
        assert world.tutors.specs == {}
        await world.act("c1", "ask_tutor")
        assert room in world.tutors.specs
        world.tutors.goodbyes.clear()
        world.tutor_events.report(room, TutorReport(TutorStatus.READY))
        await world.pass_time(0.2)
        await falls_silent(world, room)
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        assert room in world.tutors.specs


async def test_speech_typing_and_keys_keep_the_tutor() -> None:
    async with World() as world:
        room = await practice(world)
        ann = world.member(room, "ann").id
        await world.act("c1", "set_muted", muted=False)
        for _ in range(3):
            await world.pass_time(LIMIT_S - 60)
            world.rooms.media_events.speaking(ann, True, -20)
            await world.pass_time(1)
            world.rooms.media_events.speaking(ann, False, -60)
            await world.pass_time(LIMIT_S - 60)
            await world.act("c1", "say", text="Hello.")
            await world.pass_time(LIMIT_S - 60)
            await world.act("c1", "recognized", text="Hel", is_final=False)
            await world.pass_time(LIMIT_S - 60)
            await world.act("c1", "hold", speaking=True)
        assert world.tutors.goodbyes == []
        assert room in world.tutors.specs


async def test_waiting_for_a_tutor_is_no_silence() -> None:
    async with World() as world:
        room = await practice(world)
        world.tutor_events.report(room, TutorReport(TutorStatus.UNAVAILABLE))
        await world.pass_time(2 * LIMIT_S)
        world.tutor_events.report(room, TutorReport(TutorStatus.READY))
        await world.pass_time(1)
        assert world.tutors.goodbyes == []


async def test_the_longest_silent_room_gives_its_tutor_to_one_that_waits() -> None:
    async with World() as world:
        rooms = [await practice(world, f"user{n}", f"c{n}") for n in range(3)]
        await world.pass_time(SHORT_SILENCE_S)
        await world.act("c0", "say", text="Hello.")
        world.tutors.waits = True
        await world.pass_time(0.2)
        assert world.tutors.goodbyes == [rooms[1]]
        await world.pass_time(FAREWELL_S)
        assert status(world, rooms[1]) is TutorStatus.RESTING
        world.tutors.waits = False
        await world.pass_time(1)
        assert set(world.tutors.specs) == {rooms[0], rooms[2]}


async def test_a_resting_tutor_comes_to_people_who_join_again() -> None:
    async with World() as world:
        room = await practice(world)
        await falls_silent(world, room)
        await world.act("c1", "leave")
        await world.pass_time(0.2)
        await world.seat("c2", "ann", room)
        await world.pass_time(0.2)
        assert room in world.tutors.specs
        assert status(world, room) is TutorStatus.STARTING


async def test_a_resting_tutor_can_be_dismissed_and_invited() -> None:
    async with World() as world:
        room = await world.room("ann", max_participants=2)
        await world.seat("c1", "ann", room)
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        await world.pass_time(0.2)
        await world.tutor("t1", room)
        world.tutor_events.report(room, TutorReport(TutorStatus.READY))
        await world.pass_time(0.2)
        await falls_silent(world, room)
        await world.rooms.tutor.dismiss("ann", room)
        await world.pass_time(0.2)
        assert world.view(room).tutor is None
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        await world.pass_time(0.2)
        assert room in world.tutors.specs


async def test_a_resting_tutor_rests_on_after_a_crash_of_the_server_until_it_is_called() -> None:
    async with World() as world:
        room = await practice(world)
        await falls_silent(world, room)
        await world.pass_time(world.settings.store_retry_s)
        await world.crash()
        assert status(world, room) is TutorStatus.RESTING
        await world.seat("c2", "ann", room)
        await world.pass_time(1)
        assert world.tutors.specs == {}
        assert status(world, room) is TutorStatus.RESTING
        await world.act("c2", "say", text="Are you there?")
        assert [given.text for _, given in world.tutors.inputs] == ["Are you there?"]
        assert status(world, room) is TutorStatus.STARTING


async def test_a_tutor_that_was_called_back_before_a_crash_is_requested_again() -> None:
    async with World() as world:
        room = await practice(world)
        await falls_silent(world, room)
        await world.restart()
        await world.seat("c2", "ann", room)
        await world.pass_time(1)
        assert world.tutors.specs == {}
        await world.act("c2", "ask_tutor")
        await world.pass_time(world.settings.store_retry_s)
        await world.crash()
        await world.seat("c3", "ann", room)
        await world.pass_time(1)
        assert room in world.tutors.specs


async def test_a_resting_tutor_of_a_restored_room_comes_to_people_who_join_it_empty() -> None:
    async with World() as world:
        room = await practice(world)
        await falls_silent(world, room)
        await world.restart()
        await world.pass_time(world.settings.seat_grace_s + 1)
        await world.pass_time(1)
        await world.seat("c2", "ann", room)
        await world.pass_time(1)
        assert room in world.tutors.specs
