from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.errors import Forbidden, NotHost, NoTutor, ParlorError, TooManyRequests, Unavailable
from server.protocol.agents import InputKind
from server.protocol.entities import ParticipantKind, RoomType
from server.protocol.rooms import Feedback, FeedbackNone, ParticipantUpdated, Transcript, TutorText
from server.protocol.tutor import FeedbackCategory, InviteTutor, TutorState, TutorStatus
from server.rooms.model import TutorReport
from tests.fakes.rooms_world import World

FEEDBACK = Feedback(
    id="c1",
    turn_id="t1",
    original_sentence="I goed",
    corrected_sentence="I went",
    explanation="Past of go.",
    category=FeedbackCategory.VERB_FORM,
)
ALL_RIGHT = FeedbackNone(turn_id="t1", text="All right.")


async def practice(world: World, **options: Any) -> str:
    """Ann alone with the tutor; the room's id."""
    room = await world.room("ann", type=RoomType.AI, **options)
    await world.seat("c1", "ann", room)
    await world.tutor("t1", room)
    await world.pass_time(0.2)
    return room


async def club(world: World) -> str:
    """Ann, who hosts, Bob and the tutor; the room's id."""
    room = await world.room("ann", max_participants=2)
    await world.seat("c1", "ann", room)
    await world.seat("c2", "bob", room)
    await world.rooms.tutor.invite("ann", room, InviteTutor())
    await world.tutor("t1", room)
    await world.pass_time(0.2)
    return room


async def test_an_ai_room_requests_its_tutor_once_a_person_has_media() -> None:
    async with World() as world:
        room = await world.room("ann", type=RoomType.AI)
        await world.pass_time(1)
        await world.join("c1", "ann", room)
        await world.pass_time(1)
        assert world.tutors.specs == {}
        await world.seat("c1", "ann", room)
        await world.pass_time(0.2)
        spec = world.tutors.specs[room]
        assert spec.settings.one_to_one
        assert (spec.settings.language, spec.settings.level, spec.settings.topic) == ("en", "B1", "Food")
        assert [p.user_id for p in spec.people] == ["ann"]


async def test_a_person_without_media_can_still_type_to_the_tutor() -> None:
    async with World() as world:
        room = await world.room("ann", type=RoomType.AI)
        await world.join("c1", "ann", room)
        await world.pass_time(4)
        assert world.tutors.specs == {}
        await world.pass_time(2)
        assert room in world.tutors.specs


async def test_words_typed_before_the_tutor_is_requested_wait_for_it() -> None:
    async with World() as world:
        room = await world.room("ann", type=RoomType.AI)
        await world.join("c1", "ann", room)
        for number in range(8):
            await world.act("c1", "say", text=f"Hello {number}")
        with pytest.raises(TooManyRequests):
            await world.act("c1", "say", text="One too many")
        await world.pass_time(4)
        assert world.tutors.inputs == []
        await world.pass_time(2)
        ann = world.member(room, "ann").id
        given = [(i.participant_id, i.text) for r, i in world.tutors.inputs if r == room]
        assert given == [(ann, f"Hello {number}") for number in range(8)]
        await world.act("c1", "say", text="Later")
        assert [i.text for _, i in world.tutors.inputs][8:] == ["Later"], "each is passed on once"


async def test_words_of_somebody_who_left_before_the_tutor_came_are_given_up() -> None:
    async with World() as world:
        room = await world.room("ann", type=RoomType.AI)
        await world.join("c1", "ann", room)
        await world.act("c1", "say", text="Hello")
        await world.act("c1", "leave")
        await world.seat("c2", "ann", room)
        await world.pass_time(0.2)
        assert room in world.tutors.specs
        assert world.tutors.inputs == []


async def test_the_job_spec_says_whom_the_tutors_voice_reaches() -> None:
    async with World() as world:
        room = await practice(world)
        ann = world.member(room, "ann").id

        async def is_reached(after_s: float = 0.2) -> bool:
            await world.pass_time(after_s)
            (person,) = world.tutors.specs[room].people
            return person.reached

        assert await is_reached()
        world.rooms.media_events.media_state(ann, "disconnected")
        await world.settle()
        assert not await is_reached()
        await world.act("c1", "reconnect_media", mode="full")
        assert not await is_reached()
        assert await is_reached(after_s=5), "a person without media reads the answer, so it must be given"
        world.rooms.media_events.media_state(ann, "connected")
        await world.settle()
        assert await is_reached()
        await world.lose("c1")
        assert not await is_reached()
        await world.join("c2", "ann", room)
        assert not await is_reached()
        world.rooms.media_events.media_state(ann, "connected")
        await world.settle()
        assert await is_reached()


async def test_the_tutor_is_released_with_the_last_seat_and_requested_again_with_the_next() -> None:
    async with World() as world:
        room = await practice(world)
        talk = world.tutors.specs[room].conversation_id
        await world.act("c1", "leave")
        await world.pass_time(0.2)
        assert world.tutors.specs == {}
        assert world.view(room).participants == []
        await world.seat("c3", "ann", room)
        await world.pass_time(0.2)
        assert world.tutors.specs[room].conversation_id == talk


async def test_a_reload_does_not_release_the_tutor() -> None:
    async with World() as world:
        room = await practice(world)
        await world.lose("c1")
        await world.pass_time(5)
        assert room in world.tutors.specs


async def test_a_tutor_alone_does_not_keep_a_room_open() -> None:
    async with World(empty_room_ttl_s=60) as world:
        room = await practice(world)
        await world.act("c1", "leave")
        await world.pass_time(59)
        world.view(room)
        await world.pass_time(2)
        with pytest.raises(ParlorError):
            world.view(room)


async def test_a_tutor_takes_no_place_of_a_person_and_joins_a_full_locked_room() -> None:
    async with World() as world:
        room = await world.room("ann", max_participants=2)
        await world.seat("c1", "ann", room)
        await world.seat("c2", "bob", room)
        await world.act("c1", "set_locked", locked=True)
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        tutor = await world.tutor("t1", room)
        assert world.view(room).participant_count == 2
        assert world.media.peers[tutor].always_forwarded
        for person in ("ann", "bob"):
            assert tutor in world.media.slots[world.member(room, person).id]


async def test_no_worker_joins_a_room_without_a_tutor() -> None:
    async with World() as world:
        room = await world.room("ann")
        with pytest.raises(NoTutor):
            await world.tutor("t1", room)


async def test_only_the_host_invites_configures_and_removes_a_tutor() -> None:
    async with World() as world:
        room = await club(world)
        tutor = world.rooms.tutor
        for attempt in (
            tutor.invite("bob", room, InviteTutor()),
            tutor.dismiss("bob", room),
            world.act("c2", "set_topic", topic="Travel"),
        ):
            with pytest.raises(NotHost):
                await attempt
        await world.act("c1", "set_topic", topic="Travel")
        await world.act("c1", "set_tutor_options", rate=0.8, captions=True)
        await world.pass_time(0.2)
        assert world.tutors.specs[room].settings.topic == "Travel"
        view = await tutor.dismiss("ann", room)
        await world.pass_time(0.2)
        assert view.tutor is None
        assert [p.user_id for p in view.participants] == ["ann", "bob"]
        assert world.tutors.specs == {}
        with pytest.raises(NoTutor):
            await world.act("c1", "set_topic", topic="Work")


async def test_a_new_invitation_begins_a_new_conversation() -> None:
    async with World() as world:
        room = await club(world)
        first = world.view(room).tutor
        await world.rooms.tutor.dismiss("ann", room)
        second = (
            await world.rooms.tutor.invite("ann", room, InviteTutor(language="vi", voice="vi-VN-An"))
        ).tutor
        assert first is not None
        assert second is not None
        assert second.conversation_id != first.conversation_id
        assert (second.language, second.voice) == ("vi", "vi-VN-An")


async def test_another_worker_takes_the_same_seat() -> None:
    async with World() as world:
        room = await club(world)
        before = world.view(room).tutor
        assert before is not None
        await world.lose("t1")
        assert await world.tutor("t2", room) == before.participant_id


async def test_the_host_mutes_the_tutor_and_no_worker_unmutes_it() -> None:
    async with World() as world:
        room = await club(world)
        tutor = next(p for p in world.view(room).participants if p.kind is ParticipantKind.TUTOR)
        assert not tutor.is_muted
        await world.act("c1", "mute_participant", participant_id=tutor.id)
        assert world.media.muted[tutor.id]
        await world.act("t1", "set_muted", muted=False)
        await world.tutor("t2", room)
        await world.act("t2", "set_muted", muted=False)
        assert world.media.muted[tutor.id]
        await world.restart()
        await world.seat("c9", "ann", room)
        again = await world.tutor("t3", room)
        assert world.media.muted[again]
        await world.act("c9", "set_tutor_options", muted=False)
        assert not world.media.muted[again]


async def test_an_unmute_by_the_worker_that_waits_behind_a_mute_by_the_host_is_void() -> None:
    async with World() as world:
        room = await club(world)
        tutor = next(p for p in world.view(room).participants if p.kind is ParticipantKind.TUTOR)
        gate = world.store.gates[room] = asyncio.Event()
        ahead = asyncio.create_task(world.act("c2", "set_hand", raised=True))
        await asyncio.sleep(0)
        mute = asyncio.create_task(world.act("c1", "mute_participant", participant_id=tutor.id))
        await asyncio.sleep(0)
        unmute = asyncio.create_task(world.act("t1", "set_muted", muted=False))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(ahead, mute, unmute)
        assert world.media.muted[tutor.id]


async def test_a_removed_tutor_can_be_invited_again() -> None:
    async with World() as world:
        room = await club(world)
        tutor = world.view(room).tutor
        assert tutor is not None
        await world.act("c1", "remove_participant", participant_id=str(tutor.participant_id))
        assert world.view(room).tutor is None
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        await world.tutor("t2", room)


# Privacy


async def test_the_voice_of_a_person_who_opted_out_is_never_forwarded_to_the_tutor() -> None:
    async with World() as world:
        room = await club(world)
        tutor = next(p.id for p in world.view(room).participants if p.kind is ParticipantKind.TUTOR)
        bob = world.member(room, "bob").id
        assert bob in world.media.slots[tutor]
        await world.act("c2", "set_heard", heard=False)
        assert bob not in world.media.slots[tutor]
        assert bob in world.media.slots[world.member(room, "ann").id]
        assert not world.member(room, "bob").heard_by_tutor
        assert world.sink.of("c1", ParticipantUpdated)[-1].participant.heard_by_tutor is False
        await world.pass_time(0.2)
        assert [p.heard for p in world.tutors.specs[room].people] == [True, False]


@pytest.mark.parametrize("how", ["leave and come back", "restart", "crash", "another tutor", "dismissed"])
async def test_opting_out_holds_for_later_seats_and_tutors(how: str) -> None:
    async with World() as world:
        room = await club(world)
        await world.act("c2", "set_heard", heard=False)
        if how == "leave and come back":
            await world.act("c2", "leave")
        elif how == "restart":
            await world.restart()
        elif how == "crash":
            await world.crash()
        elif how == "dismissed":
            await world.rooms.tutor.dismiss("ann", room)
            await world.rooms.tutor.invite("ann", room, InviteTutor())
        await world.seat("c1x", "ann", room)
        bob = await world.seat("c2x", "bob", room)
        tutor = await world.tutor("t2", room)
        assert bob not in world.media.slots[tutor]
        assert world.member(room, "ann").id in world.media.slots[tutor]
        await world.act("c2x", "set_heard", heard=True)
        assert bob in world.media.slots[tutor]


async def test_opting_out_that_could_not_be_stored_holds_and_is_stored_later() -> None:
    async with World() as world:
        room = await club(world)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c2", "set_heard", heard=False)
        world.store.is_down = False
        assert not world.member(room, "bob").heard_by_tutor
        await world.pass_time(11)
        assert world.store.rooms[room].opted_out == ("bob",)


async def test_opting_out_that_waits_for_its_turn_when_the_server_stops_is_stored() -> None:
    async with World() as world:
        room = await club(world)
        world.store.gates[room] = asyncio.Event()
        ahead = asyncio.create_task(world.act("c1", "set_hand", raised=True))
        await asyncio.sleep(0)
        opting_out = asyncio.create_task(world.act("c2", "set_heard", heard=False))
        await asyncio.sleep(0)
        world.store.gates.clear()
        await world.restart()
        await asyncio.wait([ahead, opting_out])
        assert isinstance(opting_out.exception(), Unavailable)
        assert not world.member(room, "bob").heard_by_tutor


async def test_opting_in_that_could_not_be_stored_has_no_effect() -> None:
    async with World() as world:
        room = await club(world)
        await world.act("c2", "set_heard", heard=False)
        world.store.is_down = True
        with pytest.raises(Unavailable):
            await world.act("c2", "set_heard", heard=True)
        assert not world.member(room, "bob").heard_by_tutor


async def test_opting_in_and_out_at_once_ends_opted_out() -> None:
    async with World() as world:
        room = await club(world)
        await world.act("c2", "set_heard", heard=False)
        world.store.gates[room] = asyncio.Event()
        given = asyncio.create_task(world.act("c2", "set_heard", heard=True))
        await asyncio.sleep(0)
        taken = asyncio.create_task(world.act("c2", "set_heard", heard=False))
        await asyncio.sleep(0)
        world.store.gates[room].set()
        await asyncio.gather(given, taken)
        assert not world.member(room, "bob").heard_by_tutor
        assert world.store.rooms[room].opted_out == ("bob",)


async def test_a_persons_transcript_is_shown_to_that_person_alone() -> None:
    async with World() as world:
        room = await club(world)
        bob = world.member(room, "bob").id
        heard = Transcript(participant_id=bob, turn_id="t1", text="my secret", is_final=True)
        world.tutor_events.to_speaker(room, bob, heard)
        world.tutor_events.to_one(room, bob, FEEDBACK)
        world.tutor_events.to_one(room, bob, ALL_RIGHT)
        assert world.sink.of("c2", Transcript) == [heard]
        assert world.sink.of("c2", Feedback) == [FEEDBACK]
        assert world.sink.of("c2", FeedbackNone) == [ALL_RIGHT]
        for other in ("c1", "t1"):
            assert not {type(e) for e in world.sink.events[other]} & {Transcript, Feedback, FeedbackNone}


async def test_captions_are_for_everyone_and_feedback_stays_private() -> None:
    async with World() as world:
        room = await club(world)
        bob = world.member(room, "bob").id
        await world.act("c1", "set_tutor_options", captions=True)
        heard = Transcript(participant_id=bob, turn_id="t1", text="hello", is_final=False)
        world.tutor_events.to_speaker(room, bob, heard)
        world.tutor_events.to_one(room, bob, FEEDBACK)
        world.tutor_events.to_all(room, TutorText(turn_id="t1", text="Hello!", is_final=False))
        assert len(world.sink.of("c1", Transcript)) == 1
        assert len(world.sink.of("c1", TutorText)) == 1
        assert world.sink.of("c1", Feedback) == []


async def test_input_of_people_reaches_the_tutor_and_the_tutor_itself_has_none() -> None:
    async with World() as world:
        room = await club(world)
        bob = world.member(room, "bob").id
        await world.act("c2", "say", text="Hello")
        await world.act("c2", "hold", speaking=True)
        await world.act("c2", "mend_words", turn_id="t1", text="Hallo")
        shown = [(i.kind, r, i.participant_id, i.text, i.flag, i.turn_id) for r, i in world.tutors.inputs]
        assert shown == [
            (InputKind.SAY, room, bob, "Hello", None, None),
            (InputKind.HOLD, room, bob, None, True, None),
            (InputKind.MEND, room, bob, "Hallo", None, "t1"),
        ]
        with pytest.raises(Forbidden):
            await world.act("t1", "say", text="Hello")
        with pytest.raises(Forbidden):
            await world.act("t1", "set_heard", heard=False)
        await world.act("c2", "set_recognition", browser=True)
        await world.act("c2", "set_hand", raised=True)
        await world.act("c2", "set_patience", patience=1.8)
        await world.act("c2", "set_later_feedback", wanted=True)
        with pytest.raises(Forbidden):
            await world.act("t1", "set_later_feedback", wanted=True)
        with pytest.raises(Forbidden):
            await world.act("t1", "set_patience", patience=1.8)
        await world.pass_time(0.2)
        person = world.tutors.specs[room].people[1]
        assert (person.browser_recognition, person.hand_raised, person.patience) == (True, True, 1.8)
        assert [p.wants_feedback for p in world.tutors.specs[room].people] == [False, True]


async def test_a_job_spec_is_sent_only_when_it_changes() -> None:
    async with World() as world:
        await club(world)
        told = world.tutors.requests
        for _ in range(5):
            await world.pass_time(0.2)
        assert world.tutors.requests == told


async def test_a_room_shows_the_state_of_its_tutor() -> None:
    async with World() as world:
        room = await club(world)
        stage = world.tutor_events
        stage.report(room, TutorReport(TutorStatus.READY, voice="en"))
        stage.state(room, TutorState.SPEAKING)
        shown = world.view(room).tutor
        assert shown is not None
        assert (shown.status, shown.state) == (TutorStatus.READY, TutorState.SPEAKING)
        await world.pass_time(1)
        stage.report(room, TutorReport(TutorStatus.LOST))
        shown = world.view(room).tutor
        assert shown is not None
        assert shown.state is TutorState.IDLE
        stage.state("no such room", TutorState.SPEAKING)
        heard = Transcript(participant_id="p", turn_id="t", text="x", is_final=True)
        stage.to_speaker("no such room", "p", heard)
