"""Detection of speech from the audio level in each packet's header (RFC 6464).

Start: two loud packets within 80 ms. End: no packet above a lower threshold for 400 ms, longer than the
pauses within a word. Loud is relative to the publisher's own noise floor, so that a fan does not count as
speech for ever, but anything from −35 dBov up is loud whatever the floor.
Levels are in −dBov as on the wire: 0 is loudest, 127 is silence.
"""

from __future__ import annotations

from server.common.rtp import SILENCE_LEVEL

ATTACK_SECONDS = 0.080
RELEASE_SECONDS = 0.400
QUIETEST_SPEECH = 50
ALWAYS_SPEECH = 35
ABOVE_FLOOR = 10
HYSTERESIS = 8
QUIETEST_FLOOR = 60
FLOOR_RISE_PER_SECOND = 3.0
"""In dB: a fan counts as noise after a few seconds, while speech dips several times a second."""

_DTX_BYTES = 10
_SPEECH_BYTES = 40
_ASSUMED_SPEECH_LEVEL = 30


def level_from_size(payload_size: int) -> int:
    """For clients without levels: Opus spends few bytes on silence, and with DTX almost none."""
    return _ASSUMED_SPEECH_LEVEL if payload_size >= _SPEECH_BYTES else SILENCE_LEVEL


def is_dtx(payload_size: int) -> bool:
    return payload_size <= _DTX_BYTES


class SpeakingDetector:
    """`on_level` and `on_time` return True if `is_speaking` has changed."""

    def __init__(self) -> None:
        self.is_speaking = False
        self.level = SILENCE_LEVEL
        """Level of the newest packet."""
        self._floor = float(QUIETEST_FLOOR)
        self._floor_time = 0.0
        self._loud_at = float("-inf")
        self._held_at = float("-inf")

    def on_level(self, level: int, now: float) -> bool:
        self.level = level
        threshold = self._threshold(level, now)
        if self.is_speaking:
            if level <= threshold + HYSTERESIS:
                self._held_at = now
            return self.on_time(now)
        if level > threshold:
            return False
        confirmed = now - self._loud_at <= ATTACK_SECONDS
        self._loud_at = now
        if confirmed:
            self._held_at = now
            self.is_speaking = True
        return confirmed

    def on_time(self, now: float) -> bool:
        """Call it also while no packets come, as in DTX."""
        if self.is_speaking and now - self._held_at >= RELEASE_SECONDS:
            return self.stop()
        return False

    def stop(self) -> bool:
        """End speech now, as on mute; a new start needs new packets. Returns whether speech had been on."""
        was_speaking, self.is_speaking = self.is_speaking, False
        self._loud_at = float("-inf")
        return was_speaking

    def _threshold(self, level: int, now: float) -> float:
        """The floor falls at once to the quietest packet and rises slowly: speech pauses, a fan does not."""
        # a pause without packets says nothing about the noise
        rise = min(now - self._floor_time, ATTACK_SECONDS) * FLOOR_RISE_PER_SECOND
        self._floor = min(float(QUIETEST_FLOOR), max(float(level), self._floor - rise))
        self._floor_time = now
        return min(float(QUIETEST_SPEECH), max(float(ALWAYS_SPEECH), self._floor - ABOVE_FLOOR))
