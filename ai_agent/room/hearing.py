"""One speaker's sound: packets in, ear frames out, and nothing at all while they are silent.

Decoding follows the level in the packets' header (RFC 6464): softer than QUIET_LEVEL, packets only pass
through a short memory, which is decoded when somebody begins to speak, so that onsets are whole. Pure but for
libopus.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np

from ai_agent.audio import FRAME_S, INPUT_FRAME, Pcm
from ai_agent.room.jitter import Gap, JitterBuffer
from ai_agent.room.opus import Decoder, OpusError
from server.common.rtp import OPUS_FRAME_SAMPLES, RtpPacket

QUIET_LEVEL = 60
"""−dBov. Softer than any speech into a microphone; what voice activity makes of it is not decided here."""
PREROLL = 12
"""Packets (240 ms) before the first loud one that are heard with it."""
HANGOVER_S = 0.5
"""How long quiet packets are still heard after the last loud one: word ends, and pauses between words."""
STALLED_S = 0.1
"""Without a packet for this long their track counts as quiet: DTX, mute, a lost connection."""
MAX_CONCEALED = 5
"""Packets (100 ms); libopus has faded to silence by then."""
_TINY = 3
"""Bytes. So short are DTX's comfort noise and Opus silence frames only (RFC 6716 section 3.2.1)."""
_MAX_AHEAD = 100
"""Frames (2 s) that may come at once after a stall; beyond, no more than time passes."""


class Ear(Protocol):
    """What the dialogue gets of one speaker."""

    def hear(self, pcm: Pcm, now: float) -> None: ...

    def quiet(self, now: float) -> None: ...


class Hearing:
    """`decoded` and `concealed` count packets."""

    def __init__(self, ear: Ear) -> None:
        self.decoded = 0
        self.concealed = 0
        self._ear = ear
        self._decoder = Decoder()
        self._jitter = JitterBuffer()
        self._is_open = False
        self._before: deque[RtpPacket] = deque(maxlen=PREROLL)
        self._loud_at = 0.0
        self._packet_at = 0.0
        self._packet_samples = INPUT_FRAME
        self._rest: Pcm = np.zeros(0, np.int16)
        self._allowance = _Allowance()

    @property
    def is_idle(self) -> bool:
        """Nothing falls due by time."""
        return not self._is_open and not self._jitter.is_waiting

    def receive(self, packet: RtpPacket, now: float) -> None:
        self._packet_at = now
        self._jitter.put(packet, now)
        self._drain(now)

    def missing(self, now: float) -> list[int]:
        """Sequence numbers to ask for again. In silence nothing is worth it."""
        return self._jitter.missing(now) if self._is_open else []

    def tick(self, now: float) -> None:
        """What falls due by time; call it every 20 ms unless `is_idle`."""
        self._drain(now)
        if now - self._packet_at >= STALLED_S:
            self.close(now)

    def close(self, now: float) -> None:
        if self._is_open:
            self._is_open = False
            self._rest = self._rest[:0]
            self._ear.quiet(now)

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
                self._before.append(packet)
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
        reach = PREROLL * OPUS_FRAME_SAMPLES
        for packet in self._before:
            if (first.timestamp - packet.timestamp) & 0xFFFFFFFF <= reach:
                self._decode(packet, now)
        self._before.clear()

    def _decode(self, packet: RtpPacket, now: float) -> None:
        try:
            pcm = self._decoder.decode(packet.payload)
        except OpusError:
            pcm = self._decoder.conceal(self._packet_samples)
        self._packet_samples = len(pcm)
        self.decoded += 1
        self._hand_on(pcm, now)

    def _conceal(self, gap: Gap, now: float) -> None:
        """RFC 6716 section 4.4: all but the last from what was before, the last from its FEC in the next."""
        if not self._is_open:
            return
        count = min(gap.count, MAX_CONCEALED)
        self.concealed += count
        try:
            for _ in range(count - 1):
                self._hand_on(self._decoder.conceal(self._packet_samples), now)
            self._hand_on(self._decoder.recover(gap.then.payload, self._packet_samples), now)
        except OpusError:
            return  # the packet after the gap is broken as well: `_decode` meets it next

    def _hand_on(self, pcm: Pcm, now: float) -> None:
        """Packets may be of 2.5 to 120 ms; an ear takes frames."""
        if len(self._rest):
            pcm = np.concatenate((self._rest, pcm))
        whole = len(pcm) - len(pcm) % INPUT_FRAME
        self._rest = pcm[whole:]
        for at in range(0, whole, INPUT_FRAME):
            if self._allowance.take(now):
                self._ear.hear(pcm[at : at + INPUT_FRAME], now)


class _Allowance:
    """No more sound than time: a sender of a thousand packets a second costs us no more than fifty."""

    def __init__(self) -> None:
        self._frames = float(_MAX_AHEAD)
        self._at = 0.0

    def take(self, now: float) -> bool:
        self._frames = min(float(_MAX_AHEAD), self._frames + (now - self._at) / FRAME_S)
        self._at = now
        if self._frames < 1:
            return False
        self._frames -= 1
        return True


def _is_loud(packet: RtpPacket) -> bool:
    if len(packet.payload) <= _TINY:
        return False
    return packet.level is None or packet.level <= QUIET_LEVEL
