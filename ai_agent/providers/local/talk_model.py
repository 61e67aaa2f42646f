"""A small language model of lesson talk, counted from the patterns in data/talk.txt.

pocketsphinx's own model is of written American English, but most of a lesson consists of a few hundred words
in a few hundred patterns. Trigrams with Witten-Bell smoothing, in ARPA format.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

PATTERNS = Path(__file__).with_name("data") / "talk.txt"
DRAWS = 60
PLAIN_DRAWS = 8
"""Sentences drawn from a pattern with lists, and from one without."""
CHOICE = re.compile(r"\(([^()]*)\)")
LIST = re.compile(r"\{(\w+)\}")
UNSEEN = 1e-9
START, END = "<s>", "</s>"
Gram = tuple[str, ...]


class Patterns(NamedTuple):
    lists: dict[str, list[str]]
    lines: list[str]


def read_patterns(text: str) -> Patterns:
    lists: dict[str, list[str]] = {}
    lines = []
    for raw in text.splitlines():
        line = raw.strip()
        if line.startswith("["):
            name, _, items = line[1:].partition("]")
            lists[name] = [item.strip() for item in items.split("|")]
        elif line and not line.startswith("#"):
            lines.append(line)
    return Patterns(lists, lines)


def sentences(patterns: Patterns, known: Collection[str]) -> Iterator[list[str]]:
    """Deterministic. Sentences with a word that is not in `known` are left out."""
    draw = random.Random(1)  # noqa: S311 - no secret
    for line in patterns.lines:
        for _ in range(DRAWS if "{" in line else PLAIN_DRAWS):
            words = expand(line, patterns.lists, draw).split()
            if all(word in known for word in words):
                yield words


def expand(line: str, lists: dict[str, list[str]], draw: random.Random) -> str:
    """Raises KeyError for an unknown list."""
    while True:
        if (found := CHOICE.search(line)) is not None:
            chosen = draw.choice(found[1].split("|"))
        elif (found := LIST.search(line)) is not None:
            chosen = draw.choice(lists[found[1]])
        else:
            return line
        line = line[: found.start()] + chosen + line[found.end() :]


class Counts:
    """Counts of grams of one to three words, and for each context its count and its number of different next
    words.
    """

    def __init__(self, sentences: Iterable[Sequence[str]]) -> None:
        self.grams: list[Counter[Gram]] = [Counter(), Counter(), Counter()]
        for words in sentences:
            marked = (START, *words, END)
            for order, grams in enumerate(self.grams):
                grams.update(marked[at : at + order + 1] for at in range(len(marked) - order))
        self._seen: Counter[Gram] = Counter()
        self._kinds: Counter[Gram] = Counter()
        for grams in self.grams[1:]:
            for gram, count in grams.items():
                self._seen[gram[:-1]] += count
                self._kinds[gram[:-1]] += 1
        self._total = sum(self.grams[0].values()) - self.grams[0][START,]

    def probability(self, gram: Gram) -> float:
        """Witten-Bell: the shorter context gets as many counts as the context has different next words."""
        if len(gram) == 1:
            return self.grams[0][gram] / self._total + UNSEEN
        seen, kinds = self._seen[gram[:-1]], self._kinds[gram[:-1]]
        shorter = self.probability(gram[1:])
        return (self.grams[len(gram) - 1][gram] + kinds * shorter) / (seen + kinds)

    def back_off(self, context: Gram) -> float:
        seen, kinds = self._seen[context], self._kinds[context]
        return kinds / (seen + kinds) if seen else 1.0


def arpa(counts: Counts) -> str:
    lines = ["\\data\\"]
    lines += [f"ngram {order}={len(grams)}" for order, grams in enumerate(counts.grams, start=1)]
    for order, grams in enumerate(counts.grams, start=1):
        lines += ["", f"\\{order}-grams:"]
        for gram in sorted(grams):
            log_probability = -99.0 if gram == (START,) else math.log10(counts.probability(gram))
            line = f"{log_probability:.4f} {' '.join(gram)}"
            lines.append(line if order == 3 else f"{line} {math.log10(counts.back_off(gram)):.4f}")
    return "\n".join([*lines, "", "\\end\\", ""])


def build(known: Collection[str], patterns: Path = PATTERNS) -> str:
    """The model as ARPA text, limited to words that the recogniser knows."""
    return arpa(Counts(sentences(read_patterns(patterns.read_text(encoding="utf-8")), known)))
