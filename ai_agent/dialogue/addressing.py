"""Decides whether a turn is addressed to the tutor, from the earlier turns. Detects long silences."""

from __future__ import annotations

from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.turn import Turn
from ai_agent.turns.addressed import TurnContext, is_for_tutor

LONG_SILENCE_S = 25.0
"""After this much silence the tutor may speak, if the host has allowed it."""
ASKED_S = 15.0
"""After the "ask the tutor" button the next words within this time are for the tutor."""


class Addressing:
    def __init__(self, context: LessonContext) -> None:
        self._context = context
        self._words_at: float | None = None
        self._silence_broken = False
        self._last_speaker: str | None = None
        """A learner's id, or "tutor"."""
        self._tutor_asked = False
        self._tutor_spoke_to: str | None = None
        self._asked_at: dict[str, float] = {}

    def learner_spoke(self, learner_id: str, now: float) -> None:
        self._last_speaker = learner_id
        self._words_at = now
        self._silence_broken = False

    def tutor_spoke(self, text: str, learner_id: str | None, now: float) -> None:
        """`learner_id`: the person addressed; None: everyone."""
        self._last_speaker = "tutor"
        self._words_at = now
        self._tutor_asked = text.endswith("?")
        self._tutor_spoke_to = learner_id

    def asks_tutor(self, learner_id: str, now: float) -> None:
        """The learner pressed the button: their next turn is for the tutor."""
        self._asked_at[learner_id] = now

    def spoke_within(self, seconds: float, now: float) -> bool:
        """Anybody did."""
        return self._words_at is not None and now - self._words_at < seconds

    def is_for_tutor(self, turn: Turn, now: float, *, peek: bool = False) -> bool:
        """`peek`: the turn has not ended, so what `asks_tutor` noted stays valid."""
        context = self._context
        if context.lesson.one_to_one:
            return True
        learner_id = turn.learner_id
        learner = context.people.get(learner_id)
        asked_at = self._asked_at.get(learner_id)
        if not peek:
            self._asked_at.pop(learner_id, None)
        turn_context = TurnContext(
            tutor_name=context.lesson.tutor_name,
            others=context.others(learner_id),
            people=len(context.people),
            last_speaker=self._last_speaker_seen_by(learner_id),
            tutor_asked=self._tutor_asked,
            tutor_spoke_to=self._tutor_spoke_to in {None, learner_id},
            gap_s=0.0 if self._words_at is None else max(0.0, turn.started_at - self._words_at),
            interrupts_tutor=turn.interrupted,
            wants_tutor=turn.wants_tutor
            or (asked_at is not None and now - asked_at < ASKED_S)
            or bool(learner and learner.hand_raised),
        )
        return is_for_tutor(turn.text, turn_context, context.phrases)

    def _last_speaker_seen_by(self, learner_id: str) -> str | None:
        if self._last_speaker in {None, "tutor"}:
            return self._last_speaker
        return "speaker" if self._last_speaker == learner_id else "other"

    def may_break_silence(self, now: float) -> bool:
        """Asked while the tutor is idle. True once a silence."""
        if self._words_at is None:
            self._words_at = now
        if not self._context.lesson.breaks_silence or self._silence_broken or not self._context.people:
            return False
        if now - self._words_at < LONG_SILENCE_S:
            return False
        self._silence_broken = True
        return True
