"""Corrections for after the talk: of what was said to others in a group, for those who want them, and of the
last words of people who have left.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from contextlib import aclosing

from ai_agent.dialogue.answer import clean_answer
from ai_agent.dialogue.feedback import LearnerFeedback
from ai_agent.dialogue.history import History
from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.said import Said
from ai_agent.errors import ProviderError
from ai_agent.providers.ports import ChatMessage, Llm, ToolCall
from server.common.tasks import TaskSet
from server.protocol.tutor import Confidence

_log = logging.getLogger(__name__)

MAX_WAITING = 20
"""Turns that wait to be checked: corrections of more are lost where people talk faster than that."""
MAX_TURNS = 60
"""Of each person in a talk: a model is paid for."""


class LaterFeedback:
    """Checks one turn after the other."""

    def __init__(self, context: LessonContext, feedback: LearnerFeedback, llm: Llm) -> None:
        self._context = context
        self._feedback = feedback
        self._llm = llm
        self._waiting: deque[Said] = deque()
        self._checked: Counter[str] = Counter()
        self._tasks = TaskSet()
        self._is_working = False

    async def aclose(self) -> None:
        await self._tasks.aclose()

    async def wait(self) -> None:
        """Wait until all turns are checked."""
        await self._tasks.wait()

    def add(self, said: Said) -> None:
        """A turn that was not for the tutor: checked only if its speaker has asked for that."""
        if said.learner.wants_feedback and not self._context.lesson.one_to_one:
            self.check(said)

    def check(self, said: Said) -> None:
        """A turn whose answer does not come, and with it no corrections."""
        if said.confidence is Confidence.LOW or len(self._waiting) >= MAX_WAITING:
            return
        if self._checked[said.learner.id] >= MAX_TURNS or self._feedback.has_given(said.turn_id):
            return
        self._checked[said.learner.id] += 1
        self._waiting.append(said)
        if not self._is_working:
            self._is_working = True
            self._tasks.spawn(self._work(), "feedback for after the talk")

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._check(self._waiting.popleft())
        finally:
            self._is_working = False

    async def _check(self, said: Said) -> None:
        """The engine gets this turn alone: the others' words are not needed to correct it."""
        message = ChatMessage("learner", said.text, None, said.is_heard, said.confidence)
        request = self._context.chat_request(History(), said.learner, "feedback", unsaid=message)
        if self._context.care_plan(request, said.learner) is not None:
            return
        try:
            tutor = self._context.lesson.tutor_name
            async with aclosing(clean_answer(self._llm, request, tutor)) as parts:
                async for part in parts:
                    if isinstance(part, ToolCall):
                        self._feedback.give_later(
                            part, said.learner.id, said.turn_id, said.message_id, said.text
                        )
        except ProviderError as error:
            _log.info("a turn was not checked: %s", error)
