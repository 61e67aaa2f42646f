"""A learner speaks while the tutor does: do they want the floor? Pure; times are seconds.

The output is paused at the first speech. Then its words decide, or their absence; the length of the speech if
words are late.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from ai_agent.turns.phrases import Phrases, has_phrase, plain

NO_WORDS_AFTER_S = 1.0
"""Speech without words by this long after its end had none."""
PAUSE_S = 0.4
"""A shorter pause may lie within a sentence: "no, ... I meant"."""
CERTAIN_SPEECH_S = 1.6
"""Speech of this length wants the floor, even without words."""
MIN_CONFIDENCE = 0.3
"""Below this confidence the recogniser's words may be coughs."""
SHORT_S, LONG_S = 0.6, 0.8
"""An offline recogniser finds words in every "mm-hm". In speech shorter than SHORT_S only `interruptions`
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


def classify(overlap: Overlap, phrases: Phrases, tutor_words: Collection[str] = ()) -> Verdict:
    """`tutor_words`: what the tutor has just said, plain. The same words from a learner are its echo."""
    said = plain(overlap.text)
    ended = overlap.quiet_s > 0
    if said and not is_backchannel(said, phrases) and not _is_echo(said, tutor_words):
        if _counts(said, overlap, phrases):
            return Verdict.BARGE_IN
    elif overlap.voiced_s >= CERTAIN_SPEECH_S and not said and not ended:
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


def _is_echo(said: str, tutor_words: Collection[str]) -> bool:
    return len(said.split()) >= ECHO_WORDS and repeats(said, tutor_words)


def repeats(said: str, tutor_words: Collection[str]) -> bool:
    """At least four fifths of the words are the tutor's: a recogniser may mishear some. Both are plain."""
    words = said.split()
    return bool(words) and sum(word in tutor_words for word in words) >= 0.8 * len(words)
