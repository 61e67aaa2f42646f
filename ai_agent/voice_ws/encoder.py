"""MP3 of the tutors' voices, encoded in one thread for all sessions of a worker: it takes longer than all
else that the event loop does for a session."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec

import numpy as np

from ai_agent.audio import OUTPUT_HZ, Pcm
from ai_agent.voice_ws.mp3 import Mp3Stream
from ai_agent.voice_ws.outgoing import Outgoing, Slot

PIECE_FRAMES = 5
"""Frames that are encoded and sent together, 100 ms: each message costs three processes a system call."""
MAX_PIECES = 20
"""Pieces of one reply that wait for the thread. If it cannot keep up, further ones are dropped, and the
client is told."""
_FILE_PART = OUTPUT_HZ
"""Samples of a file that are encoded at a time, so that streams beside it need not wait for all of it."""
_P = ParamSpec("_P")
_log = logging.getLogger(__name__)


class Mp3Encoder:
    """Close it after use."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="mp3")

    async def aclose(self) -> None:
        """Idempotent. What waits is dropped."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def file(self, pcm: Pcm) -> bytes:
        """A file that plays by itself."""
        stream = Mp3Stream()
        parts = [
            await self.run(stream.feed, pcm[at : at + _FILE_PART]) for at in range(0, len(pcm), _FILE_PART)
        ]
        return b"".join([*parts, await self.run(stream.finish)])

    def run(self, work: Callable[_P, bytes], *args: _P.args, **kwargs: _P.kwargs) -> asyncio.Future[bytes]:
        """Calls are done one after the other, in order."""
        return asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *args, **kwargs))


class Mp3Reply:
    """A reply as one MP3 stream. Each piece has its place among the session's messages when its sound is
    added, so that what follows it is sent after it."""

    def __init__(self, encoder: Mp3Encoder, out: Outgoing) -> None:
        self._encoder = encoder
        self._out = out
        self._stream = Mp3Stream()
        self._frames: list[Pcm] = []
        self._slots: dict[asyncio.Future[bytes], Slot] = {}

    def add(self, frame: Pcm) -> None:
        self._frames.append(frame)
        if len(self._frames) >= PIECE_FRAMES:
            self.flush()

    def flush(self) -> None:
        """Encode what was added without waiting for more."""
        frames, self._frames = self._frames, []
        if not frames:
            return
        if len(self._slots) >= MAX_PIECES:
            self._out.dropped()
            return
        pcm = np.concatenate(frames)
        self._send(self._encoder.run(self._stream.feed, pcm), pcm.nbytes)

    def finish(self) -> None:
        """All has been added."""
        self.flush()
        self._send(self._encoder.run(self._stream.finish), 0)

    def drop(self) -> None:
        """Send nothing more of it: what is still to be encoded would be heard after an interruption."""
        self._frames.clear()
        for future, slot in tuple(self._slots.items()):
            future.cancel()
            slot.fill(None)

    def _send(self, encoded: asyncio.Future[bytes], size: int) -> None:
        self._slots[encoded] = self._out.reserve(size)
        encoded.add_done_callback(self._encoded)

    def _encoded(self, encoded: asyncio.Future[bytes]) -> None:
        slot = self._slots.pop(encoded)
        if encoded.cancelled():
            slot.fill(None)
        elif (error := encoded.exception()) is not None:
            _log.error("speech was not encoded", exc_info=error)
            slot.fill(None)
        else:
            slot.fill(encoded.result())
