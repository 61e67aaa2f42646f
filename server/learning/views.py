"""Stored mistakes as messages of the REST API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from server.learning.model import Exercise, Mistake, Sentence, Verdict, WeekOfTurns
from server.learning.review import is_mastered
from server.protocol import learning as wire
from server.protocol.tutor import FeedbackCategory
from server.rooms.views import timestamp


def list_view(mistakes: Sequence[Mistake], now: float) -> wire.MistakeList:
    return wire.MistakeList(
        items=[wire.Mistake(**_fields(mistake)) for mistake in mistakes],
        due=sum(mistake.schedule.due_at <= now for mistake in mistakes),
    )


def detail_view(mistake: Mistake, sentences: Sequence[Sentence]) -> wire.MistakeDetail:
    return wire.MistakeDetail(**_fields(mistake), sentences=[_sentence(one) for one in sentences])


def reviews_view(due: int, exercises: Sequence[Exercise]) -> wire.Reviews:
    return wire.Reviews(due=due, exercises=[_exercise(one) for one in exercises])


def result_view(verdict: Verdict) -> wire.ReviewResult:
    return wire.ReviewResult(
        is_right=verdict.is_right,
        answer=verdict.answer,
        was_rated=verdict.was_rated,
        due_at=timestamp(verdict.mistake.schedule.due_at),
    )


def accuracy_view(weeks: Sequence[WeekOfTurns]) -> wire.Accuracy:
    corrected: Counter[FeedbackCategory] = Counter()
    for week in weeks:
        corrected.update(week.corrected)
    return wire.Accuracy(
        weeks=[week.first_day.isoformat() for week in weeks],
        turns=[week.turns for week in weeks],
        categories=[
            wire.CategoryAccuracy(
                category=category,
                right=[max(0, week.turns - week.corrected.get(category, 0)) for week in weeks],
            )
            for category, _ in corrected.most_common()
        ],
    )


def _fields(mistake: Mistake) -> dict[str, Any]:
    pattern = mistake.pattern
    return {
        "id": mistake.id,
        "language": pattern.language,
        "category": pattern.category,
        "said": pattern.said,
        "right": pattern.right,
        "times": mistake.times,
        "first_at": timestamp(mistake.first_at),
        "last_at": timestamp(mistake.last_at),
        "reviews": mistake.reviews,
        "right_reviews": mistake.right_reviews,
        "due_at": timestamp(mistake.schedule.due_at),
        "is_mastered": is_mastered(mistake.schedule),
    }


def _sentence(sentence: Sentence) -> wire.MistakeSentence:
    return wire.MistakeSentence(
        id=sentence.id,
        conversation_id=sentence.conversation_id,
        at=timestamp(sentence.at),
        original_sentence=sentence.original,
        corrected_sentence=sentence.corrected,
        explanation=sentence.explanation,
    )


def _exercise(exercise: Exercise) -> wire.Exercise:
    mistake, sentence = exercise.mistake, exercise.sentence
    return wire.Exercise(
        mistake_id=mistake.id,
        language=mistake.pattern.language,
        category=mistake.pattern.category,
        sentence=sentence.original,
        explanation=sentence.explanation,
        times=mistake.times,
    )
