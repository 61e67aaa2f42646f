"""Measures what the cleaner of models' text costs: deltas until the first sentence is ready, and CPU a
delta."""

from __future__ import annotations

import time
from collections.abc import Sequence

from ai_agent.dialogue.sentences import Sentences
from ai_agent.tutor.speakable import Cleaner
from tests.bench.figures import Row

ANSWERS = (
    "That sounds like a lovely weekend. Did you go there with your family?",
    "Oh! Really? That is very nice of you. What did she say then?",
    "When you were a child, did you often play outside with the other children of your street?",
    "Well, I see. The people in my town like (green) tea too. And you?",
    "**Great!** You used the past tense well. *smiles* What happened next?",
    "So you went by bus. How long did it take, and what did you see on the way?",
)


async def speakable(rounds: int) -> list[Row]:
    later = [_first(_deltas(text), clean=True) - _first(_deltas(text), clean=False) for text in ANSWERS]
    took, count = 0.0, 0
    for text in ANSWERS * rounds:
        cleaner, deltas = Cleaner(people=["Ann"], max_sentences=5), _deltas(text)
        began = time.perf_counter()
        for delta in deltas:
            cleaner.feed(delta)
        cleaner.finish()
        took, count = took + time.perf_counter() - began, count + len(deltas)
    return [
        Row("first sentence later than without the cleaner, most", max(later), "deltas", 1),
        Row("CPU of the cleaner", took / count * 1e6, "us a delta"),
    ]


def _deltas(text: str) -> list[str]:
    """Pieces as models send them: a word with the space before it."""
    words = text.split(" ")
    return [words[0], *(f" {word}" for word in words[1:])]


def _first(deltas: Sequence[str], *, clean: bool) -> int:
    """Number of deltas until the first sentence goes to the speech engine."""
    sentences, cleaner = Sentences(), Cleaner(people=["Ann"])
    for number, delta in enumerate(deltas, start=1):
        parts = cleaner.feed(delta) if clean else [delta]
        if any(sentences.feed(part) for part in parts if isinstance(part, str)):
            return number
    return len(deltas) + 1
