"""The pause that ends a turn. Learners pause to find words, the longer the lower their level."""

from __future__ import annotations

from ai_agent.turns.phrases import Phrases, plain

DELAY_S = {"A1": 1.2, "A2": 1.0, "B1": 0.9, "B2": 0.8, "C1": 0.6, "C2": 0.5}
DEFAULT_DELAY_S = DELAY_S["B1"]
UNFINISHED_FACTOR = 2.0
BROWSER_FACTOR = 0.6
"""A browser's recognition gives its finals only after a pause."""


def endpointing_delay(level: str, text: str, phrases: Phrases) -> float:
    """Seconds of silence that end the turn. `text`: its words so far, empty if they are not known."""
    delay = DELAY_S.get(level, DEFAULT_DELAY_S)
    return delay * UNFINISHED_FACTOR if is_unfinished(text, phrases) else delay


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
