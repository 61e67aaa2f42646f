"""Recorded answers of language models reach a learner, over HTTP through all layers."""

from __future__ import annotations

import asyncio
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.providers.cloud.openai_chat import OpenAiChat
from tests.fakes.speech import Room
from tests.fakes.vendors.openai import Delta, openai, text, tool_arguments, tool_call

ANSWERS = tomllib.loads(Path(__file__).with_name("recorded_answers.toml").read_text("utf-8"))["answer"]
TIMEOUT_S = 20.0


def deltas(parts: list[Any]) -> list[Delta]:
    found: list[Delta] = []
    for index, part in enumerate(parts):
        if isinstance(part, str):
            found.append(text(part))
            continue
        arguments = {
            "originalSentence": part["original"],
            "correctedSentence": part["corrected"],
            "explanation": "So it is said.",
            "category": "other",
        } | ({"hint": part["hint"]} if "hint" in part else {})
        found += [tool_call("give_feedback", index), tool_arguments(json.dumps(arguments), index)]
    return found


@pytest.mark.parametrize("recorded", ANSWERS, ids=lambda recorded: recorded["name"])
async def test_recorded_answer(recorded: dict[str, Any]) -> None:
    lesson = Lesson("Emma", "en", recorded.get("level", "B1"), "everyday life", rate=1.0)
    async with openai() as vendor:
        vendor.answers = [deltas(parts) for parts in recorded["answers"]]
        chat = OpenAiChat("key", "model", vendor.url)
        async with Room(mind=chat, lesson=lesson, people=(Learner("ann", "Ann", country="GB"),)) as room:
            room.dialogue.say("ann", recorded["said"])
            async with asyncio.timeout(TIMEOUT_S):
                while not room.sink.spoken:
                    await room.run(0.1)
                    await asyncio.sleep(0.001)  # virtual time does not wait for the server
        await chat.aclose()
    spoken = room.sink.spoken[0] or ""
    assert recorded.get("spoken_has", "") in spoken
    assert spoken == recorded.get("spoken", spoken)
    assert [item.corrected_sentence for _, item in room.sink.feedback] == recorded["shown"]
    if "hint" in recorded:
        assert room.sink.feedback[-1][1].hint == recorded["hint"]
    elif room.sink.feedback:
        assert room.sink.feedback[-1][1].hint is None
    assert len(vendor.calls) == recorded.get("asks", 1)
    if "told" in recorded:
        assert recorded["told"] in json.loads(vendor.calls[-1].body)["messages"][0]["content"]
