"""Decides whom a turn addresses, from the earlier turns. Detects open questions and long silences."""

from __future__ import annotations

from ai_agent.dialogue.lesson_context import LessonContext
from ai_agent.dialogue.turn import Turn
from ai_agent.turns.addressed import Address, TurnContext, addressee
from ai_agent.turns.names import calls_by_name, last_sentence, talk_of

LONG_SILENCE_S = 25.0
"""After this much silence in a group the tutor may speak, if the host has allowed it."""
ALONE_SILENCE_S = 12.0
"""After this much silence of a learner who is alone with it, the tutor helps once."""
PEOPLE_FIRST_S = 3.0
"""People get this long to answer each other, before the tutor answers a question that named nobody."""
ASKED_S = 15.0
"""After the "ask the tutor" button the next words within this time are for the tutor."""


class Addressing:
    def __init__(self, context: LessonContext) -> None:
        self._context = context
        self._words_at: float | None = None
        self._silent_since: float | None = None
        self._silence_broken = False
        self._last_speaker: str | None = None
        """A learner's id, or "tutor"."""
        self._tutor_asked = False
        self._tutor_spoke_to: str | None = None
        self._asked_at: dict[str, float] = {}
        self._open_question: tuple[str, float] | None = None
        """The learner who asked, and the time."""

    def asked_anybody(self, learner_id: str, now: float) -> None:
        """A question for anybody: the tutor answers it unless another person speaks within PEOPLE_FIRST_S."""
        self._open_question = (learner_id, now)

    def open_question(self, now: float) -> str | None:
        """Asked while the tutor is idle. The learner whose question nobody has answered, once."""
        if self._open_question is None or now - self._open_question[1] < PEOPLE_FIRST_S:
            return None
        learner_id, _ = self._open_question
        self._open_question = None
        return learner_id

    def learner_spoke(self, learner_id: str, now: float) -> None:
        self._open_question = None
        self._last_speaker = learner_id
        self._words_at = now
        self._silence_broken = False

    def tutor_spoke(self, text: str, learner_id: str | None, now: float) -> None:
        """`learner_id`: the person answered; None: everyone. A person named in the text comes first."""
        self._open_question = None
        self._last_speaker = "tutor"
        self._words_at = now
        self._tutor_asked = text.endswith("?")
        self._tutor_spoke_to = self._called_in(text) or learner_id

    def _called_in(self, text: str) -> str | None:
        last = talk_of(last_sentence(text))
        people = self._context.people.values()
        return next((p.id for p in people if calls_by_name(last, p.name, self._context.phrases)), None)

    def asks_tutor(self, learner_id: str, now: float) -> None:
        """The learner pressed the button: their next turn is for the tutor."""
        self._asked_at[learner_id] = now

    def spoke_within(self, seconds: float, now: float) -> bool:
        """Anybody did."""
        return self._words_at is not None and now - self._words_at < seconds

    def addressee(self, turn: Turn, now: float, *, peek: bool = False) -> Address:
        """`peek`: the turn has not ended, so what `asks_tutor` noted stays valid."""
        context = self._context
        if context.lesson.one_to_one:
            return Address.TUTOR
        learner_id = turn.learner_id
        people = {**context.left, **context.people}
        learner = people.get(learner_id)
        asked_at = self._asked_at.get(learner_id)
        if not peek:
            self._asked_at.pop(learner_id, None)
        turn_context = TurnContext(
            tutor_name=context.lesson.tutor_name,
            others=[person.name for person in people.values() if person.id != learner_id],
            speaker=learner.name if learner else "",
            people=len(people),
            last_speaker=self._last_speaker_seen_by(learner_id),
            tutor_asked=self._tutor_asked,
            tutor_spoke_to=self._tutor_spoke_to in {None, learner_id},
            gap_s=0.0 if self._words_at is None else max(0.0, turn.started_at - self._words_at),
            interrupts_tutor=turn.interrupted or self._is_class,
            wants_tutor=turn.wants_tutor
            or (asked_at is not None and now - asked_at < ASKED_S)
            or bool(learner and learner.hand_raised),
        )
        return addressee(turn.text, turn_context, context.phrases)

    @property
    def _is_class(self) -> bool:
        """A class is taught: people ask the tutor, unless they name somebody else."""
        return self._context.in_class is not None and self._context.in_class.takes_turns

    def _last_speaker_seen_by(self, learner_id: str) -> str | None:
        if self._last_speaker in {None, "tutor"}:
            return self._last_speaker
        return "speaker" if self._last_speaker == learner_id else "other"

    def wait_for_learner(self) -> None:
        """After words of care: the talk goes on only if the person wants it to."""
        self._silence_broken = True

    def not_silent(self, now: float) -> None:
        """Somebody speaks, or a reply is due."""
        self._silent_since = now

    def may_break_silence(self, now: float) -> bool:
        """Asked while the tutor is idle. True once a silence."""
        if self._silent_since is None:
            self._silent_since = now
        lesson = self._context.lesson
        may_ever = bool(self._context.people) and (lesson.one_to_one or lesson.breaks_silence)
        longest_s = ALONE_SILENCE_S if lesson.one_to_one else LONG_SILENCE_S
        if self._silence_broken or not may_ever or now - self._silent_since < longest_s:
            return False
        self._silence_broken = True
        return True
