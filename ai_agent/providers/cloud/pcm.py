"""Bytes of int16 audio that come in pieces of any length."""

from __future__ import annotations

import io
import wave

import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import InvalidResponse


class SampleJoiner:
    """HTTP chunks do not end where samples do."""

    def __init__(self) -> None:
        self._odd = b""

    def feed(self, data: bytes) -> Pcm:
        data = self._odd + data
        whole = len(data) & ~1
        self._odd = data[whole:]
        return np.frombuffer(data[:whole], dtype="<i2").astype(np.int16)


def must_be_audio(engine: str, content_type: str) -> None:
    """A page or a JSON under the status 200 would be heard as noise. Raises InvalidResponse.

    `content_type`: the header as it came; without one it may be anything (RFC 9110, section 8.3).
    """
    kind = content_type.split(";", maxsplit=1)[0].strip().lower() or "application/octet-stream"
    if not kind.startswith(("audio/", "application/octet-stream")):
        raise InvalidResponse(engine, f"{kind[:40]} for audio")


def wav(pcm: Pcm, rate: int = INPUT_HZ) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(pcm.astype("<i2").tobytes())
    return file.getvalue()
