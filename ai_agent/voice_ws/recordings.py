"""Whole recordings: what their bytes are decoded to, and the words in them."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from io import BytesIO

import av
import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.dialogue.turn import Turn, TurnDetection
from ai_agent.errors import ProviderError
from ai_agent.providers.ports import Stt
from server.protocol.tutor import Confidence

_FORMATS = "wav,w64,matroska,webm,ogg,mov,mp4,m4a,3gp,3g2,mj2,mp3,aac,flac"
"""Containers that browsers record, and common ones beside them. None of them opens other files."""
_DECODE_WITHIN_S = 20.0
PIECE = (8 * INPUT_HZ, 15 * INPUT_HZ)
"""Samples of a piece that the recogniser gets at a time: least and most. It is cut where it is least loud."""
_QUIET = INPUT_HZ // 10
HEARD_WITHIN_S = 30.0
"""Longest wait for the words of one piece."""


class NotAudio(ValueError):
    pass


class TooLong(ValueError):
    pass


@dataclass(frozen=True, slots=True)
class Heard:
    text: str
    confidence: Confidence | None


def decode(data: bytes, max_s: float) -> Pcm:
    """At INPUT_HZ, whatever the container and codec are. Not for the event loop's thread.

    Raises NotAudio; TooLong as soon as there is more than `max_s` of sound.
    """
    until = time.monotonic() + _DECODE_WITHIN_S
    parts: list[Pcm] = []
    samples = 0
    try:
        with av.open(BytesIO(data), "r", options={"format_whitelist": _FORMATS}) as container:
            stream = container.streams.audio[0]
            stream.codec_context.thread_count = 1
            resampler = av.AudioResampler("s16", "mono", INPUT_HZ)
            for frame in container.decode(stream):
                for part in resampler.resample(frame):
                    parts.append(part.to_ndarray().reshape(-1).astype(np.int16, copy=False))
                    samples += len(parts[-1])
                if samples > max_s * INPUT_HZ:
                    raise TooLong
                if time.monotonic() > until:
                    raise NotAudio("decoding takes too long")
    except (av.error.FFmpegError, IndexError, UnicodeDecodeError) as error:
        if not samples:
            raise NotAudio("not a recording") from error
        # A browser may have been stopped in mid-file: what came before the fault counts.
    return np.concatenate(parts) if parts else np.empty(0, np.int16)


def pieces(pcm: Pcm) -> list[Pcm]:
    """The recording in pieces that recognisers take, cut in pauses where there are some."""
    found: list[Pcm] = []
    least, most = PIECE
    while len(pcm) > most:
        cut = least + _quietest(pcm[least:most])
        found.append(pcm[:cut])
        pcm = pcm[cut:]
    return [*found, pcm] if len(pcm) else found


def _quietest(pcm: Pcm) -> int:
    """The middle of the 100 ms with the least sound."""
    blocks = pcm[: len(pcm) // _QUIET * _QUIET].reshape(-1, _QUIET).astype(np.float32)
    return int(np.argmin((blocks**2).mean(axis=1))) * _QUIET + _QUIET // 2


async def transcribe(stt: Stt, language: str, pcm: Pcm) -> Heard:
    """Raises ProviderError."""
    turn = Turn("", "", 0.0, TurnDetection.VAD)
    stream = await stt.open(language)
    async with aclosing(stream):
        for piece in pieces(pcm):
            stream.push(piece)
            stream.flush()
            try:
                async with asyncio.timeout(HEARD_WITHIN_S):
                    async for event in stream:
                        if event.kind in {"final", "end_of_turn"}:
                            turn.add_final(event.text.strip(), event.confidence, event.scale)
                        elif event.kind == "flushed":
                            break
            except TimeoutError:
                raise ProviderError(stt.card.name, "no words in time") from None
    return Heard(turn.text, turn.grade)
