"""Comparison of a search with a room's texts: both are folded to the forms that people type.

The web client never folds. It gets the folded words of its search with a list, and a room's folded text with
each change, and looks for the words in the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from server.protocol.base import is_invisible

_IRREGULAR = {
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "ð": "d",
    "þ": "th",
    "ŋ": "n",
    "ĸ": "k",
    # Arabic letters that keyboards of Persian and Urdu have at other code points.
    "\u0643": "\u06a9",  # kaf: keheh
    "\u064a": "\u06cc",  # yeh: Farsi yeh
    "\u0649": "\u06cc",  # alef maksura
    "\u06d2": "\u06cc",  # yeh barree
    "\u0629": "\u0647",  # teh marbuta: heh
    "\u06c1": "\u0647",  # heh goal
    "\u06be": "\u0647",  # heh doachashmee
    "\u06d5": "\u0647",  # ae
    "\u0671": "\u0627",  # alef wasla: alef
    "\u0640": "",  # kashida lengthens a word without changing it
}
_APOSTROPHES = "'`´’‘‛ʹʻʼʽˈ′\uff07"
_LATIN = (range(0xC0, 0x2B0), range(0x1D00, 0x1DC0), range(0x2C60, 0x2C80), range(0xA720, 0xA800))
_WITH_STROKE = re.compile(r"LATIN SMALL LETTER ([A-Z]) WITH \w+")
_ZWNJ = "\u200c"


def _latin_base_letters() -> dict[str, str]:
    """Letters that Unicode does not decompose, such as đ, ø and ł, to the letter in their name."""
    names = ((chr(code), unicodedata.name(chr(code), "")) for block in _LATIN for code in block)
    return {letter: match[1].lower() for letter, name in names if (match := _WITH_STROKE.match(name))}


_LETTERS = str.maketrans({**_latin_base_letters(), **_IRREGULAR})
_NO_APOSTROPHES = str.maketrans(dict.fromkeys(_APOSTROPHES, ""))


def fold(text: str) -> str:
    """Remove case, accents, width, ligatures, apostrophes and invisible characters: `lodz` finds `Łódź`."""
    plain = unicodedata.normalize("NFKD", text.translate(_NO_APOSTROPHES))
    plain = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(map(_folded, plain)).translate(_LETTERS)


def search_words(search: str) -> list[str]:
    """The folded words of a search. Persian's half-space separates them: some people type a space for it."""
    return fold(search.replace(_ZWNJ, " ")).split()


@lru_cache(maxsize=4_096)
def _folded(character: str) -> str:
    if unicodedata.combining(character) or (is_invisible(character) and not character.isspace()):
        return ""
    if unicodedata.category(character) == "Pd":
        return "-"
    digit = unicodedata.decimal(character, None)
    return character if digit is None else str(digit)
