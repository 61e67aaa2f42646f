"""Finds words of a list in a text, also written in disguise, and no parts of innocent words. Pure.

Whole words are compared: Scunthorpe, class and cocktail hold none. How a word of the list is compared is said
by its section of the file (`word_lists/`):

    folded   without diacritics, with letters of other scripts and digits that look alike: fúck, sh1t, $h!t
    exact    with its diacritics, wherever the tone mark is written: cặc, and neither các nor cac
    plain    as folded, in words without any diacritics

Letters that are drawn out count: vowels, and consonants from three on (fuuck, fucccck; Bonner is a name). So
do letters one by one (f u c k, f.u.c.k), from four on or with diacritics. What a writer has starred out
already is not found. A word of a text is looked up by its skeleton, so that a long list costs no more.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "word_lists"
MASK = "*"
Span = tuple[int, int]

_LOOK_ALIKE = str.maketrans("авеёікмнорсстухѕјԁɡαβεικνορτυχ", "abeeikmhopcctyxsjdgabeiknoptux")
"""Cyrillic and Greek letters of the shape of Latin ones, and two of the phonetic alphabet."""
_WRITTEN_AS = {
    "a": "a4@",
    "b": "b8",
    "e": "e3",
    "g": "g9",
    "i": "i1!|",
    "l": "l1|",
    "o": "o0",
    "s": "s5$",
    "t": "t7+",
    "z": "z2",
}
_SKELETON = str.maketrans("4@8391!|l05$7+2", "aabegiiiiossttz")
_VOWELS = "aeiouy"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook and dot below, as Vietnamese writes them on one of a word's vowels."""
_WORD = re.compile(r"[@$]?[^\W_]+(?:[@$!+|]+[^\W_]+)*")
_RUN, _LONG_RUN = re.compile(r"(.)\1+"), re.compile(r"(.)\1{3,}")
_MIN_SPELLED = 4
_MAX_GAP = 2
"""Characters between letters that are written one by one."""
_SECTIONS = ("folded", "exact", "plain")


@dataclass(frozen=True, slots=True)
class WordList:
    """Entries by section; each is one word or several."""

    folded: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()

    @classmethod
    def of(cls, lines: Iterable[str]) -> WordList:
        """Raises ValueError for a line outside a section, or an unknown section."""
        found: dict[str, list[str]] = {}
        section: list[str] | None = None
        for line in lines:
            entry = unicodedata.normalize("NFC", line.partition("#")[0].strip().lower())
            if entry.startswith("["):
                if (name := entry.strip("[]")) not in _SECTIONS:
                    raise ValueError(f"unknown section: {line.strip()}")
                section = found.setdefault(name, [])
            elif entry and section is None:
                raise ValueError(f"outside a section: {entry}")
            elif entry and section is not None:
                section.append(entry)
        return cls(**{name: tuple(entries) for name, entries in found.items()})

    def __or__(self, other: WordList) -> WordList:
        return WordList(self.folded + other.folded, self.exact + other.exact, self.plain + other.plain)


@cache
def default_list() -> WordList:
    """The English and the Vietnamese list."""
    merged = WordList()
    for name in ("en", "vi"):
        merged |= WordList.of((FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines())
    return merged


def find_words(text: str, words: WordList) -> Sequence[Span]:
    """Find words of the list in the text, as (start, end), in order, without overlaps. Offsets are those
    of the text's NFC form."""
    tokens, index = _tokens(unicodedata.normalize("NFC", text)), _index(words)
    spans = [
        (tokens[first].start, tokens[first + length - 1].end)
        for first in range(len(tokens))
        for length in index.lengths.get(tokens[first].skeleton, ())
        if index.has(tokens[first : first + length], length)
    ]
    return _merged([*spans, *(word.span for word in _spelled(tokens) if index.has([word], 1))])


def mask_words(text: str, words: WordList) -> str:
    """The text with each letter of such words replaced. A text without any is returned as it is."""
    spans = find_words(text, words)
    if not spans:
        return text
    characters = list(unicodedata.normalize("NFC", text))
    for start, end in spans:
        for index in range(start, end):
            if not characters[index].isspace():
                characters[index] = MASK
    return "".join(characters)


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of the text. `written`: in small letters, without what has no shape. `folded`: its Latin
    letters, digits and symbols, without diacritics. `skeleton`: by which it is looked up."""

    start: int
    end: int
    written: str
    folded: str
    skeleton: str

    @classmethod
    def of(cls, start: int, end: int, written: str) -> _Token:
        folded = _shortened(_fold(written))
        return cls(start, end, written, folded, _skeleton(folded))

    @property
    def span(self) -> Span:
        return self.start, self.end

    @property
    def has_marks(self) -> bool:
        return _shortened(self.written) != self.folded

    @property
    def is_letter(self) -> bool:
        return len(self.folded) == 1


def _tokens(text: str) -> list[_Token]:
    """Characters without a shape of their own, such as joiners, are in the middle of words."""
    if text.isascii():
        return [_Token.of(m.start(), m.end(), m[0].lower()) for m in _WORD.finditer(text)]
    seen = "".join("x" if _is_hidden(c) else c for c in text)
    tokens = []
    for match in _WORD.finditer(seen):
        written = "".join(c for c in text[match.start() : match.end()] if not _is_hidden(c))
        token = _Token.of(match.start(), match.end(), written.lower().translate(_LOOK_ALIKE))
        if token.folded:
            tokens.append(token)
    return tokens


def _is_hidden(character: str) -> bool:
    return not character.isascii() and unicodedata.category(character) in {"Cf", "Mn", "Me"}


def _fold(written: str) -> str:
    if written.isascii():
        return written
    decomposed = unicodedata.normalize("NFKD", written.replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _shortened(text: str) -> str:
    """Runs of one character have three at most, so that patterns have little to try."""
    return _LONG_RUN.sub(r"\1\1\1", text)


def _skeleton(folded: str) -> str:
    """The same for all ways to write a word: i and l, which 1 stands for, are one letter."""
    return _RUN.sub(r"\1", folded.translate(_SKELETON))


def _key(written: str) -> str:
    """Letters with their quality (â, ơ, đ), then the tones: hoà and hòa are one word."""
    decomposed = unicodedata.normalize("NFD", written)
    tones = "".join(sorted(c for c in decomposed if c in _TONES))
    letters = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONES))
    return _RUN.sub(r"\1", letters) + tones


@dataclass(frozen=True, slots=True)
class _Entry:
    """`pattern`: how it may be written; None: only with the diacritics of `key`."""

    key: str
    pattern: re.Pattern[str] | None
    is_plain: bool

    def is_in(self, run: Sequence[_Token]) -> bool:
        if self.pattern is None:
            return self.key == " ".join(_key(token.written) for token in run)
        if self.is_plain and any(token.has_marks for token in run):
            return False
        return self.pattern.fullmatch(" ".join(token.folded for token in run)) is not None


@dataclass(frozen=True, slots=True)
class _Index:
    """Entries by skeleton. `lengths`: how many words they have, by the skeleton of their first."""

    lengths: Mapping[str, Sequence[int]]
    entries: Mapping[str, tuple[_Entry, ...]]

    def has(self, run: Sequence[_Token], length: int) -> bool:
        if len(run) < length:
            return False
        candidates = self.entries.get(" ".join(token.skeleton for token in run))
        return candidates is not None and _is_mostly_letters(run) and any(e.is_in(run) for e in candidates)


def _is_mostly_letters(run: Sequence[_Token]) -> bool:
    """A number, and a name such as A55, is no word in disguise."""
    written = "".join(token.folded for token in run)
    return 2 * sum(c.isalpha() for c in written) >= len(written)


@cache
def _index(words: WordList) -> _Index:
    entries: dict[str, tuple[_Entry, ...]] = {}
    for section in _SECTIONS:
        for text in getattr(words, section):
            parts = [_fold(part) for part in text.split()]
            pattern = None if section == "exact" else _pattern(" ".join(parts))
            entry = _Entry(" ".join(map(_key, text.split())), pattern, section == "plain")
            skeleton = " ".join(map(_skeleton, parts))
            entries[skeleton] = (*entries.get(skeleton, ()), entry)
    lengths: dict[str, list[int]] = {}
    for skeleton in entries:
        first, *others = skeleton.split()
        lengths.setdefault(first, []).append(1 + len(others))
    return _Index(lengths, entries)


def _pattern(entry: str) -> re.Pattern[str]:
    """Matches the entry with its letters written in any way, and drawn out."""
    runs = re.finditer(r"(.)\1*", entry)
    return re.compile("".join(_run_pattern(run[1], len(run[0])) for run in runs))


def _run_pattern(letter: str, count: int) -> str:
    if letter == " ":
        return " "
    written = f"[{re.escape(_WRITTEN_AS.get(letter, letter))}]"
    is_drawn_out = letter in _VOWELS or count > 1
    return f"{written}{{{count},}}" if is_drawn_out else f"{written}(?:{written}{{2,}})?"


def _spelled(tokens: Sequence[_Token]) -> list[_Token]:
    """Runs of letters that are written one by one, as words. Such a run is one word as a whole or none."""
    runs: list[list[_Token]] = []
    before: _Token | None = None
    for token in tokens:
        if token.is_letter and before is not None and token.start - before.end <= _MAX_GAP:
            runs[-1].append(token)
        elif token.is_letter:
            runs.append([token])
        before = token if token.is_letter else None
    words = [
        (len(run), _Token.of(run[0].start, run[-1].end, "".join(token.written for token in run)))
        for run in runs
    ]
    return [word for count, word in words if count >= _MIN_SPELLED or (count > 2 and word.has_marks)]


def _merged(spans: Sequence[Span]) -> Sequence[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
