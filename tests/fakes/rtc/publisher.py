"""The sending half of a client: a clip in a loop, packetised like a browser's microphone."""

from __future__ import annotations

import struct
import time
from collections import OrderedDict

from tests.fakes.rtc.clips import FRAME_SAMPLES, SPEECH_LEVEL, Clip, stamped
from tests.fakes.rtc.link import MediaLink

_HEADER = struct.Struct("!BBHII")
_HISTORY = 64
NTP_EPOCH_S = 2_208_988_800


class Publisher:
    """Sends one frame of its clip with each `send_next`.

    `stamp`: every frame ends with the time it was sent (`clips.read_stamp`), for delay. `red_payload_type`:
    each packet also carries the previous frame (RFC 2198). `answers_nacks`: resend packets, as browsers do.
    """

    def __init__(
        self,
        link: MediaLink,
        clip: Clip,
        *,
        ssrc: int,
        payload_type: int,
        level_extension: int | None,
        red_payload_type: int | None = None,
        stamp: bool = False,
        answers_nacks: bool = True,
    ) -> None:
        self.link = link
        self.ssrc = ssrc
        self.sent = 0
        self.retransmitted = 0
        self.first_speech_ns: int | None = None
        self.answers_nacks = answers_nacks
        self.paused = False
        self._clip = clip
        self._next = 0
        self._payload_type = payload_type
        self._level_extension = level_extension
        self._red_payload_type = red_payload_type
        self._stamp = stamp
        self._sequence = 1000
        self._timestamp = 10_000
        self._octets = 0
        self._before: bytes | None = None
        self._history: OrderedDict[int, bytes] = OrderedDict()

    def play(self, clip: Clip) -> None:
        """Start the clip again with the next packet."""
        self._clip, self._next, self.first_speech_ns = clip, 0, None

    def send_next(self) -> None:
        if self.paused:
            self._timestamp = (self._timestamp + FRAME_SAMPLES) & 0xFFFFFFFF
            return
        frame, level = self._clip.frames[self._next], self._clip.levels[self._next]
        self._next = (self._next + 1) % len(self._clip)
        if self.first_speech_ns is None and level < SPEECH_LEVEL:
            self.first_speech_ns = time.time_ns()
        packet = self._pack(stamped(frame, time.time_ns()) if self._stamp else frame, level)
        self._remember(packet)
        self.link.send_rtp(packet)
        self.sent += 1
        self._octets += len(frame)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._timestamp = (self._timestamp + FRAME_SAMPLES) & 0xFFFFFFFF

    def retransmit(self, sequence: int) -> None:
        packet = self._history.get(sequence)
        if packet is not None and self.answers_nacks:
            self.retransmitted += 1
            self.link.send_rtp(packet)

    def sender_report(self) -> bytes:
        """A sender report (RFC 3550 section 6.4.1) without report blocks."""
        now = time.time()
        seconds = int(now) + NTP_EPOCH_S
        fraction = int((now % 1) * (1 << 32))
        return struct.pack(
            "!BBHIIIIII",
            0x80,
            200,
            6,
            self.ssrc,
            seconds & 0xFFFFFFFF,
            fraction,
            self._timestamp,
            self.sent & 0xFFFFFFFF,
            self._octets & 0xFFFFFFFF,
        )

    def _pack(self, frame: bytes, level: int) -> bytes:
        payload_type, payload = self._payload_type, frame
        if self._red_payload_type is not None:
            payload_type, payload = self._red_payload_type, self._with_redundancy(frame)
        extension = b""
        if self._level_extension is not None:
            voice = 0x80 if level < SPEECH_LEVEL else 0
            extension = struct.pack("!HHBBH", 0xBEDE, 1, self._level_extension << 4, voice | level, 0)
        first = 0x90 if extension else 0x80
        header = _HEADER.pack(first, payload_type, self._sequence, self._timestamp, self.ssrc)
        return header + extension + payload

    def _with_redundancy(self, frame: bytes) -> bytes:
        before, self._before = self._before, frame
        if before is None or len(before) > 1023:
            return bytes((self._payload_type,)) + frame
        block = (0x80 | self._payload_type) << 24 | FRAME_SAMPLES << 10 | len(before)
        return block.to_bytes(4, "big") + bytes((self._payload_type,)) + before + frame

    def _remember(self, packet: bytes) -> None:
        self._history[self._sequence] = packet
        if len(self._history) > _HISTORY:
            self._history.popitem(last=False)
