"""The learner asks the tutor to speak more slowly or faster, and its voice changes at once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ai_agent.dialogue.ports import Lesson
from ai_agent.providers.local.scripted import ScriptedLlm
from tests.fakes.speech import Room, ScriptedTts

LESSON = Lesson("Emma", "en", "A2", "food", rate=1.0)


def rates(room: Room) -> list[float]:
    assert isinstance(room.tts, ScriptedTts)
    return [request.rate for request in room.tts.requests]


async def test_the_answer_to_slower_is_spoken_more_slowly_and_so_is_the_next() -> None:
    room = Room(mind=ScriptedLlm(), lesson=LESSON)
    async with room:
        room.dialogue.say("ann", "slower please")
        await room.run(8.0)
        asked = rates(room)
        room.dialogue.say("ann", "i like noodles")
        await room.run(8.0)
    assert asked
    assert rates(room) == [pytest.approx(0.85)] * len(rates(room))
    assert len(rates(room)) > len(asked)


async def test_the_rate_stays_when_the_topic_changes_and_follows_the_settings_when_they_do() -> None:
    room = Room(mind=ScriptedLlm(), lesson=LESSON)
    async with room:
        room.dialogue.say("ann", "slower please")
        await room.run(8.0)
        room.dialogue.set_lesson(replace(LESSON, topic="music"))
        room.dialogue.say("ann", "yes")
        await room.run(8.0)
        assert rates(room)[-1] == pytest.approx(0.85)
        room.dialogue.set_lesson(replace(LESSON, topic="music", rate=1.2))
        room.dialogue.say("ann", "yes")
        await room.run(8.0)
        assert rates(room)[-1] == pytest.approx(1.2)
