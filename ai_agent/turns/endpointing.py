"""The pause that ends a turn. Learners pause to find words, the longer the lower their level."""

from __future__ import annotations

from ai_agent.turns.phrases import Phrases, plain

DELAY_S = {"A1": 1.2, "A2": 1.0, "B1": 0.9, "B2": 0.8, "C1": 0.6, "C2": 0.5}
"""When nothing is known of the speech but its length."""
DEFAULT_DELAY_S = DELAY_S["B1"]
UNFINISHED_FACTOR = 2.0
"""The words, or the sound, want a continuation."""
UNSURE_FACTOR = 1.5
FINISHED_FACTOR = 0.85
SOUNDS_FINISHED, SOUNDS_UNFINISHED = 0.9, 0.5
"""Probabilities of the model (`vad/finished.py`) from which, and below which, it is believed: measured with
`tests.bench.end_of_turn`."""
BROWSER_FACTOR = 0.6
"""A browser's recognition gives its finals only after a pause."""


def endpointing_delay(
    level: str, text: str, phrases: Phrases, *, finished: float | None = None, patience: float = 1.0
) -> float:
    """Seconds of silence that end the turn. `text`: its words so far, empty if they are not known.
    `finished`: the probability that it sounds finished, None if nobody judged it. `patience`: the learner's
    own factor.
    """
    delay = DELAY_S.get(level, DEFAULT_DELAY_S) * patience
    if is_unfinished(text, phrases):
        return delay * UNFINISHED_FACTOR
    if finished is None:
        return delay
    if finished >= SOUNDS_FINISHED:
        return delay * FINISHED_FACTOR
    if text.rstrip().endswith(("?", "!")):
        return delay
    return delay * (UNFINISHED_FACTOR if finished < SOUNDS_UNFINISHED else UNSURE_FACTOR)


def is_unfinished(text: str, phrases: Phrases) -> bool:
    """Whether the text ends like an incomplete sentence: "I went to the", "because"."""
    if text.rstrip().endswith(("?", "!")):
        return False
    said = plain(text)
    if not said or said in phrases.finished_phrases:
        return False
    if said in phrases.unfinished_phrases or text.rstrip().endswith((",", "...", "…")):
        return True
    words = said.split()
    tail = {" ".join(words[-n:]) for n in (2, 3, 4)}
    if tail & phrases.finished_phrases:
        return False
    return words[-1] in phrases.unfinished or bool(tail & phrases.unfinished_phrases)
