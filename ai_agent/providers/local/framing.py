"""What passes through the pipes between the worker and an engine in a process of its own.

A frame is its kind (one byte), a number that the worker chose (32 bit: a stream or a request), the length of
its body (32 bit), all little-endian, and the body. Kinds are one letter; each engine names its own.
"""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

HEADER = struct.Struct("<cII")
MAX_BODY = 1 << 20

READY = b"R"
"""The first frame of every engine: it is loaded. The body is JSON, the engine's own."""


class Frame(NamedTuple):
    kind: bytes
    number: int
    body: bytes


def pack(kind: bytes, number: int = 0, body: bytes = b"") -> bytes:
    return HEADER.pack(kind, number, len(body)) + body


async def read_frame(reader: asyncio.StreamReader) -> Frame | None:
    """None at the end of the pipe, also in mid-frame. Raises ValueError for a frame beyond MAX_BODY."""
    try:
        kind, number, length = HEADER.unpack(await reader.readexactly(HEADER.size))
        if length > MAX_BODY:
            raise ValueError(f"a frame of {length} bytes")
        return Frame(kind, number, await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


class Pipes:
    """The engine's side: frames in from the worker, frames out to it."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink

    @classmethod
    def take_over_stdio(cls) -> Pipes:
        """Native libraries may print: what they write to standard output goes to standard error instead."""
        sink = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)
        return cls(sys.stdin.buffer, sink)

    def frames(self) -> Iterator[Frame]:
        """Ends when the worker has closed its end, or is dead."""
        while len(header := self._source.read(HEADER.size)) == HEADER.size:
            kind, number, length = HEADER.unpack(header)
            yield Frame(kind, number, self._source.read(length))

    def send(self, kind: bytes, number: int = 0, body: bytes = b"") -> None:
        self._sink.write(pack(kind, number, body))
        self._sink.flush()
