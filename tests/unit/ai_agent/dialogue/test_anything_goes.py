"""Random inputs in random order: nothing raises and the dialogue returns to idle."""

from __future__ import annotations

import logging
import random
from dataclasses import replace

import pytest

from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.errors import EngineUnavailable
from ai_agent.providers.ports import SttEventKind, ToolCall
from server.protocol.tutor import TutorState
from tests.fakes.speech import HUM, SPEECH, STILL, Room, ScriptedLlm, ScriptedStt

PEOPLE = (
    Learner("ann", "Ann", keep_audio=True),
    Learner("ben", "Ben"),
    Learner("cat", "Cat", recognition="browser"),
)
SAID: tuple[SttEventKind, ...] = ("partial", "final")
WORDS = ("yeah", "Emma what is that", "I like rice", "", "mm-hm", "no stop", "Ben and you")


def llm(luck: random.Random) -> ScriptedLlm:
    answers: list[list[str | ToolCall | EngineUnavailable]] = [
        ["Short."],
        ["One two three four five six seven eight. And nine ten?"],
        [ToolCall("give_feedback", {}), "Yes. "],
        [EngineUnavailable("mind")],
        ["Half of", EngineUnavailable("mind")],
        [],
    ]
    return ScriptedLlm(*(luck.choice(answers) for _ in range(200)))


def act(room: Room, stt: ScriptedStt, luck: random.Random) -> None:
    who, dialogue = luck.choice(("ann", "ben", "cat", "nobody")), room.dialogue
    match luck.randrange(11):
        case 0:
            dialogue.say(who, luck.choice(WORDS))
        case 1:
            dialogue.hold(who, luck.random() < 0.5)
        case 2:
            dialogue.recognized(who, luck.choice(WORDS), is_final=luck.random() < 0.5)
        case 3:
            dialogue.ask_tutor(who)
        case 4:
            dialogue.ask_feedback(who)
        case 5:
            some = luck.sample(PEOPLE, luck.randint(0, 3))
            dialogue.set_people([replace(person, is_reached=luck.random() < 0.6) for person in some])
        case 6:
            lesson = Lesson("Emma", "en", luck.choice(("A1", "C2")), "food", one_to_one=luck.random() < 0.5)
            dialogue.set_lesson(replace(lesson, breaks_silence=luck.random() < 0.3))
        case 7 if stt.streams:
            luck.choice(stt.streams).says(luck.choice(SAID), luck.choice(WORDS))
        case 8 if stt.streams:
            kinds: tuple[SttEventKind, ...] = (
                "start_of_turn",
                "eager_end_of_turn",
                "turn_resumed",
                "end_of_turn",
                "flushed",
            )
            luck.choice(stt.streams).says(luck.choice(kinds), luck.choice(WORDS))
        case _:
            dialogue.pause_audio(who, room.now)


@pytest.mark.parametrize("seed", range(24))
async def test_no_input_breaks_the_dialogues_invariants(seed: int, caplog: pytest.LogCaptureFixture) -> None:
    luck = random.Random(seed)
    stt = ScriptedStt(*(luck.choice(WORDS) for _ in range(300)), detects_turns=seed % 4 == 3)
    lesson = Lesson("Emma", "en", "B1", "food", one_to_one=seed % 2 == 0)
    async with Room(stt=stt, llm=llm(luck), people=PEOPLE, lesson=lesson) as room:
        for _ in range(60):
            act(room, stt, luck)
            if luck.random() < 0.1:
                room.dialogue.rewind(luck.uniform(0.0, 8.0))
            sounds = {who: luck.choice((SPEECH, HUM, STILL)) for who in ("ann", "ben") if luck.random() < 0.4}
            await room.run(luck.choice((0.02, 0.1, 0.3, 0.8)), **sounds)
        room.dialogue.set_people(PEOPLE)
        room.dialogue.set_lesson(Lesson("Emma", "en", "B1", "food"))
        for learner in PEOPLE:
            room.dialogue.hold(learner.id, False)
            room.dialogue.pause_audio(learner.id, room.now)
        await room.run(30.0)
        assert room.state() is TutorState.IDLE
        room.dialogue.say("ann", "Are you still there?")
        assert room.state() is TutorState.THINKING
        assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == []
        kept = [m.message_id for m in room.sink.kept if m.role == "tutor"]
        assert len(kept) == len(set(kept))
