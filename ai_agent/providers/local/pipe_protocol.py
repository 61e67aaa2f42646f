"""The frames on the pipes between the worker and an engine that runs in a child process.

A frame is its kind (one byte), a number that the worker chose (32 bit: an utterance or a request), the length
of its body (32 bit), all little-endian, and the body.
"""

from __future__ import annotations

import asyncio
import os
import queue
import struct
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

from server.common.parent_death import end_with_parent

HEADER = struct.Struct("<cII")
MAX_BODY = 1 << 20

READY = b"R"
"""First frame of every engine: it has loaded. Body: JSON with facts about the engine."""


class SpeechKind:
    """Kinds of frames of TTS engines. The number is the request's."""

    SPEAK = b"S"
    """To the child. JSON: text, voice; wordsAMinute (espeak-ng), rate (hibari)."""
    CANCEL = b"C"
    """To the child."""
    MARKS = b"M"
    """JSON: pairs of ms from the start and characters of the text. Precedes the samples they begin in. Not
    from hibari."""
    AUDIO = b"A"
    """int16, little-endian, at the engine's sample rate."""
    END = b"E"
    FAILED = b"F"
    """Text for the log."""


class CorrectorKind:
    """Kinds of frames of the corrector. The number is the request's."""

    CHECK = b"C"
    """To the child. JSON: the arguments of `Corrector.judge`."""
    JUDGED = b"J"
    """JSON: outcome; corrections as objects with the fields of `SentenceCorrection`."""


class SphinxKind:
    """Kinds of frames of pocketsphinx. The number is the utterance's."""

    START = b"S"
    """To the child. JSON: cmn, the cepstral means at the end of the speaker's last utterance, or null."""
    AUDIO = b"A"
    """To the child. int16, little-endian, INPUT_HZ."""
    FINISH = b"E"
    """To the child."""
    CANCEL = b"C"
    """To the child."""
    DECODED = b"H"
    """Body: SAMPLE_COUNT, the samples decoded so far."""
    PARTIAL = b"P"
    """The text so far."""
    FINAL = b"F"
    """JSON: text; words as [text, start in seconds, end, confidence]; cmn, null if there was no audio."""


class MoonshineKind:
    """Kinds of frames of Moonshine. The number is the request's: each has all audio of an utterance so far,
    so a process that was started again needs nothing from before.
    """

    DECODE = b"D"
    """To the child. Body: `pack_request`."""
    CANCEL = b"C"
    """To the child. It stops at its next step and sends no words."""
    WORDS = b"W"
    """JSON: tokens; words as [text, probability]; confidence, the mean probability of all tokens."""


class WhisperKind:
    """Kinds of frames of Whisper. The number is the request's; the next one is sent after the answer."""

    TRANSCRIBE = b"T"
    """To the child. The language's code, a zero byte, and the utterance: int16, little-endian, INPUT_HZ."""
    HEARD = b"H"
    """JSON: text; confidence, the mean probability of the tokens."""
    FAILED = b"F"
    """Text for the log."""


DRAFT_LENGTH = struct.Struct("<H")


def pack_request(pcm: bytes, draft: Sequence[int]) -> bytes:
    """`pcm`: int16, little-endian, INPUT_HZ. `draft`: tokens of the same utterance when it was shorter."""
    return DRAFT_LENGTH.pack(len(draft)) + struct.pack(f"<{len(draft)}H", *draft) + pcm


def unpack_request(body: bytes) -> tuple[bytes, tuple[int, ...]]:
    """The samples and the draft."""
    (length,) = DRAFT_LENGTH.unpack_from(body)
    draft = struct.unpack_from(f"<{length}H", body, DRAFT_LENGTH.size)
    return body[DRAFT_LENGTH.size + 2 * length :], draft


SAMPLE_COUNT = struct.Struct("<Q")


class Frame(NamedTuple):
    kind: bytes
    number: int
    body: bytes


def pack(kind: bytes, number: int = 0, body: bytes = b"") -> bytes:
    return HEADER.pack(kind, number, len(body)) + body


async def read_frame(reader: asyncio.StreamReader) -> Frame | None:
    """None at the end of the pipe, also within a frame. Raises ValueError for a frame beyond MAX_BODY."""
    try:
        kind, number, length = HEADER.unpack(await reader.readexactly(HEADER.size))
        if length > MAX_BODY:
            raise ValueError(f"a frame has {length} bytes, the maximum is {MAX_BODY}")
        return Frame(kind, number, await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class Pipes:
    """The child's side: frames in from the worker, frames out to it."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink

    @classmethod
    def take_over_stdio(cls) -> Pipes:
        """Redirects standard output to standard error, because native libraries may print. From now on the
        process ends with the worker, also while it stands still or computes."""
        end_with_parent()
        sink = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        return cls(sys.stdin.buffer, sink)

    def frames(self) -> Iterator[Frame]:
        """Ends when the worker closes its end or dies."""
        while len(header := self._source.read(HEADER.size)) == HEADER.size:
            kind, number, length = HEADER.unpack(header)
            yield Frame(kind, number, self._source.read(length))

    def send(self, kind: bytes, number: int = 0, body: bytes = b"") -> None:
        self._sink.write(pack(kind, number, body))
        self._sink.flush()


class Inbox:
    """The child's queue of frames. A thread reads them, so that a cancel is seen while the main thread works.

    `cancel`: the kind of frame that cancels everything under its number. Numbers are not reused.
    """

    def __init__(self, pipes: Pipes, cancel: bytes) -> None:
        self._pipes = pipes
        self._cancel = cancel
        self._frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        self._cancelled: set[int] = set()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def get(self) -> Frame:
        return self._frames.get()

    def is_cancelled(self, number: int) -> bool:
        return number in self._cancelled

    def forget(self, number: int) -> None:
        """Call after its cancel was taken: no frame of that number follows."""
        self._cancelled.discard(number)

    def _read(self) -> None:
        try:
            for frame in self._pipes.frames():
                if frame.kind == self._cancel:
                    self._cancelled.add(frame.number)
                self._frames.put(frame)
        finally:
            os._exit(0)  # the worker has ended, or sends invalid frames; the main thread may be blocked
