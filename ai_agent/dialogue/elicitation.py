"""Chooses the correction that each learner is asked to mend before it is shown, and judges their next
turn."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from ai_agent.tutor.elicit.compare import Mended, Retry, compared
from ai_agent.tutor.elicit.table import Event, Move, Progress
from server.protocol.tutor import FeedbackItem

MAX_LEARNERS = 50


@dataclass(frozen=True, slots=True)
class Target:
    """A sentence that the learner is asked to mend: a correction, `item`, that is hidden until then, of the
    message `message_id`; or a mistake of earlier talks that is due for review, `mistake_id`.
    """

    original: str
    corrected: str
    item: FeedbackItem | None = None
    message_id: str | None = None
    mistake_id: str | None = None


@dataclass(frozen=True, slots=True)
class _State:
    """`answered`: the turn that was the last answer, and the target it was for."""

    progress: Progress = Progress()
    target: Target | None = None
    answered: tuple[str, Target] | None = None


class Elicitation:
    """Only of learners who are alone with the tutor: mistakes are not spoken of before others."""

    def __init__(self) -> None:
        self._states: OrderedDict[str, _State] = OrderedDict()

    def may_ask(self, learner_id: str, level: str) -> bool:
        return self._of(learner_id).progress.may_ask(level)

    def target(self, learner_id: str) -> Target | None:
        """Return what the learner is asked to mend."""
        return self._of(learner_id).target

    def exercise(self, learner_id: str, target: Target) -> None:
        """The tutor's greeting asks to mend a mistake that is due for review."""
        state = self._of(learner_id)
        progress, _ = state.progress.after(Event.TARGET)
        self._keep(learner_id, replace(state, progress=progress, target=state.target or target))

    def corrected(self, learner_id: str, target: Target, *, is_asked: bool) -> bool:
        """A correction was found; `is_asked`: the tutor wants it to be mended. Whether it is hidden."""
        state = self._of(learner_id)
        progress, move = state.progress.after(Event.TARGET if is_asked else Event.CORRECTION)
        is_hidden = move is Move.ASK
        self._keep(
            learner_id, replace(state, progress=progress, target=target if is_hidden else state.target)
        )
        return is_hidden

    def retry(self, learner_id: str, said: str) -> Retry | None:
        """Judge these words as an answer to "try that again". None: nothing was asked. Changes nothing."""
        target = self._of(learner_id).target
        if target is None:
            return None
        retry = compared(target.original, target.corrected, said)
        return replace(retry, is_exercise=target.mistake_id is not None)

    def answered(self, learner_id: str, turn_id: str, said: str) -> tuple[Target, Retry] | None:
        """The learner's next turn. What it was an answer to, which may be shown now."""
        state, retry = self._of(learner_id), self.retry(learner_id, said)
        if state.target is None or retry is None:
            return None
        progress, _ = state.progress.after(retry.outcome.event)
        self._keep(learner_id, _State(progress, None, (turn_id, state.target)))
        return state.target, retry

    def answered_by(self, learner_id: str, turn_id: str) -> Target | None:
        """The correction that this turn was an answer to."""
        answered = self._of(learner_id).answered
        return answered[1] if answered is not None and answered[0] == turn_id else None

    def asked_anew(self, learner_id: str, turn_id: str) -> None:
        """The words of that turn were others: if it was an answer, it is compared again."""
        state = self._of(learner_id)
        target = self.answered_by(learner_id, turn_id)
        if target is not None and state.target is None:
            progress, _ = state.progress.after(Event.TARGET)
            self._keep(learner_id, _State(progress, target))

    def shown(self, learner_id: str) -> Target | None:
        """The learner wants to see the correction. It is shown now; None: none is hidden."""
        state = self._of(learner_id)
        if state.target is None or state.target.item is None:
            return None
        progress, _ = state.progress.after(Mended.OTHER.event)
        self._keep(learner_id, _State(progress))
        return state.target

    def withdrawn(self, turn_id: str, text: str) -> None:
        """The words of a turn are `text`: a correction of other words is forgotten."""
        for learner_id, state in list(self._states.items()):
            item = state.target.item if state.target else None
            if item is not None and item.turn_id == turn_id and item.original_sentence not in text:
                progress, _ = state.progress.after(Event.WITHDRAWN)
                self._keep(learner_id, _State(progress))

    def _of(self, learner_id: str) -> _State:
        return self._states.get(learner_id, _State())

    def _keep(self, learner_id: str, state: _State) -> None:
        self._states[learner_id] = state
        while len(self._states) > MAX_LEARNERS:
            self._states.popitem(last=False)
