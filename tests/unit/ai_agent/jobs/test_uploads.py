"""Recordings on their way to the server, over HTTP; delays of retries are set to almost none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

import av
import numpy as np
import pytest
from aiohttp import web

from ai_agent.audio import Pcm
from ai_agent.jobs import uploads
from ai_agent.jobs.recording import ogg_opus
from ai_agent.jobs.uploads import Uploads, outcome_of
from tests.fakes.rtc.clips import tone_pcm
from tests.fakes.signalling_server import eventually

SECOND = tone_pcm(440, 1.0)


class _Server:
    """Answers each message with these statuses before it accepts it; 0: after `may_answer`."""

    def __init__(self) -> None:
        self.url = ""
        self.refuse: dict[str, list[int]] = {}
        self.tries: dict[str, int] = {}
        self.taken: dict[str, bytes] = {}
        self.tokens: set[str] = set()
        self.may_answer = asyncio.Event()

    async def put(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        self.tokens.add(request.headers["Authorization"])
        self.tries[name] = self.tries.get(name, 0) + 1
        if self.refuse.get(name):
            status = self.refuse[name].pop(0)
            if status:
                return web.Response(status=status)
            await self.may_answer.wait()
        self.taken[name] = await request.read()
        return web.Response(status=204)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[_Server]:
    monkeypatch.setattr(uploads, "PAUSES_S", (0.0, 0.0, 0.0))
    monkeypatch.setattr(uploads, "_PAUSES_IF_UNKNOWN_S", (0.0,))
    found = _Server()
    app = web.Application(client_max_size=1 << 24)
    app.router.add_put("/api/agents/audio/{id}", found.put)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    found.may_answer.set()
    await runner.cleanup()


def an_answer(accepted: bool | None = True) -> asyncio.Future[bool]:
    """None: there is none yet."""
    found: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    if accepted is not None:
        found.set_result(accepted)
    return found


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_an_encoded_recording_has_the_original_duration(rate: int) -> None:
    tone = np.interp(np.arange(2 * rate) * 48_000 / rate, np.arange(96_000), tone_pcm(440, 2.0))
    with av.open(BytesIO(ogg_opus(tone.astype(np.int16), rate)), "r") as container:
        stream = container.streams.audio[0]
        samples = np.concatenate([f.to_ndarray().ravel() for f in container.decode(stream)])
        assert stream.codec_context.name in {"opus", "libopus"}
        assert len(samples) / 48_000 == pytest.approx(2.0, abs=0.03)
    assert np.abs(samples).max() > 0.2


async def test_a_recording_follows_the_answer_to_its_message(server: _Server) -> None:
    async with Uploads("secret") as found:
        answers = {name: an_answer(None) for name in ("m1", "m2", "m3")}
        for name, answer in answers.items():
            found.put(server.url, name, SECOND, 48_000, answer)
        answers["m3"].set_result(True)
        await eventually(lambda: "m3" in server.taken, within_s=20)
        answers["m2"].set_result(False)
        answers["m1"].set_result(True)
        await eventually(lambda: "m1" in server.taken, within_s=20)
    assert set(server.tries) == {"m1", "m3"}
    assert server.tokens == {"Bearer secret"}


async def test_what_may_succeed_later_is_tried_again(server: _Server) -> None:
    server.refuse = {"m1": [503, 429, 500], "m2": [404]}
    async with Uploads("secret") as found:
        for name in server.refuse:
            found.put(server.url, name, SECOND, 48_000, an_answer())
        await eventually(lambda: set(server.taken) == {"m1", "m2"}, within_s=20)


async def test_what_cannot_succeed_is_not_tried_again(server: _Server) -> None:
    server.refuse = {"m1": [403] * 9, "m2": [404] * 9, "m3": [503] * 9}
    async with Uploads("secret") as found:
        for name in server.refuse:
            found.put(server.url, name, SECOND, 48_000, an_answer())
    assert server.tries == {"m1": 1, "m2": 2, "m3": 4}
    assert server.taken == {}


async def test_recordings_that_wait_delay_no_other(server: _Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leavers' messages that are never answered, or whose retries take long."""
    monkeypatch.setattr(uploads, "PAUSES_S", (600.0,))
    monkeypatch.setattr(uploads, "_PAUSES_IF_UNKNOWN_S", (600.0,))
    monkeypatch.setattr(uploads, "_CLOSE_WITHIN_S", 0.0)
    server.refuse = {f"late{n}": [404] for n in range(10)} | {f"slow{n}": [0] for n in range(3)}
    async with Uploads("secret") as found:
        for name in server.refuse:
            found.put(server.url, name, SECOND, 48_000, an_answer())
        for n in range(10):
            found.put(server.url, f"never{n}", SECOND, 48_000, an_answer(None))
        honest = [f"m{n}" for n in range(20)]
        for name in honest:
            found.put(server.url, name, SECOND, 48_000, an_answer())
        await eventually(lambda: set(honest) <= set(server.taken), within_s=20)


async def test_a_recording_has_a_deadline(server: _Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "WITHIN_S", 0.05)
    async with Uploads("secret") as found:
        answer = an_answer(None)
        found.put(server.url, "m1", SECOND, 48_000, answer)
        await eventually(answer.cancelled, within_s=20)
    assert server.tries == {}


async def test_waiting_recordings_hold_a_bounded_amount_of_memory(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 3 * SECOND.nbytes)
    monkeypatch.setattr(uploads, "_CLOSE_WITHIN_S", 20.0)
    async with Uploads("secret") as found:
        first = [an_answer(None) for _ in range(3)]
        for number, answer in enumerate(first):
            found.put(server.url, f"m{number}", SECOND, 48_000, answer)
        found.put(server.url, "too-many", SECOND, 48_000, an_answer())
        first[0].set_result(False)
        await eventually(lambda: found._held_bytes == 2 * SECOND.nbytes, within_s=20)
        found.put(server.url, "later", SECOND, 48_000, an_answer())
        for answer in first[1:]:
            answer.set_result(True)
    assert set(server.taken) == {"m1", "m2", "later"}


async def test_what_is_under_way_at_the_end_is_still_stored(server: _Server) -> None:
    async with Uploads("secret") as found:
        found.put(server.url, "m1", SECOND, 48_000, an_answer())
    assert set(server.taken) == {"m1"}
    found.put(server.url, "m2", SECOND, 48_000, an_answer())
    assert set(server.taken) == {"m1"}


async def test_a_recording_that_cannot_be_encoded_does_not_end_the_uploads(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encode(audio: Pcm, rate: int) -> bytes:
        if rate == 1:
            raise RuntimeError("no such rate")
        return ogg_opus(audio, rate)

    monkeypatch.setattr(uploads, "ogg_opus", encode)
    async with Uploads("secret") as found:
        found.put(server.url, "m1", SECOND, 1, an_answer())
        found.put(server.url, "m2", SECOND, 48_000, an_answer())
        await eventually(lambda: "m2" in server.taken, within_s=20)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (204, "stored"),
        (404, "unknown"),
        (400, "refused"),
        (403, "refused"),
        (413, "refused"),
        (429, "retry"),
        (503, "retry"),
    ],
)
def test_each_status_says_whether_to_try_again(status: int, outcome: str) -> None:
    assert outcome_of(status) == outcome
