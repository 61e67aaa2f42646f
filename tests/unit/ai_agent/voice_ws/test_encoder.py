"""Speech is encoded beside the event loop, and its messages keep their places."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from io import BytesIO

import av
import numpy as np
import pytest

from ai_agent.audio import OUTPUT_FRAME, OUTPUT_HZ, Pcm
from ai_agent.voice_ws.encoder import MAX_PIECES, PIECE_FRAMES, Mp3Encoder, Mp3Reply
from ai_agent.voice_ws.mp3 import HZ
from ai_agent.voice_ws.outgoing import Outgoing

FRAME = (8_000 * np.sin(np.arange(OUTPUT_FRAME) / 9)).astype(np.int16)


class Held:
    """The encoder's thread, which does nothing until it is let go."""

    def __init__(self, encoder: Mp3Encoder) -> None:
        self._go = threading.Event()
        self.done = encoder.run(self._wait)

    def _wait(self) -> bytes:
        assert self._go.wait(10)
        return b""

    def let_go(self) -> None:
        self._go.set()


@pytest.fixture
async def encoder() -> AsyncIterator[Mp3Encoder]:
    encoder = Mp3Encoder()
    yield encoder
    await encoder.aclose()


async def everything(out: Outgoing) -> list[str | bytes]:
    found: list[str | bytes] = []
    async with asyncio.timeout(10):
        while (message := await out.next()) is not None:
            found.append(message)
    return found


def seconds_of(data: bytes) -> float:
    with av.open(BytesIO(data), "r") as file:
        return sum(frame.samples for frame in file.decode(audio=0)) / HZ


def say(reply: Mp3Reply, seconds: float) -> None:
    for _ in range(round(seconds * 50)):
        reply.add(FRAME)


async def test_a_reply_stands_between_the_messages_before_and_after_it(encoder: Mp3Encoder) -> None:
    out = Outgoing()
    held = Held(encoder)
    out.put("start")
    reply = Mp3Reply(encoder, out)
    say(reply, 1.0)
    reply.finish()
    out.put("end")
    held.let_go()
    found = await everything(out)
    assert (found[0], found[-1]) == ("start", "end")
    sound = b"".join(message for message in found if isinstance(message, bytes))
    assert seconds_of(sound) == pytest.approx(1.0, abs=0.15)
    assert len(found) <= 2 + 50 / PIECE_FRAMES + 1


async def test_what_is_not_encoded_when_a_reply_is_interrupted_is_not_sent(encoder: Mp3Encoder) -> None:
    out = Outgoing()
    held = Held(encoder)
    reply = Mp3Reply(encoder, out)
    say(reply, 1.0)
    reply.drop()
    out.put("interrupted")
    assert await everything(out) == ["interrupted"]
    held.let_go()
    assert await encoder.run(lambda: b"later") == b"later"
    assert len(out) == 0


async def test_an_encoder_that_cannot_keep_up_drops_speech_and_the_client_is_told(
    encoder: Mp3Encoder,
) -> None:
    told: list[bool] = []
    out = Outgoing(lambda: told.append(True))
    held = Held(encoder)
    reply = Mp3Reply(encoder, out)
    say(reply, 60.0)
    assert len(out) == MAX_PIECES
    assert told
    held.let_go()
    reply.finish()
    assert sum(map(len, await everything(out))) > 0


async def test_speech_that_cannot_be_encoded_leaves_no_gap_that_others_wait_for(
    encoder: Mp3Encoder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_stream: object, _pcm: Pcm) -> bytes:
        raise ValueError("no codec")

    monkeypatch.setattr("ai_agent.voice_ws.mp3.Mp3Stream.feed", fail)
    out = Outgoing()
    say(Mp3Reply(encoder, out), 0.2)
    out.put("end")
    assert await everything(out) == ["end"]
    assert "not encoded" in caplog.text


async def test_a_file_is_encoded_in_parts_so_that_a_reply_beside_it_need_not_wait(
    encoder: Mp3Encoder,
) -> None:
    out = Outgoing()
    held = Held(encoder)
    file = asyncio.create_task(encoder.file(np.resize(FRAME, 20 * OUTPUT_HZ)))
    await asyncio.sleep(0)
    say(Mp3Reply(encoder, out), 0.1)
    held.let_go()
    await out.get()
    assert not file.done()
    assert seconds_of(await file) == pytest.approx(20.0, abs=0.2)
