"""Whole conversations with scripted engines, on virtual time."""

from __future__ import annotations

from ai_agent.dialogue.ports import State
from tests.fakes.speech import Room, ScriptedLlm, ScriptedStt


async def test_a_spoken_turn_is_answered_aloud() -> None:
    async with Room(stt=ScriptedStt("I like rice"), llm=ScriptedLlm(["What do you eat with it?"])) as room:
        await room.speak(then=4.0)
        assert room.stage.finals == ["I like rice"]
        assert [kept.text for kept in room.stage.kept] == ["I like rice", "What do you eat with it?"]
        assert room.stage.states == [
            State.IDLE,
            State.LISTENING,
            State.THINKING,
            State.SPEAKING,
            State.IDLE,
        ]
        assert room.heard_s > 1.0
        assert room.llm.requests[0].messages[-1].text == "I like rice"
