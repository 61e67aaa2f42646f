"""Feedback to one learner: from the chat engine's tool calls, checked, shown to them alone."""

from __future__ import annotations

import logging
from collections import OrderedDict
from contextlib import aclosing

from ai_agent.dialogue.conversation import Conversation, new_id
from ai_agent.dialogue.ports import Correction, PastMessage
from ai_agent.dialogue.tasks import Tasks
from ai_agent.errors import NoCapableEngine, ProviderError
from ai_agent.providers.ports import ChatMessage, TextDelta, ToolCall
from ai_agent.tutor.attribution import is_attributable
from ai_agent.tutor.feedback import GIVE_FEEDBACK, BadFeedback, NoFeedback, checked_feedback, no_feedback_text

log = logging.getLogger(__name__)

TURNS_KEPT = 50
PER_TURN = 5
_RIGHT: NoFeedback = "right"


class LearnerFeedback:
    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._given: OrderedDict[str, list[Correction]] = OrderedDict()
        self._last_turns: dict[str, tuple[str, str | None]] = {}
        self._tasks = Tasks()
        self._asking: set[str] = set()

    async def aclose(self) -> None:
        await self._tasks.aclose()

    def turn_was(self, learner_id: str, turn_id: str, message_id: str | None) -> None:
        """The turn that a request for feedback is about from now on."""
        self._last_turns[learner_id] = (turn_id, message_id)

    def give(self, call: ToolCall, learner_id: str, turn_id: str, message_id: str | None) -> bool:
        """False: it was dropped, as no correction, or one of words that this learner did not say: others'
        mistakes are not shown to them. What this turn was told already is not told again."""
        if call.name != GIVE_FEEDBACK.name:
            log.warning("the engine called an unknown tool")
            return False
        try:
            feedback = checked_feedback(call.arguments)
        except BadFeedback as error:
            log.info("feedback dropped: %s", error)
            return False
        history = self._conversation.history
        if not is_attributable(
            feedback.original, history.words_of(learner_id), history.words_of_others(learner_id)
        ):
            log.info("feedback dropped: the learner did not say that")
            return False
        given = self._given.setdefault(turn_id, [])
        while len(self._given) > TURNS_KEPT:
            self._given.popitem(last=False)
        if len(given) >= PER_TURN or any(_same(old, feedback.corrected, feedback.original) for old in given):
            return True
        correction = Correction(
            new_id(), feedback.original, feedback.corrected, feedback.explanation, feedback.category
        )
        given.append(correction)
        self._conversation.sink.show_feedback(learner_id, turn_id, correction, message_id)
        return True

    def ask(self, learner_id: str) -> None:
        """Feedback on their last turn: shown again if it was given, else asked for."""
        turn_id, message_id = self._last_turns.get(learner_id, (None, None))
        said = self._conversation.history.last_of(learner_id)
        if turn_id is None or said is None:
            self._none(learner_id, None, "nothing_said")
            return
        if learner_id in self._asking:
            return
        for correction in self._given.get(turn_id, ()):
            self._conversation.sink.show_feedback(learner_id, turn_id, correction, message_id)
        if not self._given.get(turn_id):
            self._asking.add(learner_id)
            work = self._look_closer(learner_id, turn_id, message_id, said)
            self._tasks.spawn(work, f"feedback for {learner_id}")

    async def _look_closer(
        self, learner_id: str, turn_id: str, message_id: str | None, said: PastMessage
    ) -> None:
        conversation = self._conversation
        learner = conversation.people.get(learner_id)
        request = conversation.request(
            learner, "feedback", unsaid=ChatMessage("learner", said.text, said.name)
        )
        text, reason = "", _RIGHT
        try:
            async with aclosing(conversation.engines.llm.stream(request)) as parts:
                async for part in parts:
                    if isinstance(part, TextDelta):
                        text += part.text
                    elif not self.give(part, learner_id, turn_id, message_id):
                        reason = "not_now"  # it found something, and could not say what
        except NoCapableEngine:
            reason = "cannot_check"
        except ProviderError as error:
            log.warning("no feedback: %s", error)
            reason = "not_now"
        finally:
            self._asking.discard(learner_id)
        if not self._given.get(turn_id):
            self._none(learner_id, turn_id, reason, text)

    def _none(self, learner_id: str, turn_id: str | None, reason: NoFeedback, text: str = "") -> None:
        """`text`: the engine's own words, if it looked and found nothing."""
        conversation = self._conversation
        own = text.strip()[:500] if reason == _RIGHT else ""
        words = own or no_feedback_text(conversation.lesson.level, reason)
        conversation.sink.show_no_feedback(learner_id, turn_id, words, reason)


def _same(old: Correction, corrected: str, original: str) -> bool:
    return old.corrected == corrected and old.original == original
