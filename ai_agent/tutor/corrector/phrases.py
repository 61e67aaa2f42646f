"""Rules as rows: a pattern of words, a replacement and a reason.

A pattern is words with spaces between them. Each is one of:
    word|other       these words
    =depend|listen   any form of these words
    #NN|VBZ          a word with one of these tags
    ~prep            a word with one of these dependencies
    !...             a word that is none of these; also matches the end of the sentence
    ...?             may be absent
    _                any word
    ^ and $          the start of the sentence; its end or punctuation
Tests joined by "&" must all hold: `=like&#VBP`. The words in brackets are replaced; `[]` inserts. The
replacement may hold {ing}, {base}, {past}, {pp}, {third} and {to} (to and the base), which inflect the last
word in the brackets; {1}, {2}: the words in the brackets; {as_make}: "make" in the form of the first word in
the brackets; {a}: a or an, before what follows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ai_agent.tutor.corrector import inflection as forms
from ai_agent.tutor.corrector import lexicon as lx
from ai_agent.tutor.corrector.edit import Edit, Rule
from ai_agent.tutor.corrector.parse import Parse, Token

Test = Callable[[Token], bool]
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class _Step:
    test: Test
    is_optional: bool = False
    takes: bool = True
    """False: a test of what follows that takes no word."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    steps: tuple[_Step, ...]
    open: int
    close: int
    text: str
    reason: str
    at_start: bool
    needs: tuple[frozenset[str], ...]
    """Of each of these sets the sentence must have a word: most phrases are skipped by that."""

    def edits(self, parse: Parse) -> Iterator[Edit]:
        if any(words.isdisjoint(parse.vocabulary) for words in self.needs):
            return
        for start in [0] if self.at_start else range(len(parse.tokens)):
            spans = self._match(parse, start, 0, ())
            if spans is not None:
                yield self._edit(parse, spans)

    def _match(self, parse: Parse, i: int, at: int, places: tuple[int, ...]) -> tuple[int, ...] | None:
        """The place of the word before which each step begins, and the end."""
        if at == len(self.steps):
            return (*places, i)
        step = self.steps[at]
        if step.test(parse.at(i)):
            found = self._match(parse, i + (1 if step.takes else 0), at + 1, (*places, i))
            if found is not None:
                return found
        return self._match(parse, i, at + 1, (*places, i)) if step.is_optional else None

    def _edit(self, parse: Parse, places: tuple[int, ...]) -> Edit:
        first, end = places[self.open], places[self.close]
        inside = [parse.at(i) for i in range(first, end)]
        text = _filled(self.text, inside, parse.at(end))
        if inside:
            return Edit(inside[0].start, inside[-1].end, text, self.reason)
        place = parse.at(first).start if parse.at(first).text else len(parse.text)
        return Edit(place, place, text, self.reason)


_INFLECT: dict[str, Callable[[str], str]] = {
    "base": str,
    "ing": forms.ing,
    "past": forms.past,
    "pp": forms.participle,
    "third": forms.third,
    "to": "to {}".format,
}


def _filled(text: str, inside: Sequence[Token], following: Token) -> str:
    def value(field: re.Match[str]) -> str:
        name = field[1]
        if name == "a":
            return lx.article(following.low)
        if name.isdigit():
            return inside[int(name) - 1].text
        if name.startswith("as_"):
            return same_form(name[3:], inside[0].low, inside[0].tag)
        return _INFLECT[name](forms.base(inside[-1].low))

    return _FIELD.sub(value, text)


def same_form(lemma: str, low: str, tag: str) -> str:
    """`lemma` in the form of the word `low` with this tag."""
    make = {"VBD": forms.past, "VBN": forms.participle, "VBG": forms.ing, "VBZ": forms.third}.get(tag)
    return make(lemma) if make and low != forms.base(low) else lemma


def _word(pattern: str) -> Test:
    tests = [_simple(part) for part in pattern.split("&")]
    return lambda token: all(test(token) for test in tests)


def _simple(pattern: str) -> Test:  # noqa: PLR0911 - one kind of test after the other
    if pattern.startswith("!"):
        inner = _simple(pattern[1:])
        return lambda token: not inner(token)
    if pattern == "_":
        return lambda token: token.is_word
    if pattern == "$":
        return lambda token: not token.text or not token.is_word
    if pattern == "@ends":
        return _ends
    kind, names = pattern[0], frozenset(pattern.lstrip("=#~").split("|"))
    if kind == "=":
        return lambda token: token.lemma in names or token.low in names
    if kind == "#":
        return lambda token: token.tag in names
    if kind == "~":
        return lambda token: token.dep in names
    if kind == "<":
        words = lx.word_set(pattern[1:-1])
        return lambda token: token.low in words
    return lambda token: token.low in names


def _ends(token: Token) -> bool:
    """Whether a noun phrase has ended before this word."""
    return not token.text or not (
        token.is_noun
        or token.tag in ("JJ", "JJR", "JJS", "CD", "POS", "VBG", "VBN", "HYPH", "''", "$")
        or token.low == "-"
    )


def phrase(pattern: str, text: str, reason: str) -> Rule:
    """Raises ValueError if the pattern has no brackets."""
    for mark in "[]":
        if pattern.count(mark) != 1:
            raise ValueError(f"one pair of brackets is needed: {pattern}")
    at_start = pattern.startswith("^ ")
    words = pattern.removeprefix("^ ").replace("[", " [ ").replace("]", " ] ").split()
    steps, opened, closed = list[_Step](), 0, 0
    for word in words:
        if word == "[":
            opened = len(steps)
        elif word == "]":
            closed = len(steps)
        else:
            bare = word.removesuffix("?")
            steps.append(
                _Step(
                    _word(bare), bare != word, bare not in ("$", "@ends") and ("&" in bare or bare[0] != "!")
                )
            )
    needs = tuple(need for word in words if (need := _needed(word)))
    row = _Phrase(tuple(steps), opened, closed, text, reason, at_start, needs)
    return row.edits


def _needed(word: str) -> frozenset[str]:
    parts = [part for part in word.split("&") if part[0] not in "!#~<_$@[]"]
    return frozenset(parts[0].lstrip("=").split("|")) if parts and not word.endswith("?") else frozenset()


def table(reason: str, *rows: tuple[str, str]) -> list[Rule]:
    """Rows of one reason."""
    return [phrase(pattern, text, reason) for pattern, text in rows]


def all_of(parse: Parse, rules: Iterable[Rule]) -> Iterator[Edit]:
    for rule in rules:
        yield from rule(parse)
