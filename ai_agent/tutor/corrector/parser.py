"""spaCy's English parser behind a narrow typed interface. Loading takes about 1 s of CPU and 170 MB."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Protocol, cast

from ai_agent.tutor.corrector.lexicon import BASE_OF
from ai_agent.tutor.corrector.packages import MODEL
from ai_agent.tutor.corrector.parse import Parse, Token

_NAMES = (
    "monday tuesday wednesday thursday friday saturday sunday january february april june july august "
    "september october november december english vietnamese french german spanish italian chinese "
    "japanese korean russian thai american british vietnam hanoi saigon america england london paris "
    "france germany spain italy china japan korea thailand russia tokyo australia canada india "
    "christmas tv emma"
)
_CAPITALS = re.compile(rf"\b(?:i|{'|'.join(_NAMES.split())})\b")
_ASKS = re.compile(
    r"(?:what|where|when|why|who|how|which|do|does|did|can|could|would|will|is|are|was|were|have|has)\b",
    re.IGNORECASE,
)


class _SpacyToken(Protocol):
    i: int
    text: str
    lemma_: str
    tag_: str
    dep_: str
    idx: int
    is_space: bool

    @property
    def head(self) -> _SpacyToken: ...


class _Pipeline(Protocol):
    def __call__(self, text: str) -> Iterable[_SpacyToken]: ...


class Parser:
    def __init__(self) -> None:
        """Raises ModuleNotFoundError if the model is not installed."""
        self._nlp = cast("_Pipeline", import_module(MODEL).load(exclude=["ner"]))

    def __call__(self, text: str) -> Parse:
        """`text`: one sentence, which may be without capitals and punctuation, as it was heard."""
        text = " ".join(text.split())
        tokens = [token for token in self._nlp(_written(text)) if token.idx < len(text)]
        last = len(tokens) - 1
        return Parse(
            text,
            tuple(
                Token(
                    i=token.i,
                    text=text[token.idx : token.idx + len(token.text)],
                    low=token.text.lower(),
                    lemma=_lemma(token),
                    tag=token.tag_,
                    dep=token.dep_,
                    head=min(token.head.i, last),
                    start=token.idx,
                    end=token.idx + len(token.text),
                )
                for token in tokens
            ),
        )


def _lemma(token: _SpacyToken) -> str:
    """spaCy's lemmatizer trusts the tag, which is wrong in "I forgot bring it"."""
    low = token.text.lower()
    return BASE_OF.get(low, token.lemma_.lower()) if token.tag_.startswith("VB") else token.lemma_.lower()


def capitalized(text: str) -> str:
    """With a capital at its start and in names: of the same length."""
    text = _CAPITALS.sub(lambda name: "TV" if name[0] == "tv" else name[0].capitalize(), text)
    return text[:1].upper() + text[1:]


def _written(text: str) -> str:
    """As it would be written: the parser was trained on written sentences."""
    if text[-1:] in ".!?":
        return capitalized(text)
    return capitalized(text) + ("?" if _ASKS.match(text) else ".")
