"""Notices of the tutor without engines, in the language of the lesson."""

from __future__ import annotations

from pathlib import Path

import pytest

import ai_agent.tutor
from ai_agent.dialogue.notices import notices
from ai_agent.dialogue.ports import Lesson
from ai_agent.errors import EngineUnavailable
from tests.fakes.speech import SPEECH, Room, ScriptedLlm, ScriptedStt

PROMPTS = Path(ai_agent.tutor.__file__).parent / "prompts" / "languages"
TAUGHT = sorted(path.stem for path in PROMPTS.glob("*.md"))


@pytest.mark.parametrize("language", [name for name in TAUGHT if name != "en"])
def test_every_supported_language_has_its_own_notices(language: str) -> None:
    assert notices(language) != notices("en")
    assert notices(f"{language}-XX") == notices(language)


def test_a_language_without_notices_gets_the_english_ones() -> None:
    assert notices("tlh") == notices("en-GB")


async def test_an_apology_is_in_the_language_of_the_room() -> None:
    dead = ScriptedLlm([EngineUnavailable("mind")])
    async with Room(llm=dead, lesson=Lesson("Tutor", "de-DE", "A2", "food")) as room:
        room.dialogue.say("ann", "Hallo?")
        await room.run(10.0)
        assert room.sink.spoken == [notices("de").cannot_answer]


async def test_the_notice_about_a_failed_recogniser_is_in_the_language_of_the_room() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt, lesson=Lesson("Tutor", "fr-FR", "A2", "food")) as room:
        stt.streams[0].fails(EngineUnavailable("stt"))
        await room.settle()
        assert notices("fr").cannot_hear in "".join(room.sink.texts.values())


async def test_the_goodbye_is_spoken_in_the_language_of_the_room_without_the_chat_engine() -> None:
    llm = ScriptedLlm()
    async with Room(llm=llm, lesson=Lesson("Tutor", "vi-VN", "A2", "food")) as room:
        room.dialogue.say_goodbye()
        await room.run(10.0)
        assert room.sink.spoken == [notices("vi").goodbye]
        assert room.sink.kept[-1].text == notices("vi").goodbye
        assert room.heard_s > 1
        assert llm.requests == []


async def test_there_is_no_goodbye_while_somebody_speaks() -> None:
    async with Room(stt=ScriptedStt("I like rice")) as room:
        await room.run(0.5, ann=SPEECH)
        room.dialogue.say_goodbye()
        await room.run(0.5, ann=SPEECH)
        assert room.sink.texts == {}
