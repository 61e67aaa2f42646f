"""Text as hibari reads it well: Vietnamese words without their marks, some with their phonemes."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

WORDS = Path(__file__).with_name("data") / "vietnamese_words.toml"
WORD = re.compile(r"[^\W\d_]+")
WESTERN = frozenset("éèçñïëöüä")
"""A word with these marks alone is French, Spanish or German, and hibari knows many: café, résumé."""
LINK = re.compile(r"[\[\]]")


def speakable(text: str) -> str:
    """Phonemes are given inline, as `[Nguyen](/wˈɪn/)`. Brackets of the text itself are left out."""
    plain = WORD.sub(lambda word: _fold(word[0]), LINK.sub(" ", unicodedata.normalize("NFC", text)))
    return _KNOWN.sub(_with_phonemes, plain)


def _fold(word: str) -> str:
    marked = {char for char in word.lower() if not char.isascii()}
    if not marked or marked <= WESTERN:
        return word
    letters = unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in letters if not unicodedata.combining(char))


def _with_phonemes(found: re.Match[str]) -> str:
    phonemes = _PHONEMES.get(found[0]) or _PHONEMES.get(found[0].lower())
    return f"[{found[0]}](/{phonemes}/)" if phonemes else found[0]


def _read() -> dict[str, str]:
    data = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return {**data["names"], **data["words"]}


_PHONEMES = _read()
_KNOWN = re.compile(
    r"\b(?:" + "|".join(sorted(map(re.escape, _PHONEMES), key=len, reverse=True)) + r")\b", re.IGNORECASE
)
