"""Decides which language a stretch of text is in, by its script and letters, for the choice of a voice.
Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ai_agent.providers.ports import primary_tag

_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7a3\u3131-\u318e]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_SHARED = {"zh": {"ja", "ko", "zh"}, "ru": {"ru", "uk", "bg", "sr", "kk", "mn"}, "ar": {"ar", "fa", "ur"}}
"""Lessons in these languages use the script too."""
_LATIN = re.compile(r"[a-zA-Z]")
_VIETNAMESE = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
"""Letters that no language of Western Europe has."""
_MARKED = re.compile(r"[àáâãèéêìíòóôõùúý]", re.IGNORECASE)
"""Letters that Vietnamese shares with others: a word of a stretch, but not its first."""
_SURE = frozenset(
    ["chào", "không", "tôi", "gì", "mình", "cô", "bà", "chúng", "nhé", "thì", "là", "và", "vâng"]
)
_UNMARKED = frozenset(
    [
        "em",
        "anh",
        "xin",
        "cho",
        "nhé",
        "nha",
        "vui",
        "con",
        "hai",
        "ba",
        "mai",
        "sao",
        "hoa",
        "mua",
        "ngon",
        "cam",
        "chua",
    ]
)
"""Vietnamese words without such a letter, which go on a stretch but do not begin one."""
_WORD = re.compile(r"\S+\s*")
MIN_WORDS = 2
"""A single foreign word is a name or a loan, which the voice of the sentence speaks."""


class Segment(NamedTuple):
    """`language`: BCP 47; the lesson's own tag where it is that language."""

    text: str
    language: str


def segments(text: str, language: str) -> list[Segment]:
    """The texts of the segments add up to `text`. `language`: of the lesson."""
    own = primary_tag(language).lower()
    words = [(found[0], _language_of(found[0], own)) for found in _WORD.finditer(text)]
    lead = text[: len(text) - len(text.lstrip())]
    runs: list[list[tuple[str, str]]] = []
    for at, (word, found) in enumerate(words):
        tag = found
        if found == "?":  # digits, punctuation, or a word that could be either
            tag = runs[-1][-1][1] if runs else own
            if any(map(str.isalpha, word)) and tag == own and [*words, ("", "")][at + 1][1] == "vi":
                tag = "vi"
        if runs and runs[-1][-1][1] == tag:
            runs[-1].append((word, tag))
        else:
            runs.append([(word, tag)])
    joined: list[Segment] = []
    for run in runs:
        tag = run[0][1] if _is_stretch(run, own, alone=len(runs) == 1) else own
        piece = "".join(word for word, _ in run)
        full = language if tag == own else tag
        if joined and joined[-1].language == full:
            joined[-1] = Segment(joined[-1].text + piece, full)
        else:
            joined.append(Segment(piece, full))
    if not joined:
        return [Segment(text, language)] if text else []
    joined[0] = Segment(lead + joined[0].text, joined[0].language)
    return joined


def _is_stretch(run: Sequence[tuple[str, str]], own: str, *, alone: bool) -> bool:
    """Whether a run is spoken by another voice than the lesson's."""
    if run[0][1] == own:
        return False
    words = [word for word, _ in run if any(char.isalpha() for char in word)]
    if not _LATIN.search("".join(words)):
        return True  # another script: no Latin voice can read it
    is_name = all(word[0].isupper() for word in words)
    return alone or (len(words) >= MIN_WORDS and not is_name)


def _language_of(word: str, own: str) -> str:
    for tag, script in _SCRIPTS:
        if script.search(word):
            return own if own in _SHARED.get(tag, {tag}) else tag
    if not _LATIN.search(word) and not _VIETNAMESE.search(word):
        return "?"
    plain = word.strip(" .,!?;:\"'“”()\n").lower()
    if own == "vi" or _VIETNAMESE.search(word) or plain in _SURE:
        return "vi"
    if _MARKED.search(plain) or plain in _UNMARKED:
        return "?"
    return "en" if own in {"ja", "ko", "zh"} else own
