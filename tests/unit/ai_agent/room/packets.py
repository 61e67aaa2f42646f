"""Packets of a synthetic stream, and a sink that records the frames it gets."""

from __future__ import annotations

from dataclasses import dataclass, field

from ai_agent.audio import Pcm
from server.common.rtp import OPUS_FRAME_SAMPLES, RtpPacket
from tests.fakes.rtc.clips import Clip

LOUD, SOFT = 20, 90


def a_packet(
    number: int, *, level: int | None = LOUD, payload: bytes = b"speech", source: int | None = 1
) -> RtpPacket:
    """The packet that follows `number` others, 20 ms each."""
    return RtpPacket(
        111, False, number & 0xFFFF, number * OPUS_FRAME_SAMPLES & 0xFFFFFFFF, 5, source, level, b"", payload
    )


def packets_of(clip: Clip, first: int = 0, *, level: int | None = LOUD) -> list[RtpPacket]:
    return [a_packet(first + i, payload=frame, level=level) for i, frame in enumerate(clip.frames)]


@dataclass
class RecordingSink:
    """`quiets`: times at which it was paused."""

    frames: list[Pcm] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    quiets: list[float] = field(default_factory=list)

    def push_audio(self, pcm: Pcm, now: float) -> None:
        self.frames.append(pcm)
        self.at.append(now)

    def pause_audio(self, now: float) -> None:
        self.quiets.append(now)
