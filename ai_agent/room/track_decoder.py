"""One speaker's track: packets in, frames of PCM out, and no work while the speaker is silent.

Decoding follows the level in the packets' header (RFC 6464). Packets softer than QUIET_LEVEL are only kept
for a short time and decoded with the first louder one, so that onsets are whole. Pure except for libopus.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np

from ai_agent.audio import INPUT_FRAME, Pcm
from ai_agent.room.jitter import Gap, JitterBuffer
from ai_agent.room.opus import OpusDecoder, OpusError
from ai_agent.room.track import AUDIO
from server.common.rtp import RtpPacket

QUIET_LEVEL = 60
"""−dBov. Softer than any speech into a microphone. Whether louder sound is speech is decided by the VAD."""
PREROLL = 12
"""Packets (240 ms) that are decoded with the first loud one after them."""
HANGOVER_S = 0.5
"""Quiet packets are decoded for this long after the last loud one: word ends, pauses between words."""
STALLED_S = 0.1
"""A track without packets for this long is paused: DTX, mute, a lost connection."""
MAX_CONCEALED = 5
"""Packets (100 ms); libopus has faded to silence by then."""
_MAX_SILENCE_SIZE = 3
"""Bytes: only comfort noise of DTX and silence frames are this short (RFC 6716 section 3.2.1)."""
_MAX_AHEAD = 100
"""Frames (2 s) that may come at once after a stall; beyond that, no more than time passes."""


class PcmSink(Protocol):
    """Gets one speaker's audio."""

    def push_audio(self, pcm: Pcm, now: float) -> None: ...

    def pause_audio(self, now: float) -> None: ...


class TrackDecoder:
    """`decoded` and `concealed` count packets."""

    def __init__(self, sink: PcmSink) -> None:
        self.decoded = 0
        self.concealed = 0
        self._sink = sink
        self._decoder = OpusDecoder()
        self._jitter = JitterBuffer()
        self._is_open = False
        self._quiet_packets: deque[RtpPacket] = deque(maxlen=PREROLL)
        self._loud_at = 0.0
        self._packet_at = 0.0
        self._packet_samples = INPUT_FRAME
        self._rest: Pcm = np.zeros(0, np.int16)
        self._limit = _FrameLimit()

    @property
    def is_idle(self) -> bool:
        """No work is due by time."""
        return not self._is_open and not self._jitter.is_waiting

    def receive(self, packet: RtpPacket, now: float) -> None:
        self._packet_at = now
        self._jitter.put(packet, now)
        self._drain(now)

    def due_nacks(self, now: float) -> list[int]:
        """Sequence numbers to NACK now; none in silence, where a lost packet does not matter."""
        return self._jitter.due_nacks(now) if self._is_open else []

    def tick(self, now: float) -> None:
        """Call it every 20 ms unless `is_idle`."""
        self._drain(now)
        if now - self._packet_at >= STALLED_S:
            self.close(now)

    def close(self, now: float) -> None:
        if self._is_open:
            self._is_open = False
            self._rest = self._rest[:0]
            self._sink.pause_audio(now)

    def _drain(self, now: float) -> None:
        for item in self._jitter.take(now):
            if isinstance(item, Gap):
                self._conceal(item, now)
            else:
                self._take(item, now)

    def _take(self, packet: RtpPacket, now: float) -> None:
        is_loud = _is_loud(packet)
        if not self._is_open:
            if not is_loud:
                self._quiet_packets.append(packet)
                return
            self._open(packet, now)
        if is_loud:
            self._loud_at = now
        self._decode(packet, now)
        if now - self._loud_at >= HANGOVER_S:
            self.close(now)

    def _open(self, first: RtpPacket, now: float) -> None:
        self._is_open = True
        self._decoder.reset()
        reach = PREROLL * AUDIO.frame_ticks
        for packet in self._quiet_packets:
            if (first.timestamp - packet.timestamp) & 0xFFFFFFFF <= reach:
                self._decode(packet, now)
        self._quiet_packets.clear()

    def _decode(self, packet: RtpPacket, now: float) -> None:
        try:
            pcm = self._decoder.decode(packet.payload)
        except OpusError:
            pcm = self._decoder.conceal(self._packet_samples)
        self._packet_samples = len(pcm)
        self.decoded += 1
        self._emit(pcm, now)

    def _conceal(self, gap: Gap, now: float) -> None:
        """RFC 6716 section 4.4: the last one from the FEC of the next packet, others from the past."""
        if not self._is_open:
            return
        count = min(gap.count, MAX_CONCEALED)
        self.concealed += count
        try:
            for _ in range(count - 1):
                self._emit(self._decoder.conceal(self._packet_samples), now)
            self._emit(self._decoder.recover(gap.next_packet.payload, self._packet_samples), now)
        except OpusError:
            return  # the packet after the gap is malformed, too: `_decode` handles it next

    def _emit(self, pcm: Pcm, now: float) -> None:
        """Packets hold 2.5 to 120 ms, the sink takes frames."""
        if len(self._rest):
            pcm = np.concatenate((self._rest, pcm))
        whole = len(pcm) - len(pcm) % INPUT_FRAME
        self._rest = pcm[whole:]
        for at in range(0, whole, INPUT_FRAME):
            if self._limit.take(now):
                self._sink.push_audio(pcm[at : at + INPUT_FRAME], now)


class _FrameLimit:
    """No more audio than time passes: a sender of 1,000 packets a second costs no more than one of 50."""

    def __init__(self) -> None:
        self._frames = float(_MAX_AHEAD)
        self._at = 0.0

    def take(self, now: float) -> bool:
        self._frames = min(float(_MAX_AHEAD), self._frames + (now - self._at) / AUDIO.frame_s)
        self._at = now
        if self._frames < 1:
            return False
        self._frames -= 1
        return True


def _is_loud(packet: RtpPacket) -> bool:
    if len(packet.payload) <= _MAX_SILENCE_SIZE:
        return False
    return packet.level is None or packet.level <= QUIET_LEVEL
