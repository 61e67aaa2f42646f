"""Encodes recordings: Ogg Opus (RFC 7845), mono."""

from __future__ import annotations

from io import BytesIO

import av
import numpy as np

from ai_agent.audio import OUTPUT_HZ, Pcm

BITS_PER_S = 24_000
_CHUNK_S = 1


def ogg_opus(pcm: Pcm, rate: int) -> bytes:
    """`rate` in Hz, any. Takes about 10 ms of CPU a second of sound: not for the event loop's thread."""
    out = BytesIO()
    with av.open(out, "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=OUTPUT_HZ, layout="mono")
        stream.bit_rate = BITS_PER_S
        step = rate * _CHUNK_S
        for at in range(0, len(pcm), step):
            block = np.ascontiguousarray(pcm[at : at + step]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="mono")
            frame.sample_rate = rate
            frame.pts = at
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()
