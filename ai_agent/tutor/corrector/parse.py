"""A parsed sentence: what the rules see of it.

Tags are those of the Penn Treebank, dependencies those of ClearNLP, as spaCy's English models give them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

SUBJECTS = ("nsubj", "nsubjpass", "expl", "csubj")
FINITE = ("VBP", "VBZ", "VBD", "MD")


@dataclass(frozen=True, slots=True)
class Token:
    """`i`: its place. `head`: the place of the word that it depends on; its own for the root. `start` and
    `end`: of its characters in the text.
    """

    i: int
    text: str
    low: str
    lemma: str
    tag: str
    dep: str
    head: int
    start: int
    end: int

    @property
    def is_verb(self) -> bool:
        return self.tag.startswith("VB") or self.tag == "MD"

    @property
    def is_noun(self) -> bool:
        return self.tag in ("NN", "NNS", "NNP", "NNPS")

    @property
    def is_word(self) -> bool:
        return any(letter.isalnum() for letter in self.text)


_OUTSIDE = Token(-9, "", "", "", "", "", -9, 0, 0)


@dataclass(frozen=True, slots=True)
class Parse:
    text: str
    tokens: tuple[Token, ...]
    vocabulary: frozenset[str] = field(init=False)
    """Its words and their lemmas, in lower case."""
    _children: tuple[tuple[int, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        children: list[list[int]] = [[] for _ in self.tokens]
        for token in self.tokens:
            if token.head != token.i:
                children[token.head].append(token.i)
        vocabulary = {token.low for token in self.tokens} | {token.lemma for token in self.tokens}
        object.__setattr__(self, "vocabulary", frozenset(vocabulary))
        object.__setattr__(self, "_children", tuple(tuple(places) for places in children))

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    def at(self, i: int) -> Token:
        """An empty token outside of the sentence."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else _OUTSIDE

    def after(self, token: Token, steps: int = 1) -> Token:
        return self.at(token.i + steps)

    def before(self, token: Token, steps: int = 1) -> Token:
        return self.at(token.i - steps)

    def head(self, token: Token) -> Token:
        return self.tokens[token.head]

    def children(self, token: Token, *deps: str) -> list[Token]:
        """In order; all of them if no dependency is named."""
        found = (self.tokens[i] for i in self._children[token.i])
        return [child for child in found if not deps or child.dep in deps]

    def child(self, token: Token, *deps: str) -> Token | None:
        return next(iter(self.children(token, *deps)), None)

    def subject(self, verb: Token) -> Token | None:
        return self.child(verb, *SUBJECTS)

    def finite(self, verb: Token) -> Token:
        """The word that carries tense and person: the first auxiliary, or the verb itself."""
        return self.child(verb, "aux", "auxpass") or verb

    def clause(self, token: Token) -> Token:
        """The verb of the clause that the word belongs to, or the root."""
        while token.head != token.i and not (token.is_verb and token.dep not in ("aux", "auxpass", "amod")):
            token = self.tokens[token.head]
        return token

    def subtree(self, token: Token) -> list[Token]:
        places = [token.i]
        for place in places:
            places.extend(self._children[place])
        return [self.tokens[i] for i in sorted(places)]

    def left(self, token: Token) -> int:
        """The place of the first word that belongs to the token."""
        return self.subtree(token)[0].i

    def right(self, token: Token) -> int:
        return self.subtree(token)[-1].i

    def has(self, *lows: str) -> bool:
        return any(token.low in lows for token in self.tokens)

    def words(self) -> list[str]:
        return [token.low for token in self.tokens if token.is_word]
