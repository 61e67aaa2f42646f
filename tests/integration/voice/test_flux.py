"""Flux and echo, as their clients see them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import av
import pytest

from server.common.tasks import cancel_and_wait
from tests.fakes.speech import ScriptedLlm
from tests.fakes.voice import VoiceScene, VoiceSocket, loud, quiet

pytestmark = pytest.mark.asyncio(loop_scope="package")
CHUNK = 8_192
"""256 ms, as the client sends them."""


class Microphone:
    """Sends a chunk every 256 ms: what is `said`, else silence."""

    def __init__(self, client: VoiceSocket) -> None:
        self._client = client
        self.said = b""

    async def run(self) -> None:
        while True:
            chunk, self.said = self.said[:CHUNK], self.said[CHUNK:]
            await self._client.socket.send_bytes(chunk.ljust(CHUNK, b"\0"))
            await asyncio.sleep(0.256)


@asynccontextmanager
async def microphone(client: VoiceSocket) -> AsyncIterator[Microphone]:
    found = Microphone(client)
    task = asyncio.create_task(found.run())
    try:
        yield found
    finally:
        await cancel_and_wait(task)


def turns(client: VoiceSocket) -> list[tuple[str, int]]:
    return [(m["event"], m["turn_index"]) for m in client.texts if m["type"] == "TurnInfo"]


def seconds_of(mp3: bytes) -> float:
    with av.open(BytesIO(mp3), "r") as file:
        return sum(frame.samples for frame in file.decode(audio=0)) / 24_000


async def test_a_turn_and_its_reply_come_in_the_order_of_the_protocol(scene: VoiceScene) -> None:
    async with scene.connect("/v2/flux/order") as client, microphone(client) as voice:
        assert (await client.until(lambda _: True))["type"] == "Connected"
        voice.said = loud(1.0)
        assert await client.kind("AudioEnd") == {"type": "AudioEnd", "turn_index": 0, "interrupted": False}
        told = turns(client)
        assert told[0] == ("StartOfTurn", 0)
        assert told[-2:] == [("EagerEndOfTurn", 0), ("EndOfTurn", 0)]
        assert {event for event, _ in told[1:-2]} == {"Update"}
        infos = [m for m in client.texts if m["type"] == "TurnInfo"]
        assert [m["sequence_id"] for m in infos] == list(range(1, len(infos) + 1))
        assert infos[-1]["transcript"] == infos[-2]["transcript"] == "I like tea."
        reply = client.order[client.order.index(infos[-1]) + 1 :]
        kinds = [m["type"] if isinstance(m, dict) else "mp3" for m in reply]
        start = kinds.index("AudioStart")
        assert set(kinds[:start]) == {"TutorText"}
        assert "mp3" not in kinds[:start]
        assert kinds[-1] == "AudioEnd"
        texts = [m for m in reply if isinstance(m, dict) and m["type"] == "TutorText"]
        assert [m["is_final"] for m in texts] == [False] * (len(texts) - 1) + [True]
        assert seconds_of(client.audio) == pytest.approx(33 * 0.06, abs=0.2)


async def test_speech_over_a_reply_interrupts_it_and_is_the_next_turn(scene: VoiceScene) -> None:
    scene.engines.llm = ScriptedLlm(["This is a long answer that goes on and on. " * 4], ["Yes?"])
    async with scene.connect("/v2/flux/cut") as client, microphone(client) as voice:
        voice.said = loud(1.0)
        await client.kind("AudioStart")
        voice.said = quiet(0.3) + loud(1.5)
        assert (await client.kind("AudioEnd"))["interrupted"] is True
        end = await client.kind("AudioEnd")
        assert (end["turn_index"], end["interrupted"]) == (1, False)
        assert [t for t in turns(client) if t[0] == "EndOfTurn"] == [("EndOfTurn", 0), ("EndOfTurn", 1)]
        assert seconds_of(client.audio) < 8


async def test_signs_of_life_are_no_audio_and_bad_messages_are_errors(scene: VoiceScene) -> None:
    async with scene.connect("/v2/flux/bad") as client:
        await client.kind("Connected")
        await client.socket.send_bytes(b"")
        await client.say(type="KeepAlive")
        for bad in (b"odd", "{", '{"type":"Dance"}', "[]"):
            await (client.socket.send_bytes(bad) if isinstance(bad, bytes) else client.socket.send_str(bad))
            error = await client.kind("Error")
            assert error["code"] == "INVALID_MESSAGE"
        await client.say(type="CloseStream")
        assert await client.closed() == 1000
        assert sum(m["type"] == "Error" for m in client.texts) == 4


async def test_echo_returns_everything_in_order_after_half_a_second(scene: VoiceScene) -> None:
    async with scene.connect("/v2/echo/x") as client:
        sent: list[Any] = []
        began = time.monotonic()
        for number in range(100):
            sent += [number.to_bytes(2, "little") * 4_096, {"number": number}]
            await client.socket.send_bytes(sent[-2])
            await client.say(**sent[-1])
        await client.until(lambda m: m["number"] == 99)
        assert client.order == sent
        assert time.monotonic() - began >= 0.5
