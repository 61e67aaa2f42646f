"""A model's answer, sentence by sentence at the learner's level: what is far too hard is asked for again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from ai_agent.dialogue.answer import AnswerPart, clean_answer
from ai_agent.dialogue.sentences import Sentences
from ai_agent.errors import ProviderError
from ai_agent.providers.ports import ChatRequest, Llm
from ai_agent.tutor.level.measure import Fault, fault_of, words_in
from ai_agent.tutor.prompting import simpler_prompt

_log = logging.getLogger(__name__)

SIMPLER_S = 6.0
"""The second answer has this long: about as long as the first sentence is spoken."""


class LevelGate:
    """Passes text until a sentence that is far too hard. Pure. `fault`: why it has closed. `said`: all that
    has passed. `is_first_free`: the first sentence passes as it comes, because its voice must not wait, and
    is measured at its end; others wait for their ends, as the speech engine does.
    """

    def __init__(self, request: ChatRequest, *, is_first_free: bool = True) -> None:
        lesson = request.lesson
        self.fault: Fault | None = None
        self.said = ""
        self._level, self._language = lesson.level, lesson.language
        own = " ".join(m.text for m in request.messages if m.role == "learner")
        self._known = words_in(f"{own} {lesson.topic} {lesson.learner}")
        self._sentences = Sentences()
        self._text = ""
        self._passing = 0
        """Length of the text up to the end of the last sentence that passes."""
        self._begun = ""
        """The first clauses of a sentence that was split at a comma."""
        self._is_free = is_first_free

    def feed(self, delta: str) -> str:
        """Return what passes now."""
        if self.fault is not None:
            return ""
        self._text += delta
        for piece in self._sentences.feed(delta):
            self._take(piece)
        return self._passed(len(self._text) if self._is_free else self._passing)

    def finish(self) -> str:
        """The end of the answer."""
        for piece in self._sentences.finish() if self.fault is None else ():
            self._take(piece)
        return self._passed(self._passing)

    def _take(self, piece: str) -> None:
        if self.fault is not None:
            return
        is_free, self._is_free = self._is_free, False
        whole = self._begun + piece
        self.fault = fault_of(whole, self._level, self._language, self._known)
        if self.fault is None or is_free:
            self._passing += len(piece)
        self._begun = "" if piece.rstrip().endswith((".", "!", "?", "…", "。", "！", "？")) else whole

    def _passed(self, end: int) -> str:
        new = self._text[len(self.said) : end]
        self.said += new
        return new


async def levelled_answer(llm: Llm, request: ChatRequest, tutor: str) -> AsyncGenerator[AnswerPart, None]:
    """Like `clean_answer`. After a sentence far above the level the rest is dropped, and if no question has
    been asked yet, a simpler end is asked for once. Scripted answers are written for their level.
    """
    gate = LevelGate(request)
    async with aclosing(clean_answer(llm, request, tutor)) as parts:
        async for part in parts:
            if not isinstance(part, str) or llm.card.is_scripted:
                yield part  # also tool calls that follow the text that is dropped
            elif text := gate.feed(part):
                yield text
    if text := gate.finish():
        yield text
    if gate.fault is None:
        return
    _log.info("answer is above the level", extra={"fault": gate.fault.value, "engine": llm.card.name})
    if "?" not in gate.said and "？" not in gate.said:
        more = await _simpler(llm, request, tutor, gate.said)
        yield f" {more}" if gate.said and not gate.said[-1].isspace() else more


async def _simpler(llm: Llm, request: ChatRequest, tutor: str, said: str) -> str:
    """Its sentences that fit, as many as came in time; may be empty: what was said then stands alone."""
    prompt = f"{request.system}\n\n{simpler_prompt(request.lesson, said)}"
    asked = replace(request, system=prompt, tools=())
    gate = LevelGate(asked, is_first_free=False)
    try:
        async with asyncio.timeout(SIMPLER_S), aclosing(clean_answer(llm, asked, tutor)) as parts:
            async for part in parts:
                if isinstance(part, str):
                    gate.feed(part)
        gate.finish()
    except (ProviderError, TimeoutError) as error:
        _log.info("no whole simpler answer: %s", error)
    return gate.said
