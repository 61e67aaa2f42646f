from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO

import av
import numpy as np
import pytest
from aiohttp import web

from ai_agent.audio import Pcm
from ai_agent.jobs import uploads
from ai_agent.jobs.recording import ogg_opus
from ai_agent.jobs.uploads import MAX_WAITING, Uploads
from tests.fakes.rtc.clips import tone_pcm
from tests.fakes.signalling_server import eventually


class _Server:
    """Refuses each message this many times with a status before it accepts it."""

    def __init__(self) -> None:
        self.url = ""
        self.refuse: dict[str, list[int]] = {}
        self.taken: dict[str, bytes] = {}
        self.tokens: set[str] = set()

    async def put(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        self.tokens.add(request.headers["Authorization"])
        if self.refuse.get(name):
            return web.Response(status=self.refuse[name].pop(0))
        self.taken[name] = await request.read()
        return web.Response(status=204)


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[_Server]:
    monkeypatch.setattr(uploads, "PAUSES_S", (0.0, 0.0, 0.0))
    found = _Server()
    app = web.Application(client_max_size=1 << 24)
    app.router.add_put("/api/agents/audio/{id}", found.put)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield found
    await runner.cleanup()


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_an_encoded_recording_has_the_original_duration(rate: int) -> None:
    tone = np.interp(np.arange(2 * rate) * 48_000 / rate, np.arange(96_000), tone_pcm(440, 2.0))
    with av.open(BytesIO(ogg_opus(tone.astype(np.int16), rate)), "r") as container:
        stream = container.streams.audio[0]
        samples = np.concatenate([f.to_ndarray().ravel() for f in container.decode(stream)])
        assert stream.codec_context.name in {"opus", "libopus"}
        assert len(samples) / 48_000 == pytest.approx(2.0, abs=0.03)
    assert np.abs(samples).max() > 0.2


async def test_a_message_that_the_server_does_not_know_yet_is_tried_again(server: _Server) -> None:
    server.refuse["m1"] = [404, 503]
    async with Uploads(server.url, "secret") as found:
        found.put("m1", tone_pcm(440, 0.2), 48_000)
        await eventually(lambda: "m1" in server.taken, within_s=20)
    assert server.tokens == {"Bearer secret"}


async def test_a_recording_that_is_refused_for_good_does_not_delay_the_next(server: _Server) -> None:
    server.refuse["m1"] = [404] * 10
    async with Uploads(server.url, "secret") as found:
        for name in ("m1", "m2"):
            found.put(name, tone_pcm(440, 0.2), 48_000)
        await eventually(lambda: "m2" in server.taken, within_s=20)
    assert "m1" not in server.taken


async def test_a_recording_beyond_the_limit_is_dropped_without_waiting() -> None:
    found = Uploads("http://127.0.0.1:9", "secret")
    for number in range(MAX_WAITING + 5):
        found.put(f"m{number}", tone_pcm(440, 0.02), 48_000)


async def test_a_recording_that_cannot_be_encoded_does_not_end_the_uploads(
    server: _Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def encode(audio: Pcm, rate: int) -> bytes:
        if rate == 1:
            raise RuntimeError("no such rate")
        return ogg_opus(audio, rate)

    monkeypatch.setattr(uploads, "ogg_opus", encode)
    async with Uploads(server.url, "secret") as found:
        found.put("m1", tone_pcm(440, 0.2), 1)
        found.put("m2", tone_pcm(440, 0.2), 48_000)
        await eventually(lambda: "m2" in server.taken, within_s=20)
