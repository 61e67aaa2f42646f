"""Clients of flux and echo that measure what they get."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np

from server.common.tasks import cancel_and_wait
from tests.bench.voice_ws.worker import LATENCIES
from tests.fakes.tutor.timed_engines import WORD_FRAMES

CHUNK_S = 0.04
CHUNK = round(CHUNK_S * 32_000)
ECHO_S = 0.5
_ROOM = np.random.default_rng(1).normal(0, 10, CHUNK // 2).astype("<i2").tobytes()
"""A quiet room's noise, at -70 dBFS, while nobody speaks."""


@dataclass
class Measured:
    """Milliseconds beyond what the engines take. `lost`: messages of echo out of order, or missing.
    `opening`: until a session of echo answers. `voice_to_voice`: from the last sound said to the first of the
    answer, engines and the pause that ends a turn included."""

    partial: list[float] = field(default_factory=list)
    first_token: list[float] = field(default_factory=list)
    silence: list[float] = field(default_factory=list)
    voice_to_voice: list[float] = field(default_factory=list)
    echo: list[float] = field(default_factory=list)
    opening: list[float] = field(default_factory=list)
    lost: int = 0
    replies: int = 0
    interruptions: int = 0


class FluxClient:
    """Speaks `clip` again and again, every `interrupts` times over the reply. The clip ends in a sound."""

    def __init__(self, url: str, clip: bytes, measured: Measured, interrupts: int = 2) -> None:
        self._url = url
        self._clip = clip
        self._measured = measured
        self._said = b""
        self._told: dict[str, Any] = {}
        self._interrupts = interrupts
        self._turns = 0
        self._spoke_at = self._said_at = self._audio_at = 0.0

    async def run(self, http: aiohttp.ClientSession, until: float, interruptions: int = 1 << 30) -> None:
        """Raises AssertionError if the connection ends."""
        async with http.ws_connect(self._url, max_msg_size=0) as socket:
            microphone = asyncio.create_task(self._speak(socket))
            try:
                self._say()
                while time.monotonic() < until and self._measured.interruptions < interruptions:
                    await self._turn(socket)
            finally:
                await cancel_and_wait(microphone)

    def _say(self) -> None:
        self._said, self._spoke_at = self._clip, time.monotonic()

    async def _speak(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        due = time.monotonic()
        while True:
            chunk, self._said = self._said[:CHUNK], self._said[CHUNK:]
            if chunk and not self._said:
                self._said_at = time.monotonic()
            await socket.send_bytes(chunk + _ROOM[len(chunk) :])
            due += CHUNK_S
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _turn(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """From the speech to the end of the reply, which the next speech interrupts."""
        ended_at, is_first, frames = 0.0, True, 0
        measured = self._measured
        self._turns += 1
        while True:
            message = await socket.receive(timeout=30)
            now = time.monotonic()
            if message.type is aiohttp.WSMsgType.BINARY:
                self._audio_at = now
                frames += 1
                if frames == 1 and ended_at:
                    measured.voice_to_voice.append(1_000 * (now - self._said_at))
                if frames == 30 and self._turns % self._interrupts == 0:  # some 600 ms of the reply
                    self._say()
                continue
            assert message.type is aiohttp.WSMsgType.TEXT, (
                f"closed with {socket.close_code} after {self._told}"
            )
            told = self._told = json.loads(message.data)
            if told["type"] == "TurnInfo" and told["event"] == "StartOfTurn":
                engine = WORD_FRAMES * 0.02 + LATENCIES.stt_partial
                measured.partial.append(1_000 * (now - self._spoke_at - engine))
            elif told["type"] == "TurnInfo" and told["event"] == "EndOfTurn":
                ended_at, is_first = now, True
            elif told["type"] == "TutorText" and not told["is_final"] and is_first and ended_at:
                is_first = False
                measured.first_token.append(1_000 * (now - ended_at - LATENCIES.llm_first_token))
            elif told["type"] == "AudioEnd":
                measured.replies += 1
                if told["interrupted"]:
                    measured.interruptions += 1
                    measured.silence.append(1_000 * max(0.0, self._audio_at - self._spoke_at))
                else:
                    self._say()
                return


async def echo(http: aiohttp.ClientSession, url: str, seconds: float, measured: Measured) -> None:
    """A chunk of speech every 40 ms, once the session has answered its first message."""
    sent: list[float] = []

    async def send(socket: aiohttp.ClientWebSocketResponse) -> None:
        due = time.monotonic()
        for _ in range(round(seconds / CHUNK_S)):
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            due += CHUNK_S
            sent.append(time.monotonic())
            await socket.send_bytes(len(sent).to_bytes(4, "little").ljust(CHUNK, b"\0"))

    began = time.monotonic()
    async with http.ws_connect(url, max_msg_size=0) as socket:
        await socket.send_bytes(b"first")
        assert (await socket.receive(timeout=60)).data == b"first", f"closed with {socket.close_code}"
        measured.opening.append(1_000 * (time.monotonic() - began - ECHO_S))
        sender = asyncio.create_task(send(socket))
        received = 0
        while not sender.done() or received < len(sent):
            message = await socket.receive(timeout=30)
            if message.type is not aiohttp.WSMsgType.BINARY:
                break
            received += 1
            measured.lost += int.from_bytes(message.data[:4], "little") != received
            measured.echo.append(1_000 * (time.monotonic() - sent[received - 1] - ECHO_S))
        await cancel_and_wait(sender)
        measured.lost += len(sent) - received
