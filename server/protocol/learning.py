"""A learner's mistakes and their reviews: bodies of REST routes. Each learner sees their own alone."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from server.protocol.base import Id, Inbound, LanguageTag, Outbound, Timestamp
from server.protocol.tutor import FeedbackCategory, SpokenText


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
    """Those made last come first; at most 500. `due`: how many are due for review."""

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
