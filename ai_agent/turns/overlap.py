"""A learner speaks while the tutor does: do they want the floor? Pure; times are seconds.

The output is paused at the first speech. Then its words decide, or their absence: speech without words gives
the floor back, however long it was.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from ai_agent.turns.phrases import Phrases, has_phrase, plain

NO_WORDS_AFTER_S = 1.0
"""Speech without words by this long after its end had none."""
PAUSE_S = 0.4
"""A shorter pause may lie within a sentence: "no, ... I meant"."""
GUESSED_WORDS = 2
"""So few words of such a recogniser may be a guess that its final takes back."""
MIN_CONFIDENCE = 0.3
"""Below this confidence the recogniser's words may be coughs."""
SHORT_S, LONG_S = 0.6, 0.8
"""A local recogniser finds words in every "mm-hm". In speech shorter than SHORT_S only `interruptions`
count, in speech shorter than LONG_S only words of MIN_CONFIDENCE (measured: tests.bench.overlaps).
"""
RELIABLE_SHORT_S = 0.15
"""The shortest speech whose words count, for recognisers that find no words in noise."""
MAX_BACKCHANNEL_WORDS = 4
ECHO_WORDS = 3


class Verdict(Enum):
    WAIT = "wait"
    FALSE_INTERRUPTION = "false interruption"
    BARGE_IN = "barge-in"


@dataclass(frozen=True, slots=True)
class Overlap:
    """`voiced_s`: speech that the VAD has counted. `quiet_s`: time since its end, 0 while it lasts.
    `words_complete`: no more words will come. `hears_words`: there is a recogniser. `is_reliable`: it finds
    no words in noise. `confidence`: the recogniser's, 0..1.
    """

    text: str
    voiced_s: float
    quiet_s: float
    words_complete: bool
    hears_words: bool = True
    is_reliable: bool = True
    confidence: float = 1.0


def classify(overlap: Overlap, phrases: Phrases, tutor_words: Sequence[str] = ()) -> Verdict:
    """`tutor_words`: what was last heard of the tutor, plain. The same from a learner is its echo."""
    said = plain(overlap.text)
    is_theirs = said and not is_backchannel(said, phrases) and not _is_echo(said, tutor_words)
    if is_theirs and _counts(said, overlap, phrases):
        return Verdict.BARGE_IN
    if overlap.quiet_s < PAUSE_S:
        return Verdict.WAIT
    if overlap.words_complete or not overlap.hears_words or overlap.quiet_s >= NO_WORDS_AFTER_S:
        return Verdict.FALSE_INTERRUPTION
    return Verdict.WAIT


def _counts(said: str, overlap: Overlap, phrases: Phrases) -> bool:
    if overlap.is_reliable:
        return overlap.voiced_s >= RELIABLE_SHORT_S
    if not overlap.words_complete and len(said.split()) <= GUESSED_WORDS:
        return False
    if overlap.voiced_s >= LONG_S:
        return True
    is_long = overlap.voiced_s >= SHORT_S
    if is_long and len(said.split()) >= 3:
        return True
    return has_phrase(said, phrases.interruptions) or (is_long and overlap.confidence >= MIN_CONFIDENCE)


def is_backchannel(said: str, phrases: Phrases) -> bool:
    """Only backchannels, at most MAX_BACKCHANNEL_WORDS: "yeah okay", "oh i see"."""
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


def _is_echo(said: str, tutor_words: Sequence[str]) -> bool:
    return len(said.split()) >= ECHO_WORDS and repeats(said, tutor_words)


def repeats(said: str, tutor_words: Sequence[str]) -> bool:
    """At least four fifths of the words are the tutor's and in its order: a recogniser may mishear some."""
    words = said.split()
    matcher = difflib.SequenceMatcher(None, words, list(tutor_words), autojunk=False)
    return bool(words) and sum(block.size for block in matcher.get_matching_blocks()) >= 0.8 * len(words)
