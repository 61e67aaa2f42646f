"""A class in a room: chosen and steered by the host, shown to everybody, also after a restart."""

from __future__ import annotations

from typing import Any

import pytest

from server.errors import NoClass, NotHost, NoTutor
from server.protocol.agents import InputKind
from server.protocol.classes import ChosenClass, ClassMove, ClassPhase
from server.protocol.rooms import ClassMoved, RoomUpdated
from server.protocol.tutor import InviteTutor, TutorStatus
from server.rooms.model import TaughtClass, TutorReport
from tests.fakes.rooms_world import World

CHOSEN = ChosenClass(course_id="1", module_index=0, sub_topic_index=2)
TAUGHT = TaughtClass("class1", "1", 0, 2, "At the market", "en", sentences=4, questions=2)


async def teach(world: World, room: str, taught: TaughtClass | None = TAUGHT, who: str = "ann") -> None:
    wanted = InviteTutor(teaches=CHOSEN if taught else None)
    await world.rooms.tutor.invite(who, room, wanted, teaches=taught)


async def school(world: World) -> str:
    """Ann, who hosts, and Bob, in a class; the room's id."""
    room = await world.room("ann")
    await world.seat("c1", "ann", room)
    await world.seat("c2", "bob", room)
    await teach(world, room)
    await world.tutor("t1", room)
    await world.pass_time(0.2)
    return room


def move(**changes: Any) -> ClassMove:
    fields = {"class_id": "class1", "course_id": "1", "module_index": 0, "sub_topic_index": 2}
    return ClassMove(**{**fields, **changes})


async def test_a_tutor_invited_with_a_class_gets_it_with_its_job() -> None:
    async with World() as world:
        room = await school(world)
        spec = world.tutors.specs[room]
        assert spec.settings.teaches is not None
        assert (spec.settings.teaches.id, spec.settings.teaches.sub_topic_index) == ("class1", 2)
        tutor = world.view(room).tutor
        assert tutor is not None
        assert tutor.teaches is not None
        assert (tutor.teaches.title, tutor.teaches.sentences) == ("At the market", 4)
        assert tutor.teaches.phase is ClassPhase.TEACHING


async def test_everybody_sees_where_the_class_is_late_joiners_too() -> None:
    async with World() as world:
        room = await school(world)
        requests = world.tutors.requests
        world.tutor_events.class_moved(room, move(sentence=2, heard=[0, 1]))
        for person in ("c1", "c2"):
            [event] = world.sink.of(person, ClassMoved)
            assert event.teaches is not None
            assert event.teaches.sentence == 2
        late = await world.join("c3", "cem", room)
        assert late.room.tutor is not None
        assert late.room.tutor.teaches is not None
        assert late.room.tutor.teaches.sentence == 2
        await world.pass_time(1)
        assert world.tutors.requests == requests + 1, "somebody came; that the class moves on is no change"
        spec = world.tutors.specs[room]
        assert spec.class_at is not None
        assert spec.class_at.sentence == 2


async def test_a_move_of_a_class_that_is_not_taught_any_more_changes_nothing() -> None:
    async with World() as world:
        room = await school(world)
        world.tutor_events.class_moved(room, move(class_id="class0", phase=ClassPhase.ENDED))
        world.tutor_events.class_moved(room, move())
        assert world.sink.of("c2", ClassMoved) == []
        await world.act("c1", "control_class", action="stop")
        world.sink.forget()
        world.tutor_events.class_moved(room, move(sentence=3))
        assert world.sink.of("c2", ClassMoved) == []


async def test_at_its_end_the_tutor_goes_back_to_talk() -> None:
    async with World() as world:
        room = await school(world)
        world.tutor_events.class_moved(room, move(phase=ClassPhase.ENDED, sentence=3))
        assert [event.teaches for event in world.sink.of("c2", ClassMoved)] == [None]
        tutor = world.view(room).tutor
        assert tutor is not None
        assert tutor.teaches is None
        await world.pass_time(0.2)
        assert world.tutors.specs[room].settings.teaches is None


async def test_only_the_host_chooses_and_steers_a_class() -> None:
    async with World() as world:
        room = await school(world)
        with pytest.raises(NotHost):
            await teach(world, room, None, who="bob")
        for action in ("go_on", "again", "pause", "stop"):
            with pytest.raises(NotHost):
                await world.act("c2", "control_class", action=action)
        for action in ("go_on", "again", "pause"):
            await world.act("c1", "control_class", action=action)
        given = [(i.kind, i.text) for _, i in world.tutors.inputs]
        assert given == [(InputKind.CONTROL_CLASS, text) for text in ("go_on", "again", "pause")]
        await world.act("c1", "control_class", action="stop")
        room_view = world.sink.of("c2", RoomUpdated)[-1].room
        assert room_view.tutor is not None
        assert room_view.tutor.teaches is None


async def test_without_a_class_or_a_tutor_there_is_nothing_to_steer() -> None:
    async with World() as world:
        room = await world.room("ann")
        await world.seat("c1", "ann", room)
        with pytest.raises(NoTutor):
            await world.act("c1", "control_class", action="stop")
        await world.rooms.tutor.invite("ann", room, InviteTutor())
        with pytest.raises(NoClass):
            await world.act("c1", "control_class", action="go_on")


async def test_a_class_of_another_language_changes_the_tutors() -> None:
    async with World() as world:
        room = await world.room("ann", language="vi")
        await teach(world, room)
        tutor = world.view(room).tutor
        assert tutor is not None
        assert tutor.language == "en"
        room = await world.room("ann", language="en-GB")
        await teach(world, room)
        tutor = world.view(room).tutor
        assert tutor is not None
        assert tutor.language == "en-GB"


async def test_other_settings_leave_the_class_alone() -> None:
    async with World() as world:
        room = await school(world)
        await world.rooms.tutor.invite("ann", room, InviteTutor(voice="other"))
        await world.act("c1", "set_tutor_options", rate=0.8)
        tutor = world.view(room).tutor
        assert tutor is not None
        assert tutor.teaches is not None


async def test_a_class_goes_on_at_its_sentence_after_a_restart() -> None:
    async with World() as world:
        room = await school(world)
        world.tutor_events.class_moved(room, move(phase=ClassPhase.PAUSED, sentence=2))
        await world.restart()
        tutor = world.view(room).tutor
        assert tutor is not None
        assert tutor.teaches is not None
        assert (tutor.teaches.phase, tutor.teaches.sentence) == (ClassPhase.PAUSED, 2)


async def test_a_class_that_a_crash_ends_has_lost_at_most_its_last_seconds() -> None:
    async with World(store_retry_s=10.0) as world:
        room = await school(world)
        world.tutor_events.class_moved(room, move(sentence=1))
        await world.pass_time(11)
        world.tutor_events.class_moved(room, move(sentence=2))
        await world.crash()
        tutor = world.view(room).tutor
        assert tutor is not None
        assert tutor.teaches is not None
        assert tutor.teaches.sentence == 1


@pytest.mark.parametrize(("phase", "stays"), [(ClassPhase.TEACHING, True), (ClassPhase.PAUSED, False)])
async def test_listening_to_a_class_is_no_silence(phase: ClassPhase, stays: bool) -> None:
    async with World(tutor_silence_s=60.0) as world:
        room = await school(world)
        world.tutor_events.report(room, TutorReport(TutorStatus.READY))
        world.tutor_events.class_moved(room, move(phase=phase, sentence=1))
        await world.pass_time(90)
        assert (world.tutors.goodbyes == []) is stays
