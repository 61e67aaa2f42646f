"""Somebody speaks while the tutor does: do they want the floor? Pure; times in seconds.

The output is paused at the first sign. Then words decide, or their absence; the sound itself where words are
late.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from ai_agent.turns.phrases import Phrases, has_phrase, plain

NO_WORDS_AFTER_S = 1.0
"""So long after the sound ended without a word, it was none."""
PAUSE_S = 0.4
"""Less of a pause may lie within a sentence: "no, ... I meant"."""
SURELY_SPEECH_S = 1.6
"""Somebody who speaks for so long wants the floor, whatever the recogniser makes of it."""
SURE = 0.3
"""Of the recogniser. What it is less sure of are words made of coughs."""
SHORT_S, LONG_S = 0.6, 0.8
"""An offline recogniser hears words in every "mm-hm". Of less speech than SHORT_S only `interruptions` count,
of less than LONG_S only words it is sure of (measured: tests.bench.overlaps).
"""
RELIABLE_SHORT_S = 0.15
"""The same for recognisers that give no words where there are none."""
MAX_BACKCHANNEL_WORDS = 4
ECHO_WORDS = 3


class Verdict(Enum):
    WAIT = "wait"
    FALSE_INTERRUPTION = "false alarm"
    BARGE_IN = "barge-in"


@dataclass(frozen=True, slots=True)
class Overlap:
    """`voiced_s`: how much speech the VAD saw in it. `quiet_s`: since it ended, 0 while it goes on.
    `words_complete`: the recogniser has said all it has to say of it. `confidence`: of its words, 0..1.
    `is_reliable`: it makes no words of noise.
    """

    text: str
    voiced_s: float
    quiet_s: float
    words_complete: bool
    hears_words: bool = True
    is_reliable: bool = True
    confidence: float = 1.0


def judge(overlap: Overlap, phrases: Phrases, tutor_words: Collection[str] = ()) -> Verdict:
    """`tutor_words`: what the tutor has just said, plain: the same words from a learner are its echo."""
    said = plain(overlap.text)
    ended = overlap.quiet_s > 0
    if said and not is_backchannel(said, phrases) and not _is_echo(said, tutor_words):
        if _counts(said, overlap, phrases):
            return Verdict.BARGE_IN
    elif overlap.voiced_s >= SURELY_SPEECH_S and not said and not ended:
        return Verdict.BARGE_IN
    if overlap.quiet_s < PAUSE_S:
        return Verdict.WAIT
    if overlap.words_complete or not overlap.hears_words or overlap.quiet_s >= NO_WORDS_AFTER_S:
        return Verdict.FALSE_INTERRUPTION
    return Verdict.WAIT


def _counts(said: str, overlap: Overlap, phrases: Phrases) -> bool:
    if overlap.is_reliable:
        return overlap.voiced_s >= RELIABLE_SHORT_S
    if overlap.voiced_s >= LONG_S:
        return True
    is_long = overlap.voiced_s >= SHORT_S
    if is_long and len(said.split()) >= 3:
        return True
    return has_phrase(said, phrases.interruptions) or (is_long and overlap.confidence >= SURE)


def is_backchannel(said: str, phrases: Phrases) -> bool:
    """Nothing but such words, four at the most: "yeah okay", "oh i see"."""
    words = said.split()
    if len(words) > MAX_BACKCHANNEL_WORDS:
        return False
    at = 0
    while at < len(words):
        longest = next(
            (
                n
                for n in (3, 2, 1)
                if " ".join(words[at : at + n]) in phrases.backchannels and at + n <= len(words)
            ),
            0,
        )
        if not longest:
            return False
        at += longest
    return True


def _is_echo(said: str, tutor_words: Collection[str]) -> bool:
    return len(said.split()) >= ECHO_WORDS and repeats(said, tutor_words)


def repeats(said: str, tutor_words: Collection[str]) -> bool:
    """Nearly all of it is what the tutor has said, as far as a recogniser may hear that. Both are plain."""
    words = said.split()
    return bool(words) and sum(word in tutor_words for word in words) >= 0.8 * len(words)
