"""MP3 of the tutor's voice."""

from __future__ import annotations

import av
import numpy as np

from ai_agent.audio import OUTPUT_HZ, Pcm
from ai_agent.resampler import Resampler

HZ = 24_000
BITS_PER_S = 48_000
_FAST = "7"
"""Of 0 to 9: LAME's fast mode. It takes 16 ms of CPU a second of speech, the default (5) 27 ms."""


class Mp3Stream:
    """One stream: feed it, then `finish`. Takes about 15 ms of CPU a second of sound, most of it without
    Python's lock: not for the event loop's thread."""

    def __init__(self, rate: int = OUTPUT_HZ) -> None:
        self._resampler = Resampler(rate, HZ)
        self._codec = av.AudioCodecContext.create("libmp3lame", "w")
        self._codec.sample_rate = HZ
        self._codec.layout = "mono"
        self._codec.format = "s16p"
        self._codec.bit_rate = BITS_PER_S
        self._codec.options = {"compression_level": _FAST}
        self._codec.thread_count = 1
        self._fifo = av.AudioFifo()

    def feed(self, pcm: Pcm) -> bytes:
        """The bytes that are ready."""
        return self._encode(self._resampler.feed(pcm))

    def finish(self) -> bytes:
        rest = self._encode(self._resampler.finish())
        frame = self._fifo.read(0, partial=True)
        last = b"".join(bytes(packet) for packet in self._codec.encode(frame)) if frame is not None else b""
        return rest + last + b"".join(bytes(packet) for packet in self._codec.encode(None))

    def _encode(self, pcm: Pcm) -> bytes:
        if len(pcm):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm).reshape(1, -1), "s16p", "mono")
            frame.sample_rate = HZ
            frame.pts = None
            self._fifo.write(frame)
        out = bytearray()
        while (whole := self._fifo.read(self._codec.frame_size or 576)) is not None:
            for packet in self._codec.encode(whole):
                out += bytes(packet)
        return bytes(out)
