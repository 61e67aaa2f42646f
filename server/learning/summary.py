"""The summary of a talk for one learner: only what is stored of it, nothing guessed. No I/O.

Sentences of the learner are quoted only with their corrections: what somebody told the tutor may be nothing
to be praised for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from server.learning.answers import is_same_sentence, pattern_of, words
from server.learning.model import Mistake, Pattern
from server.learning.model import Word as ListedWord
from server.protocol.tutor import Confidence, FeedbackCategory, FeedbackItem
from server.tutor.model import ConversationView, Message

MAX_KEPT, MAX_USED = 3, 3
_SENTENCE_WORDS = 3
_TELLING = 4
"""Letters of a word that shows that a mistake was not made again: `went` does, `a` does not."""
_MINOR = frozenset({FeedbackCategory.SPELLING, FeedbackCategory.DIACRITICS, FeedbackCategory.OTHER})


@dataclass(frozen=True, slots=True)
class Kept:
    """A correction to keep in mind. `times`: how often the mistake was made in all talks."""

    item: FeedbackItem
    times: int
    mistake_id: str | None


@dataclass(frozen=True, slots=True)
class Summary:
    """Fields as in `protocol.learning.TalkSummary`, times in seconds."""

    conversation_id: str
    language: str
    practice_s: float
    speaking_s: float
    turns: int
    sentences: int | None
    right: int | None
    corrections: int
    mended: tuple[FeedbackItem, ...]
    used: tuple[str, ...]
    keep: tuple[Kept, ...]
    words: tuple[ListedWord, ...]


def summarize(
    view: ConversationView, user_id: str, mistakes: Sequence[Mistake], listed: Sequence[ListedWord]
) -> Summary:
    """`mistakes` and `listed` are all of the learner's."""
    talk = view.summary.conversation
    own = [m for m in view.messages if m.role == "learner" and m.user_id == user_id]
    items = [correction.item for correction in view.corrections]
    corrected = {item.turn_id for item in items}
    known = {mistake.pattern: mistake for mistake in mistakes}
    is_checked = bool(items) or any(pattern.language == talk.language for pattern in known)
    sentences = [m for m in own if _is_sentence(m)]
    right = [m for m in sentences if m.turn_id not in corrected]
    mended = tuple(item for item in items if _is_mended(item, own))
    made = Counter(_pattern(talk.language, item) for item in items)
    not_made = [one for one in mistakes if one.first_at < talk.started_at and one.pattern not in made]
    return Summary(
        conversation_id=talk.id,
        language=talk.language,
        practice_s=sum(m.speech_s for m in view.messages if m.user_id == user_id),
        speaking_s=sum(m.speech_s for m in own),
        turns=len({m.turn_id for m in own}),
        sentences=len(sentences) if is_checked else None,
        right=len(right) if is_checked else None,
        corrections=len(items),
        mended=mended,
        used=_used(right, not_made, talk.language),
        keep=_keep(items, mended, known, made, talk.language),
        words=tuple(word for word in listed if word.given.conversation_id == talk.id),
    )


def _is_sentence(message: Message) -> bool:
    """Whether its words can be judged: a few, and heard well."""
    is_sure = message.confidence in (None, Confidence.HIGH)
    return is_sure and len(words(message.text)) >= _SENTENCE_WORDS


def _is_mended(item: FeedbackItem, own: Sequence[Message]) -> bool:
    """Whether the corrected sentence was said in a later turn."""
    turns = [message.turn_id for message in own]
    if item.turn_id not in turns:
        return False
    last = len(turns) - 1 - turns[::-1].index(item.turn_id)
    return any(is_same_sentence(message.text, item.corrected_sentence) for message in own[last + 1 :])


def _used(right: Sequence[Message], not_made: Sequence[Mistake], language: str) -> tuple[str, ...]:
    """The right words of earlier mistakes that the learner has said in a sentence without a correction."""
    said = [f" {' '.join(words(message.text))} " for message in right]
    found = (
        mistake.pattern.right
        for mistake in not_made
        if mistake.pattern.language == language
        and _is_telling(mistake.pattern)
        and any(f" {mistake.pattern.right} " in sentence for sentence in said)
    )
    return tuple(dict.fromkeys(found))[:MAX_USED]


def _is_telling(pattern: Pattern) -> bool:
    return bool(pattern.said) and any(len(word) >= _TELLING for word in pattern.right.split())


def _keep(
    items: Sequence[FeedbackItem],
    mended: Collection[FeedbackItem],
    known: Mapping[Pattern, Mistake],
    made: Mapping[Pattern, int],
    language: str,
) -> tuple[Kept, ...]:
    """One correction of each mistake: first those made again and again and not mended, then those of the
    category with the most corrections. Of equal ones the earlier comes first."""
    first: dict[Pattern, FeedbackItem] = {}
    for item in items:
        first.setdefault(_pattern(language, item), item)
    in_category = Counter(item.category for item in items)
    kept = []
    for pattern, item in first.items():
        mistake = known.get(pattern)
        times = max(made[pattern], mistake.times) if mistake else made[pattern]
        kept.append(Kept(item, times, mistake.id if mistake else None))

    def need(one: Kept) -> tuple[bool, bool, int, int]:
        item = one.item
        return item.category in _MINOR, item in mended, -one.times, -in_category[item.category]

    return tuple(sorted(kept, key=need)[:MAX_KEPT])


def _pattern(language: str, item: FeedbackItem) -> Pattern:
    return pattern_of(language, item.category, item.original_sentence, item.corrected_sentence)
