"""Compares what a learner says after "try that again" with the corrected sentence. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from ai_agent.tutor.elicit.table import Event

MIN_SHARE = 0.5
"""Words of the answer that must be those of the sentence; else the learner talks about something else."""
_MARKS = re.compile(r"[^\w\s]|_")
_GIVES_UP = re.compile(
    r"(?:(?:sorry|um|uh|hmm|no|well|oh|please|emma) )*"
    r"(?:i (?:really )?(?:dont|do not|cant|cannot) (?:know|remember|understand|say (?:it|that))"
    r"|(?:i have )?no idea|im not sure|not sure"
    r"|(?:can you |could you |please )?(?:just )?(?:tell|show|help) me(?: the answer| please)?"
    r"|what is (?:it|the answer|right|wrong)|whats (?:it|the answer|right|wrong)|skip(?: it| that)?|pass"
    r"|next(?: question)?|give me the answer|em không biết|tôi không biết|không biết|chịu)"
    r"(?: please| emma| sorry| how to say it| the answer| what is wrong)*"
)


class Mended(StrEnum):
    """The outcome for the sentence. The values are those of `Event`."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    GAVE_UP = "gave_up"
    OTHER = "other"

    @property
    def event(self) -> Event:
        return Event(self.value)


@dataclass(frozen=True, slots=True)
class Change:
    """Words of the sentence that the correction replaced: `said` by `right`, either may be empty. `before`,
    `after`: the unchanged words next to it.
    """

    said: tuple[str, ...]
    right: tuple[str, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """`mended`: the right words that the learner found; empty if none. `is_exercise`: the sentence is from an
    earlier talk.
    """

    outcome: Mended
    original: str
    corrected: str
    mended: str = ""
    is_exercise: bool = False


def words(text: str) -> list[str]:
    """In lower case, without punctuation: "Don't!" is `dont`."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return _MARKS.sub(" ", re.sub(r"['’ʼ]", "", plain)).split()


def is_said(sentence: str, text: str) -> bool:
    """Whether the words of the sentence are in the text, in their order."""
    return _is_within(words(sentence), words(text))


def changes(original: str, corrected: str) -> list[Change]:
    before, after = words(original), words(corrected)
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [
        Change(
            tuple(before[i:j]),
            tuple(after[k:m]),
            after[k - 1] if k else "",
            after[m] if m < len(after) else "",
        )
        for kind, i, j, k, m in found
        if kind != "equal"
    ]


def compared(original: str, corrected: str, said: str) -> Retry:
    """Judge `said` after the learner was asked to mend `original`."""
    given, right = words(said), words(corrected)
    if _GIVES_UP.fullmatch(" ".join(given)):
        return Retry(Mended.GAVE_UP, original, corrected)
    wanted = changes(original, corrected)
    if _is_within(right, given):
        return Retry(Mended.RIGHT, original, corrected, _listed(wanted))
    mended = [change for change in wanted if _is_mended(change, given)]
    if not _is_about(given, right, wanted):
        return Retry(Mended.OTHER, original, corrected)
    if not mended:
        return Retry(Mended.WRONG, original, corrected)
    is_all = len(mended) == len(wanted)
    return Retry(Mended.RIGHT if is_all else Mended.PARTLY, original, corrected, _listed(mended))


def _is_about(given: list[str], right: list[str], wanted: list[Change]) -> bool:
    """Whether the answer is this sentence or a part of it with a change."""
    matched = SequenceMatcher(None, right, given, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in matched)
    is_part = any(_is_within(list(change.right), given) for change in wanted if change.right)
    is_enough = shared >= 2 or (is_part and len(given) <= 3)
    return bool(given) and is_enough and shared / len(given) >= MIN_SHARE


def _is_mended(change: Change, given: list[str]) -> bool:
    """Whether the right words stand where they belong, next to a word that they had beside them. Of a short
    answer the right words alone are enough.
    """
    sides = [[change.before, *change.right], [*change.right, change.after]]
    if not change.right:
        return _is_within([change.before, change.after], given) if change.before and change.after else False
    if len(given) <= 3 and _is_within(list(change.right), given):
        return not change.said or not _is_within(list(change.said), given)
    return any("" not in side and _is_within(side, given) for side in sides)


def _is_within(part: list[str], whole: list[str]) -> bool:
    size = len(part)
    return size > 0 and any(whole[at : at + size] == part for at in range(len(whole) - size + 1))


def _listed(mended: list[Change]) -> str:
    return " … ".join(" ".join(change.right) for change in mended if change.right)
