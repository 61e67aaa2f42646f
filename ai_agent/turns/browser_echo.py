"""Words that a browser recognised while the tutor was heard: the learner's, or an echo of the tutor's?

A browser's recognition listens at the microphone, before our echo detector, and does not say when its words
were spoken. Speech on the learner's track decides; if the track carried nothing, the words themselves do.
Pure; times are seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ai_agent.turns.overlap import repeats

LATE_S = 2.0
"""Words may come this long after their sound."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`tutor_since`, `tutor_until`: when the last reply that was heard was played. `track_at`, `voice_at`:
    when anything, and when speech that is no echo, was last heard on the learner's track. `held`:
    push-to-talk, which silences the tutor.
    """

    tutor_since: float
    tutor_until: float
    track_at: float
    voice_at: float
    held: bool


def is_tutor_echo(said: str, evidence: Evidence, tutor_words: Sequence[str], now: float) -> bool:
    """`said`: the words, plain. `tutor_words`: what was heard of the tutor last, plain, in order."""
    if evidence.held or now - evidence.tutor_until > LATE_S:
        return False
    if evidence.track_at >= evidence.tutor_since:
        return evidence.voice_at < max(evidence.tutor_since, now - LATE_S)
    return repeats(said, tutor_words)
