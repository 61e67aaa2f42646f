"""Stored mistakes, words and summaries as messages of the REST API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from server.learning.gaps import with_gap
from server.learning.model import Exercise, Mistake, Sentence, Verdict, WeekOfTurns, Word, WordVerdict
from server.learning.review import is_mastered
from server.learning.summary import Summary
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


def word_list_view(words: Sequence[Word], due: int) -> wire.WordList:
    return wire.WordList(items=[_word(word) for word in words], due=due)


def word_reviews_view(due: int, words: Sequence[Word]) -> wire.WordReviews:
    return wire.WordReviews(due=due, exercises=[_word_exercise(word) for word in words])


def word_result_view(verdict: WordVerdict) -> wire.ReviewResult:
    return wire.ReviewResult(
        is_right=verdict.is_right,
        answer=verdict.answer,
        was_rated=verdict.was_rated,
        due_at=timestamp(verdict.word.schedule.due_at),
    )


def summary_view(summary: Summary) -> wire.TalkSummary:
    return wire.TalkSummary(
        conversation_id=summary.conversation_id,
        language=summary.language,
        minutes=round(summary.practice_s / 60, 1),
        speaking_minutes=round(summary.speaking_s / 60, 1),
        turns=summary.turns,
        sentences=summary.sentences,
        right=summary.right,
        corrections=summary.corrections,
        mended=list(summary.mended),
        used=list(summary.used),
        keep=[
            wire.KeptCorrection(item=kept.item, times=kept.times, mistake_id=kept.mistake_id)
            for kept in summary.keep
        ],
        words=[_word(word) for word in summary.words],
    )


def _word(word: Word) -> wire.Word:
    given = word.given
    return wire.Word(
        id=word.id,
        language=given.language,
        word=given.word,
        meaning=given.meaning,
        sentence=given.sentence,
        conversation_id=given.conversation_id,
        at=timestamp(given.at),
        reviews=word.reviews,
        right_reviews=word.right_reviews,
        due_at=timestamp(word.schedule.due_at),
        is_mastered=is_mastered(word.schedule),
    )


def _word_exercise(word: Word) -> wire.WordExercise:
    sentence, _ = with_gap(word.given.sentence, word.given.word)
    return wire.WordExercise(
        word_id=word.id, language=word.given.language, meaning=word.given.meaning, sentence=sentence
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
