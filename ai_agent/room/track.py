"""Fixed properties of a room's tracks; the rest of this package takes them from here."""

from __future__ import annotations

from dataclasses import dataclass

from ai_agent.audio import FRAME_S
from server.common.rtp import OPUS_CLOCK_RATE, OPUS_FRAME_SAMPLES


@dataclass(frozen=True, slots=True)
class Track:
    """`clock_rate`: of the RTP timestamp, in Hz. `frame_ticks`: RTP ticks in a frame of `frame_s`."""

    kind: str
    codec: str
    clock_rate: int
    channels: int
    frame_s: float
    frame_ticks: int

    @property
    def mime_type(self) -> str:
        return f"{self.kind}/{self.codec}"

    @property
    def rtpmap(self) -> str:
        """Encoding name, clock rate and channels as in SDP."""
        return f"{self.codec}/{self.clock_rate}/{self.channels}"


AUDIO = Track("audio", "opus", OPUS_CLOCK_RATE, 2, FRAME_S, OPUS_FRAME_SAMPLES)
"""Opus in RTP is always opus/48000/2, whatever its bandwidth and channels (RFC 7587 sections 4.1 and 7)."""
