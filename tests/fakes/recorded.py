"""Recordings as browsers' MediaRecorder and others make them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import av
import numpy as np

_CODECS = {"wav": "pcm_s16le", "webm": "libopus", "ogg": "libopus", "mp4": "aac", "mp3": "libmp3lame"}


def recorded(pcm: bytes, kind: str, rate: int = 16_000) -> bytes:
    """PCM of 16 bits, mono, as a file of that container."""
    out = BytesIO()
    samples = np.frombuffer(pcm, "<i2").reshape(1, -1)
    hz = 48_000 if kind in {"webm", "ogg", "mp4"} else rate
    options = {"movflags": "frag_keyframe+empty_moov"} if kind == "mp4" else {}
    with av.open(out, "w", format=kind, options=options) as container:
        stream: Any = container.add_stream(_CODECS[kind], rate=hz, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "s16", "mono")
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()
