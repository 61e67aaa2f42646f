"""The tutor's voice as an RTP stream: a packet for each 20 ms of speech, none in silence.

The timestamp follows the clock through pauses, as with DTX (RFC 7587 section 3.1.3). Pure except for libopus.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from ai_agent.audio import Pcm
from ai_agent.room.opus import SILENCE, OpusEncoder
from ai_agent.room.track import AUDIO
from server.common import rtcp
from server.common.rtp import SILENCE_LEVEL, build

CLOSING_FRAMES = 3
"""Frames of silence after the last word, so that receivers do not conceal."""
HISTORY = 64
"""Packets (1.3 s) kept for retransmission."""
_FULL_SCALE = 32_768


class RtpSender:
    """`level_id`: id of the audio level header extension, None if the offer has none."""

    def __init__(self, ssrc: int, payload_type: int, level_id: int | None) -> None:
        self.ssrc = ssrc
        self.packets = 0
        self._payload_type = payload_type
        self._level_id = level_id
        self._encoder = OpusEncoder()
        # below 32,768: else a receiver that misses the start would assume a rollover (RFC 3711 section 3.3.1)
        self._sequence = secrets.randbelow(0x7FFF)
        self._timestamp = secrets.randbits(32)
        self._ticked_at = 0.0
        self._octets = 0
        self._closing = 0
        self._was_silent = True
        self._sent: OrderedDict[int, bytes] = OrderedDict()

    def tick(self, frame: Pcm | None, now: float, *, periods: int = 1) -> bytes | None:
        """The packet for this period, if any. `periods`: passed since the last call, 1 unless late."""
        self._timestamp = (self._timestamp + periods * AUDIO.frame_ticks) & 0xFFFFFFFF
        self._ticked_at = now
        if frame is not None:
            self._closing = CLOSING_FRAMES
            return self._pack(self._encoder.encode(frame), level_of(frame))
        if self._closing:
            self._closing -= 1
            return self._pack(SILENCE, SILENCE_LEVEL)
        self._was_silent = True
        return None

    def retransmit(self, sequence: int) -> bytes | None:
        """The packet, if it is still kept."""
        return self._sent.get(sequence)

    def report(self, blocks: Sequence[rtcp.ReportBlock], now: float) -> bytes:
        """A sender report, or a receiver report as long as nothing was sent."""
        if not self.packets:
            return rtcp.receiver_report(self.ssrc, blocks)
        timestamp = (self._timestamp + round((now - self._ticked_at) * AUDIO.clock_rate)) & 0xFFFFFFFF
        return rtcp.sender_report(self.ssrc, now, timestamp, self.packets, self._octets, blocks)

    def _pack(self, payload: bytes, level: int) -> bytes:
        packet = build(
            self._payload_type,
            self._sequence,
            self._timestamp,
            self.ssrc,
            payload,
            marker=self._was_silent,
            level=None if self._level_id is None else (self._level_id, level),
        )
        self._was_silent = False
        self._sent[self._sequence] = packet
        if len(self._sent) > HISTORY:
            self._sent.popitem(last=False)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self.packets += 1
        self._octets += len(payload)
        return packet


def level_of(frame: Pcm) -> int:
    """RFC 6464 section 3: −dBov of the root mean square, 0 to 127."""
    samples = frame.astype(np.float32)
    power = float(np.dot(samples, samples)) / max(1, len(samples))
    if power < 1:
        return SILENCE_LEVEL
    return min(SILENCE_LEVEL, max(0, round(-10 * float(np.log10(power / _FULL_SCALE**2)))))
