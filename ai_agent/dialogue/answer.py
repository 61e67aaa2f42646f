"""A chat engine's answer, fit to be spoken and shown, whatever the model's habits are."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace

from ai_agent.errors import InvalidResponse
from ai_agent.providers.ports import ChatRequest, Llm, ToolCall
from ai_agent.tutor.speakable import Cleaner, CleanPart, repaired
from server.protocol.agents import PassageRef

_log = logging.getLogger(__name__)

MAX_SENTENCES: Mapping[str, int] = {"A1": 3, "A2": 4, "B1": 5, "B2": 6, "C1": 7, "C2": 8}
"""A model that says more has lost its prompt. One beyond what the level's prompt asks for, at least."""


@dataclass(frozen=True, slots=True)
class Cited:
    """The passages of documents that the answer draws on."""

    passages: tuple[PassageRef, ...]


AnswerPart = CleanPart | Cited


async def clean_answer(llm: Llm, request: ChatRequest, tutor: str) -> AsyncGenerator[AnswerPart, None]:
    """An answer without a word to say is asked for once more, without tools. A model's answer ends after the
    sentences that its level allows; scripted ones are written for their level.

    Raises ProviderError, also if the second answer is empty.
    """
    wants_words = request.lesson.purpose != "feedback"
    for asked in (request, replace(request, tools=())) if wants_words else (request,):
        is_empty = True
        async with aclosing(_cleaned(llm, asked, tutor)) as parts:
            async for part in parts:
                is_empty = is_empty and not (isinstance(part, str) and part.strip())
                yield part
        if not is_empty or not wants_words:
            return
        _log.info("the answer has nothing to say", extra={"engine": llm.card.name})
    raise InvalidResponse(llm.card.name, "the answer is empty")


async def _cleaned(llm: Llm, request: ChatRequest, tutor: str) -> AsyncGenerator[AnswerPart, None]:
    cleaner: Cleaner | None = None
    async with aclosing(llm.stream(request)) as parts:
        async for part in parts:
            if isinstance(part, ToolCall):
                yield repaired(part)
                continue
            if part.passages:
                yield Cited(part.passages)
            # which engine answers is known with its first part
            cleaner = cleaner or _cleaner(request, tutor, is_scripted=llm.card.is_scripted)
            for clean in cleaner.feed(part.text):
                yield clean
    for clean in cleaner.finish() if cleaner else ():
        yield clean


def _cleaner(request: ChatRequest, tutor: str, *, is_scripted: bool) -> Cleaner:
    lesson = request.lesson
    names = {message.name for message in request.messages if message.name}
    return Cleaner(
        lesson.language,
        tutor=tutor,
        people=sorted(names | ({lesson.learner} if lesson.learner else set())),
        max_sentences=None if is_scripted else MAX_SENTENCES.get(lesson.level, 5),
    )
