"""Words that a page understood while the tutor was heard: the learner's, or the tutor's own come back?

A browser's recogniser listens at the microphone, before any guard of ours, and does not say when its words
were spoken. What was heard on the learner's track decides; where nothing came of that, the words themselves.
Pure; times in seconds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ai_agent.turns.overlap import repeats

LATE_S = 2.0
"""So long after their sound words may come."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`tutor_since`, `tutor_until`: when the last answer that sounded did. `track_at`, `voice_at`: when
    anything was last heard on the learner's track, and speech that is no echo. `held`: they hold the key to
    speak, which silences the tutor.
    """

    tutor_since: float
    tutor_until: float
    track_at: float
    voice_at: float
    held: bool


def is_tutor_echo(said: str, heard: Evidence, tutor_words: Collection[str], now: float) -> bool:
    """`said` is plain, `tutor_words` are what the tutor has just said, plain."""
    if heard.held or now - heard.tutor_until > LATE_S:
        return False
    if heard.track_at >= heard.tutor_since:
        return heard.voice_at < max(heard.tutor_since, now - LATE_S)
    return repeats(said, tutor_words)
