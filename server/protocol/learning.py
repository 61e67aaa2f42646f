"""A learner's mistakes and words, their reviews, the summary of a talk and the goal of a week: bodies of REST
routes. Each learner sees their own alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from server.protocol.base import Id, Inbound, LanguageTag, Outbound, ShortText, Timestamp
from server.protocol.memory import WordText
from server.protocol.tutor import FeedbackCategory, FeedbackItem, SpokenText


class Mistake(Outbound):
    """Mistakes of one category and with the same words changed: `said` became `right`. Either is empty if
    words were only added or left out.

    `times`: how often it was made. `reviews`, of which `right_reviews` went right. `is_mastered`: it is
    remembered for weeks.
    """

    id: Id
    language: LanguageTag
    category: FeedbackCategory
    said: str
    right: str
    times: int
    first_at: Timestamp
    last_at: Timestamp
    reviews: int
    right_reviews: int
    due_at: Timestamp
    is_mastered: bool


class MistakeSentence(Outbound):
    """One time the mistake was made."""

    id: Id
    conversation_id: Id
    at: Timestamp
    original_sentence: str
    corrected_sentence: str
    explanation: str


class MistakeList(Outbound):
    """Mistakes made last come first; at most 500. `due`: how many are due for review."""

    items: list[Mistake]
    due: int


class MistakeDetail(Mistake):
    """`sentences`: newest first."""

    sentences: list[MistakeSentence]


class ReviewQuery(Inbound):
    limit: Annotated[int, Field(strict=False, ge=1, le=50)] = 10


class Exercise(Outbound):
    """Say or type `sentence`, which has the mistake, rightly."""

    mistake_id: Id
    language: LanguageTag
    category: FeedbackCategory
    sentence: str
    explanation: str
    times: int


class Reviews(Outbound):
    """`due`: how many mistakes are due now. `exercises`: for those due longest."""

    due: int
    exercises: list[Exercise]


class ReviewAnswer(Inbound):
    """`text`: what was said or typed; null asks for the right sentence. `attempt`: 2 for a second try."""

    text: SpokenText | None
    attempt: Literal[1, 2] = 1


class ReviewResult(Outbound):
    """`answer`: the right sentence; null after a wrong first try, which decides nothing. `was_rated`: the
    answer counted; it does not for a mistake that is not due. `due_at`: when the mistake is due next.
    """

    is_right: bool
    answer: str | None
    was_rated: bool
    due_at: Timestamp


class AccuracyQuery(Inbound):
    """The last `weeks` weeks in the time zone of the profile, today included."""

    weeks: Annotated[int, Field(strict=False, ge=1, le=26)] = 8


class CategoryAccuracy(Outbound):
    """`right`: for each week the turns without a correction of this category."""

    category: FeedbackCategory
    right: list[int]


class Accuracy(Outbound):
    """`weeks`: the first day of each, YYYY-MM-DD, oldest first. `turns`: the learner's turns in each.
    `categories`: those with a correction in these weeks, most corrected first.
    """

    weeks: list[str]
    turns: list[int]
    categories: list[CategoryAccuracy]


class Word(Outbound):
    """A word that was looked up in a talk or added by hand. `meaning` and `sentence`, in which it occurred,
    may be empty; `conversation_id` is null for words added by hand. The rest as in Mistake."""

    id: Id
    language: LanguageTag
    word: str
    meaning: str
    sentence: str
    conversation_id: Id | None
    at: Timestamp
    reviews: int
    right_reviews: int
    due_at: Timestamp
    is_mastered: bool


class WordList(Outbound):
    """Newest first; at most 1,000. `due`: how many are due for review."""

    items: list[Word]
    due: int


class AddWord(Inbound):
    """A word that is known already gets the new meaning and sentence. These are shorter than other texts: all
    words of a person are listed at once."""

    language: LanguageTag
    word: WordText
    meaning: Annotated[ShortText, Field(min_length=1, max_length=200)]
    sentence: Annotated[ShortText, Field(max_length=300)] = ""


class WordExercise(Outbound):
    """Say or type the word with this `meaning`. `sentence` has `____` in its place, or is empty."""

    word_id: Id
    language: LanguageTag
    meaning: str
    sentence: str


class WordReviews(Outbound):
    """As Reviews."""

    due: int
    exercises: list[WordExercise]


class KeptCorrection(Outbound):
    """`times`: how often the mistake was made, in this talk and in those before. `mistake_id`: of the
    pattern, null if it was deleted."""

    item: FeedbackItem
    times: int
    mistake_id: Id | None


class TalkSummary(Outbound):
    """The practice of one learner in one talk; nothing in it is guessed.

    `turns` were spoken or typed. `sentences`: turns of three words and more whose words were heard well,
    of which `right` were not corrected; both are null where no engine has ever corrected this learner in this
    language. `mended`: corrections whose right sentence was said later in the talk. `used`: right words of
    earlier mistakes that were used rightly this time, at most 3. `keep`: at most 3 corrections, the most
    useful first. `words`: looked up in the talk.
    """

    conversation_id: Id
    language: LanguageTag
    minutes: float
    speaking_minutes: float
    turns: int
    sentences: int | None
    right: int | None
    corrections: int
    mended: list[FeedbackItem]
    used: list[str]
    keep: list[KeptCorrection]
    words: list[Word]


WeekGoalKind = Literal["days", "minutes"]
DAYS_OF_A_WEEK = 7


class SetWeekGoal(Inbound):
    """`days` with a talk, at most 7, or `minutes` of own speech, at most 600, from Monday to Sunday."""

    kind: WeekGoalKind
    target: Annotated[int, Field(ge=1, le=600)]

    @field_validator("target")
    @classmethod
    def _fits(cls, target: int, given: ValidationInfo) -> int:
        if given.data.get("kind") == "days" and target > DAYS_OF_A_WEEK:
            raise ValueError("must be at most 7 days")
        return target


class WeekGoal(Outbound):
    """`kind` and `target` are null without a goal. `monday`: the first day of this week in the time zone of
    the profile. `days` with a talk and `minutes` of own speech since then."""

    kind: WeekGoalKind | None
    target: int | None
    monday: Annotated[str, Field(description="YYYY-MM-DD")]
    days: int
    minutes: float
