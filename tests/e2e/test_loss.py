"""A lossy network: the share of concealed audio with and without FEC, NACK and RED."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import join_room, make_room
from tests.fakes.lossy_link import Impairment, LossyLink
from tests.fakes.server_process import ServerProcess
from tests.fakes.wav import speech_wav

pytestmark = pytest.mark.live

_TEXT = (
    "The north wind and the sun were disputing which was the stronger, when a traveller came along wrapped "
    "in a warm cloak. They agreed that the one who first succeeded in making the traveller take his cloak "
    "off should be considered stronger than the other."
)
_SETTLE_S = 3.0
_LISTEN_S = 12.0
_SEED = 20
_OFF = {"RED": "0", "FEC": "0", "NACK": "0"}


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return speech_wav(tmp_path_factory.mktemp("microphones") / "speech.wav", _TEXT)


@pytest.mark.parametrize("loss", [0.1, 0.2])
async def test_fec_nack_and_red_at_least_halve_concealment(
    browsers: BrowserPool, tmp_path: Path, speech: Path, loss: float
) -> None:
    helped, bare = await asyncio.gather(
        _concealed(browsers, tmp_path / "helped", speech, loss, {}),
        _concealed(browsers, tmp_path / "bare", speech, loss, _OFF),
    )
    print(f"concealed at {loss:.0%} loss: {helped:.2%} with FEC, NACK and RED, {bare:.2%} without")
    assert bare > loss / 2, "the link lost too few packets for a comparison"
    assert helped <= bare / 2


async def _concealed(
    browsers: BrowserPool, data: Path, speech: Path, loss: float, settings: dict[str, str]
) -> float:
    """Share of concealed samples during speech, with loss in both directions."""
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ServerProcess(data, settings))
        media = ("127.0.0.1", server.udp_port)
        links = [await stack.enter_async_context(LossyLink(media, seed=_SEED + n)) for n in range(2)]
        room_id = await make_room(server.url)
        speaker, listener = [
            await join_room(browsers, server.url, room_id, name, microphone, probe={"relay": _relay(link)})
            for name, microphone, link in zip(("Speaker", "Listener"), (speech, None), links, strict=True)
        ]
        await speaker.unmute()
        for link in links:
            link.uplink = link.downlink = Impairment(loss=loss, delay_ms=20)
        await asyncio.sleep(_SETTLE_S)
        before = await listener.page.evaluate("() => window.__probe.inbound()")
        await asyncio.sleep(_LISTEN_S)
        after = await listener.page.evaluate("() => window.__probe.inbound()")
        await speaker.page.context.close()
        await listener.page.context.close()
        assert after["packets"] - before["packets"] > _LISTEN_S * 20, "hardly anything was sent"
        spoken = 48_000 * _LISTEN_S
        return float((after["concealed"] - before["concealed"]) / spoken)


def _relay(link: LossyLink) -> dict[str, str | int]:
    host, port = link.address
    return {"host": host, "port": port}
