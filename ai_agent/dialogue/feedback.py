"""Feedback to one learner: from the chat engine's tool calls, checked, shown to that learner alone."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import aclosing

from ai_agent.dialogue.answer import Cited, clean_answer
from ai_agent.dialogue.elicitation import Target
from ai_agent.dialogue.history import History
from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.ports import DialogueSink, PastMessage, new_id
from ai_agent.errors import NoCapableEngine, ProviderError
from ai_agent.providers.ports import ChatMessage, Llm, ToolCall
from ai_agent.tutor.attribution import is_attributable
from ai_agent.tutor.elicit.compare import Mended, is_said, words
from ai_agent.tutor.feedback_tool import (
    GIVE_FEEDBACK,
    BadFeedback,
    CheckedFeedback,
    checked_feedback,
    no_feedback_text,
)
from ai_agent.tutor.speakable import DroppedCall
from server.common.tasks import TaskSet
from server.protocol.agents import ExerciseResult
from server.protocol.base import short_text
from server.protocol.tutor import (
    Confidence,
    FeedbackCategory,
    FeedbackItem,
    FeedbackNonePart,
    NoFeedbackReason,
)

_log = logging.getLogger(__name__)

MAX_TURNS = 50
"""Turns whose feedback is remembered."""
MAX_PER_TURN = 5
NO_GRAMMAR = frozenset(FeedbackCategory) - {FeedbackCategory.WORD_CHOICE}
"""Held back where the recogniser is not sure of the words: it may have dropped or changed the little ones."""


class LearnerFeedback:
    def __init__(self, context: LessonContext, history: History, llm: Llm, sink: DialogueSink) -> None:
        self._context = context
        self._history = history
        self._llm = llm
        self._sink = sink
        self._given: OrderedDict[str, list[FeedbackItem]] = OrderedDict()
        self._confidences: OrderedDict[str, Confidence | None] = OrderedDict()
        self._last_turns: dict[str, tuple[str, str | None]] = {}
        self._tasks = TaskSet()
        self._asking: set[str] = set()

    async def aclose(self) -> None:
        await self._tasks.aclose()

    def set_last_turn(self, learner_id: str, turn_id: str, message_id: str | None) -> None:
        """The turn that a request for feedback is about from now on."""
        self._last_turns[learner_id] = (turn_id, message_id)

    def heard(self, turn_id: str, text: str, confidence: Confidence | None) -> None:
        """The words of a turn as they are now known: corrections of others are forgotten."""
        self._context.elicitation.withdrawn(turn_id, text)
        self._confidences[turn_id] = confidence
        while len(self._confidences) > MAX_TURNS:
            self._confidences.popitem(last=False)
        if turn_id in self._given:
            self._given[turn_id] = [item for item in self._given[turn_id] if item.original_sentence in text]

    def has_given(self, turn_id: str) -> bool:
        """Whether the turn has corrections."""
        return bool(self._given.get(turn_id))

    def give(self, call: ToolCall, learner_id: str, turn_id: str, message_id: str | None) -> bool:
        """False: dropped, because it is no correction or corrects words that this learner did not say (other
        people's mistakes are not shown to them). A correction already given for the turn is not repeated.
        """
        own, others = self._history.words_of(learner_id), self._history.words_of_others(learner_id)
        feedback = self._checked(call, turn_id, own, others)
        if feedback is None:
            return False
        given = self._given.setdefault(turn_id, [])
        while len(self._given) > MAX_TURNS:
            self._given.popitem(last=False)
        pair = (short_text(feedback.original), short_text(feedback.corrected))
        is_known = any((old.original_sentence, old.corrected_sentence) == pair for old in given)
        if is_known or len(given) >= MAX_PER_TURN or self._was_answered(learner_id, turn_id, pair[1]):
            return True
        item = _item(feedback, turn_id)
        given.append(item)
        hint = self._hint(learner_id, feedback, Target(*pair, item, message_id))
        self._sink.show_feedback(learner_id, item.model_copy(update={"hint": hint}), message_id)
        return True

    def give_later(
        self, call: ToolCall, learner_id: str, turn_id: str, message_id: str | None, said: str
    ) -> None:
        """A correction of `said`, which was not said to the tutor: stored, to be seen after the talk."""
        if (feedback := self._checked(call, turn_id, said, ())) is not None:
            self._sink.show_feedback(learner_id, _item(feedback, turn_id), message_id, later=True)

    def _checked(
        self, call: ToolCall, turn_id: str, own: str, others: Iterable[str]
    ) -> CheckedFeedback | None:
        """None: it is dropped."""
        if call.name != GIVE_FEEDBACK.name:
            _log.warning("feedback dropped: unknown tool")
            return None
        try:
            feedback = checked_feedback(call.arguments)
        except BadFeedback as error:
            _log.info("feedback dropped: %s", error)
            return None
        if not is_attributable(feedback.original, own, others):
            _log.info("feedback dropped: the learner did not say that")
            return None
        if self._is_doubtful(turn_id, FeedbackCategory(feedback.category)):
            _log.info("feedback dropped: the words may have been misheard")
            return None
        return feedback

    def _hint(self, learner_id: str, feedback: CheckedFeedback, target: Target) -> str | None:
        """The hint that is shown in place of the correction; None: the correction is shown."""
        elicitation, lesson = self._context.elicitation, self._context.lesson
        is_asked = bool(feedback.hint) and lesson.one_to_one
        is_asked = is_asked and elicitation.may_ask(learner_id, lesson.level)
        is_hidden = elicitation.corrected(learner_id, target, is_asked=is_asked)
        return short_text(feedback.hint) if is_hidden else None

    def _was_answered(self, learner_id: str, turn_id: str, corrected: str) -> bool:
        """Whether the turn was an answer to "try that again", and this its correction."""
        target = self._context.elicitation.answered_by(learner_id, turn_id)
        return target is not None and words(target.corrected) == words(corrected)

    def answers(self, learner_id: str, turn_id: str, said: str, *, is_sure: bool) -> None:
        """The learner's turn, once its reply was asked for: a correction that was hidden until now is shown,
        and the result of an exercise reported. `is_sure`: these words were surely said.
        """
        answered = self._context.elicitation.answered(learner_id, turn_id, said)
        if answered is None:
            return
        target, retry = answered
        self._show(learner_id, target)
        is_right = retry.outcome is Mended.RIGHT
        if target.mistake_id is not None and retry.outcome is not Mended.OTHER and (is_right or is_sure):
            result = ExerciseResult.RIGHT if is_right else ExerciseResult.WRONG
            self._sink.practised_mistake(learner_id, target.mistake_id, result)

    def tutor_said(self, learner_id: str, turn_id: str, spoken: str) -> None:
        """A model that gave the answer aloud has nothing to hide on the page."""
        target = self._context.elicitation.target(learner_id)
        if target is None or target.item is None or target.item.turn_id != turn_id:
            return
        if is_said(target.corrected, spoken):
            self._show(learner_id, self._context.elicitation.shown(learner_id))

    def _show(self, learner_id: str, target: Target | None) -> None:
        if target is not None and target.item is not None:
            self._sink.show_feedback(learner_id, target.item, target.message_id)

    def _is_doubtful(self, turn_id: str, category: FeedbackCategory) -> bool:
        confidence = self._confidences.get(turn_id)
        return confidence is Confidence.LOW or (confidence is Confidence.MIDDLE and category in NO_GRAMMAR)

    def ask(self, learner_id: str) -> None:
        """Feedback on the learner's last turn: shown again if there is any, else the engine is asked."""
        if (target := self._context.elicitation.shown(learner_id)) is not None:
            self._show(learner_id, target)
            return
        turn_id, message_id = self._last_turns.get(learner_id, (None, None))
        said = self._history.last_of(learner_id)
        if turn_id is None or said is None:
            self._show_none(learner_id, None, NoFeedbackReason.NOTHING_SAID)
            return
        if learner_id in self._asking:
            return
        if self._confidences.get(turn_id) is Confidence.LOW:
            self._show_none(learner_id, turn_id, NoFeedbackReason.NOT_SURE)
            return
        given = self._given.get(turn_id, ())
        for item in given:
            self._sink.show_feedback(learner_id, item, message_id)
        if not given:
            self._asking.add(learner_id)
            work = self._ask_engine(learner_id, turn_id, message_id, said)
            self._tasks.spawn(work, f"feedback for {learner_id}")

    async def _ask_engine(
        self, learner_id: str, turn_id: str, message_id: str | None, said: PastMessage
    ) -> None:
        request = self._context.chat_request(
            self._history,
            self._context.people.get(learner_id),
            "feedback",
            unsaid=ChatMessage("learner", said.text, said.name, said.spoken, said.confidence),
        )
        text, reason = "", NoFeedbackReason.RIGHT
        if plan := self._context.care_plan(request, self._context.people.get(learner_id)):
            self._asking.discard(learner_id)
            self._show_none(learner_id, turn_id, reason, plan.text)
            return
        try:
            tutor = self._context.lesson.tutor_name
            async with aclosing(clean_answer(self._llm, request, tutor)) as parts:
                async for part in parts:
                    if isinstance(part, str):
                        text += part
                    elif isinstance(part, Cited):
                        continue
                    elif isinstance(part, DroppedCall) or not self.give(
                        part, learner_id, turn_id, message_id
                    ):
                        # it found a mistake but its correction was dropped
                        is_sure = self._confidences.get(turn_id) is not Confidence.MIDDLE
                        reason = NoFeedbackReason.NOT_NOW if is_sure else NoFeedbackReason.NOT_SURE
        except NoCapableEngine:
            reason = NoFeedbackReason.CANNOT_CHECK
        except ProviderError as error:
            _log.warning("feedback failed: %s", error)
            reason = NoFeedbackReason.NOT_NOW
        finally:
            self._asking.discard(learner_id)
        if not self._given.get(turn_id):
            self._show_none(learner_id, turn_id, reason, text)

    def _show_none(
        self, learner_id: str, turn_id: str | None, reason: NoFeedbackReason, text: str = ""
    ) -> None:
        """`text`: the engine's own words, shown if it found no mistake."""
        own = text.strip()[:500] if reason is NoFeedbackReason.RIGHT else ""
        words = own or no_feedback_text(self._context.lesson.level, reason)
        part = FeedbackNonePart(turn_id=turn_id, text=short_text(words), reason=reason)
        self._sink.show_no_feedback(learner_id, part)


def _item(feedback: CheckedFeedback, turn_id: str) -> FeedbackItem:
    return FeedbackItem(
        id=new_id(),
        turn_id=turn_id,
        original_sentence=short_text(feedback.original),
        corrected_sentence=short_text(feedback.corrected),
        explanation=short_text(feedback.explanation),
        category=FeedbackCategory(feedback.category),
    )
