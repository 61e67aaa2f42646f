"""When a mistake is due again, by FSRS (https://github.com/open-spaced-repetition/py-fsrs). No clock, no I/O.

FSRS counts in days. A learner's days are those of their time zone: a mistake that is due in three days is due
from the first minute of that day, and two reviews are a day apart once midnight is between them.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import Enum

from fsrs import Card, Rating, Scheduler, State

from server.common.time_zones import zone_of
from server.learning.model import Schedule

_DAY = timedelta(days=1)
_SCHEDULER = Scheduler(
    learning_steps=[timedelta(minutes=10)], relearning_steps=[timedelta(minutes=10)], enable_fuzzing=False
)
"""One step: a sentence said rightly is due on another day, one that was not comes again after ten minutes.
Without fuzzing, because the same review must lead to the same day."""
MASTERED_DAYS = 21.0
"""Stability from which a mistake counts as mastered: nine of ten are remembered after three weeks."""


class Grade(Enum):
    """The result of an exercise: right at once, right at the second try, or wrong."""

    RIGHT = Rating.Good
    SECOND_TRY = Rating.Hard
    WRONG = Rating.Again


MAX_TRIES = 2


def grade_of(*, is_right: bool, gives_up: bool, attempt: int) -> Grade | None:
    """None if the answer decides nothing: it was wrong, and another try is left."""
    if is_right:
        return Grade.RIGHT if attempt == 1 else Grade.SECOND_TRY
    return Grade.WRONG if gives_up or attempt >= MAX_TRIES else None


def is_mastered(schedule: Schedule) -> bool:
    return schedule.state == State.Review and (schedule.stability or 0.0) >= MASTERED_DAYS


def after_review(schedule: Schedule, grade: Grade, at: float, time_zone: str | None) -> Schedule:
    """The schedule after a review. `at`: seconds since the epoch."""
    zone = zone_of(time_zone)
    now = datetime.fromtimestamp(at, zone)
    wall = now.replace(tzinfo=UTC)  # FSRS accepts only UTC; the difference of two local days is what it needs
    last = schedule.reviewed_at
    card = Card(
        card_id=0,  # without one, Card() sleeps to make one
        state=State(schedule.state),
        step=schedule.step,
        stability=schedule.stability,
        difficulty=schedule.difficulty,
        due=wall,
        last_review=None if last is None else _midnight(datetime.fromtimestamp(last, zone)),
    )
    reviewed, _ = _SCHEDULER.review_card(card, grade.value, wall)
    pause = reviewed.due - wall
    if pause < _DAY:
        due_at = at + pause.total_seconds()
    else:
        due_at = datetime.combine(now.date() + timedelta(days=pause.days), time(), zone).timestamp()
    return Schedule(
        due_at=due_at,
        state=reviewed.state.value,
        step=reviewed.step,
        stability=reviewed.stability,
        difficulty=reviewed.difficulty,
        reviewed_at=at,
    )


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), time(), UTC)
