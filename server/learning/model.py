"""Stored mistakes, words and settings of learners. Times are seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.protocol.tutor import FeedbackCategory


@dataclass(frozen=True, slots=True)
class Schedule:
    """State of one card in FSRS. `state`: `fsrs.State`. `stability` (days) and `difficulty` (1 to 10) are
    None before the first review. `step`: of a card that is (re)learned within a day, else None."""

    due_at: float
    state: int = 1
    step: int | None = 0
    stability: float | None = None
    difficulty: float | None = None
    reviewed_at: float | None = None


@dataclass(frozen=True, slots=True, order=True)
class ClassKey:
    """A class of a course. Indices are from 0."""

    course_id: str
    module_index: int
    sub_topic_index: int


@dataclass(frozen=True, slots=True)
class HeardClass:
    """`sentences`: those that one person has heard, in order."""

    key: ClassKey
    sentences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Mistakes that are alike: `said` and `right` are the words that the correction changed, in lower case
    and without punctuation. Either is empty where words were only added or left out."""

    language: str
    category: FeedbackCategory
    said: str
    right: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A pattern with its history and its card. `times`: how often it was made, in sentences still stored.
    `reviews` of which `right_reviews` were answered rightly, with or without a second try."""

    id: str
    pattern: Pattern
    first_at: float
    last_at: float
    times: int
    reviews: int
    right_reviews: int
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in which a mistake was made, with its correction."""

    id: str
    conversation_id: str
    at: float
    original: str
    corrected: str
    explanation: str


@dataclass(frozen=True, slots=True)
class UnfiledCorrection:
    """A correction that belongs to no mistake yet."""

    sentence: Sentence
    language: str
    category: FeedbackCategory


@dataclass(frozen=True, slots=True)
class WeekOfTurns:
    """Seven days from `first_day`: turns, and for each category those in which it was corrected."""

    first_day: date
    turns: int
    corrected: dict[FeedbackCategory, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of an answer. `answer` is None while another try is left. `was_rated`: it counted for the
    schedule, which it does only when the mistake was due."""

    is_right: bool
    answer: str | None
    was_rated: bool
    mistake: Mistake


@dataclass(frozen=True, slots=True)
class Exercise:
    """A due mistake with its newest sentence."""

    mistake: Mistake
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word that a learner looked up in a talk, was taught, or added (`conversation_id` None).

    `meaning` and `sentence`, in which it occurred, may be empty.
    """

    language: str
    word: str
    meaning: str
    sentence: str
    conversation_id: str | None
    at: float


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a learner's list, with its card. `reviews` as in Mistake."""

    id: str
    given: NewWord
    reviews: int
    right_reviews: int
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class WordVerdict:
    """Result of an answer, as in Verdict."""

    is_right: bool
    answer: str | None
    was_rated: bool
    word: Word


WeekGoalKind = Literal["days", "minutes"]


@dataclass(frozen=True, slots=True)
class WeekGoal:
    """From Monday to Sunday: `target` days with a talk, or minutes of own speech."""

    kind: WeekGoalKind
    target: int


@dataclass(frozen=True, slots=True)
class LearnerSettings:
    """`remembers`: the tutor may know of earlier talks. `goals`: in the learner's words. Talks that began
    before `forgotten_at` are not remembered."""

    remembers: bool = True
    goals: tuple[str, ...] = ()
    forgotten_at: float = 0.0
    week_goal: WeekGoal | None = None


@dataclass(frozen=True, slots=True)
class PastTalk:
    """Notes about a talk: the learner's own turns and speech in seconds, the categories in which
    they were corrected, most often first, and words. `note`: the learner's own line about it, or None."""

    conversation_id: str
    at: float
    topic: str
    turns: int
    speaking_s: float
    corrected: tuple[FeedbackCategory, ...]
    words: tuple[str, ...]
    note: str | None
