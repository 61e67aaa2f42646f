"""Holds corrections back where the recogniser may have dropped what seems to be missing."""

from __future__ import annotations

from difflib import SequenceMatcher

MIN_CONFIDENCE = 0.75
"""Below it about half of the words are wrong."""
SURE_CONFIDENCE = 0.85
"""From it 4 % of the words are wrong, so a missing ending was probably not said."""

_UNHEARD = frozenset({"a", "an", "the"})
_ENDINGS = ("s", "es", "d", "ed", "'s", "ing")


def is_within_hearing(said: str, corrected: str, confidence: float) -> bool:
    """Whether a change may be shown at this confidence (0 to 1) of the recogniser. Articles and endings are
    weak sounds: a change of these needs SURE_CONFIDENCE.
    """
    if confidence < MIN_CONFIDENCE:
        return False
    return confidence >= SURE_CONFIDENCE or not _is_weak_anywhere(
        said.lower().split(), corrected.lower().split()
    )


def _is_weak_anywhere(said: list[str], corrected: list[str]) -> bool:
    changes = SequenceMatcher(None, said, corrected, autojunk=False).get_opcodes()
    return any(_is_weak(said[a:b], corrected[c:d]) for kind, a, b, c, d in changes if kind != "equal")


def _is_weak(before: list[str], after: list[str]) -> bool:
    """Whether only an article or an ending differs."""
    words, others = [w for w in before if w not in _UNHEARD], [w for w in after if w not in _UNHEARD]
    if len(words) != len(others):
        return False
    return all(_same_but_ending(a, b) for a, b in zip(words, others, strict=True))


def _same_but_ending(a: str, b: str) -> bool:
    short, long = sorted((a.strip(".,?!"), b.strip(".,?!")), key=len)
    stems = (short, short[:-1] + "i") if short.endswith("y") else (short,)
    return any(long.startswith(stem) and long[len(stem) :] in ("", *_ENDINGS) for stem in stems)
