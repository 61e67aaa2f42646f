"""Runs the learner's lines of a file against the scripted tutor.

A file begins with `level | topic | name | native language`; each other line is what the learner says.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ai_agent.providers.local.scripted import ScriptedLlm
from ai_agent.providers.ports import ChatMessage, ChatRequest, LessonFacts, TextDelta

HERE = Path(__file__).parent
Purpose = Literal["greet", "reply"]


@dataclass(frozen=True, slots=True)
class Turn:
    number: int
    said: str
    answered: str


async def run(name_of_talk: str, text: str) -> list[Turn]:
    """`text`: of the file. The greeting is turn 0."""
    head, *lines = [line for line in text.splitlines() if line.strip()]
    level, topic, name, native = (field.strip() for field in head.split("|"))
    messages: list[ChatMessage] = []
    turns = list[Turn]()

    async def tutor(purpose: Purpose) -> str:
        lesson = LessonFacts(
            "en", level, topic, name, native, purpose, turn=len(turns), seed=zlib.crc32(name_of_talk.encode())
        )
        request = ChatRequest("", tuple(messages), lesson)
        parts = [part async for part in ScriptedLlm().stream(request)]
        text = "".join(part.text for part in parts if isinstance(part, TextDelta))
        messages.append(ChatMessage("tutor", text))
        return text

    turns.append(Turn(0, "", await tutor("greet")))
    for number, line in enumerate(lines, 1):
        messages.append(ChatMessage("learner", line, name))
        turns.append(Turn(number, line, await tutor("reply")))
    return turns


def files(folder: str) -> list[Path]:
    return sorted((HERE / folder).glob("*.txt"))
