"""`/v1/listen`, `/v2/listen` and `/v1/speak`, as Deepgram documents them.

The messages on a socket are scripted: `plays` has the script of each connection, in order.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.vendors.server import Vendor, serving, stream


@dataclass(slots=True)
class DeepgramConnection:
    """One WebSocket: what it received, and methods for scripts."""

    socket: web.WebSocketResponse
    request: web.Request
    audio_bytes: int = 0
    texts: list[str] = field(default_factory=list)
    configured: list[dict[str, Any]] = field(default_factory=list)
    """Thresholds of the Configure messages."""

    async def send(self, message: dict[str, Any]) -> None:
        await self.socket.send_str(json.dumps(message))

    async def send_byte_by_byte(self, message: dict[str, Any], pause_s: float = 0.0) -> None:
        """As one unmasked text frame (RFC 6455, section 5.2)."""
        assert self.request.transport is not None
        payload = json.dumps(message).encode()
        for byte in b"\x81\x7e" + len(payload).to_bytes(2, "big") + payload:
            await asyncio.sleep(pause_s)
            self.request.transport.write(bytes([byte]))

    async def receive_audio(self, size: int) -> None:
        """Until `size` bytes of audio have been received in all."""
        while self.audio_bytes < size:
            await self._next()

    async def wait_for(self, kind: str) -> None:
        """Until the client has sent a text frame of this kind."""
        while kind not in self.texts:
            await self._next()
        self.texts.remove(kind)

    async def until_closed(self) -> None:
        while not self.socket.closed:
            await self._next()

    def cut(self) -> None:
        if self.request.transport is not None:
            self.request.transport.abort()

    async def _next(self) -> None:
        message = await self.socket.receive()
        if message.type is WSMsgType.BINARY:
            self.audio_bytes += len(message.data)
        elif message.type is WSMsgType.TEXT:
            message = json.loads(message.data)
            self.texts.append(message["type"])
            if message["type"] == "Configure":
                self.configured.append(message["thresholds"])
        else:
            raise asyncio.CancelledError  # the client has disconnected, so the script ends


Play = Callable[[DeepgramConnection], Awaitable[None]]


@dataclass(slots=True)
class Deepgram(Vendor):
    plays: list[Play] = field(default_factory=list)
    connections: list[DeepgramConnection] = field(default_factory=list)
    audio: bytes = bytes(range(256)) * 64

    async def listen(self, request: web.Request) -> web.StreamResponse:
        fault = await self.next_fault(request)
        if fault.status != 200:
            return web.Response(status=fault.status, headers=fault.headers)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = DeepgramConnection(socket, request)
        self.connections.append(connection)
        if self.plays:
            await self.plays.pop(0)(connection)
        await connection.until_closed()
        return socket

    async def speak(self, request: web.Request) -> web.StreamResponse:
        fault = await self.next_fault(request)
        pieces = [self.audio[i : i + 1_001] for i in range(0, len(self.audio), 1_001)]
        return await stream(request, fault, pieces, "audio/l16")


@asynccontextmanager
async def deepgram() -> AsyncIterator[Deepgram]:
    vendor = Deepgram()
    routes = [
        web.get("/v1/listen", vendor.listen),
        web.get("/v2/listen", vendor.listen),
        web.post("/v1/speak", vendor.speak),
    ]
    async with serving(vendor, routes):
        yield vendor


def results(
    transcript: str, *, start: float = 0.0, is_final: bool = True, from_finalize: bool = False
) -> dict[str, Any]:
    words = [
        {
            "word": word.strip(".").lower(), "punctuated_word": word, "confidence": 0.9,
            "start": start + index * 0.3, "end": start + index * 0.3 + 0.25,
        }
        for index, word in enumerate(transcript.split())
    ]  # fmt: skip
    return {
        "type": "Results", "channel_index": [0, 1], "duration": 1.0, "start": start,
        "is_final": is_final, "speech_final": is_final, "from_finalize": from_finalize,
        "channel": {"alternatives": [{"transcript": transcript, "confidence": 0.9, "words": words}]},
        "metadata": {
            "request_id": "r", "model_info": {"name": "n", "version": "v", "arch": "a"}, "model_uuid": "u",
        },
    }  # fmt: skip


def turn_info(event: str, transcript: str, index: int = 0) -> dict[str, Any]:
    words = [{"word": word, "confidence": 0.9, "start": 0.1, "end": 0.3} for word in transcript.split()]
    return {
        "type": "TurnInfo", "request_id": "r", "sequence_id": 7, "event": event, "turn_index": index,
        "audio_window_start": 0.0, "audio_window_end": 1.2, "transcript": transcript, "words": words,
        "end_of_turn_confidence": 0.81, "trigger": "model",
    }  # fmt: skip
