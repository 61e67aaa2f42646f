"""Tests of the namespaces and of both browsers in them, without the server."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.wav import tone_wav
from tests.net.netns import CELL, SERVER_IP, WLAN, ClientNet, Network
from tests.net.remote_browser import FIREFOX_TONE_HZ, Kind, RemoteBrowser

_LOOPBACK = """
(async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = (e) => e.candidate && b.addIceCandidate(e.candidate);
  b.onicecandidate = (e) => e.candidate && a.addIceCandidate(e.candidate);
  stream.getTracks().forEach((t) => a.addTrack(t, stream));
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
})()
"""


@pytest.fixture
async def web_page(network: Network, tmp_path: Path) -> AsyncIterator[str]:
    (tmp_path / "index.html").write_text("<!doctype html><title>Test</title>")
    command = [
        *network.server_command,
        sys.executable,
        "-u",
        "-m",
        "http.server",
        "8000",
        "-d",
        str(tmp_path),
    ]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await process.stdout.readline()
    yield f"http://{SERVER_IP}:8000"
    process.terminate()
    await process.wait()


async def test_a_client_keeps_its_route_to_the_server_when_an_interface_is_removed(
    network: Network, web_page: str
) -> None:
    client = network.client()
    assert await _can_open(client, web_page)
    client.detach(WLAN)
    assert await _can_open(client, web_page)
    client.detach(CELL)
    assert not await _can_open(client, web_page)


async def _can_open(client: ClientNet, url: str) -> bool:
    fetch = f"import urllib.request; urllib.request.urlopen({url!r}, timeout=3)"
    process = await asyncio.create_subprocess_exec(
        *client.command, sys.executable, "-c", fetch, stderr=asyncio.subprocess.DEVNULL
    )
    return await process.wait() == 0


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
async def test_a_fake_microphone_is_heard_in_a_namespace(
    network: Network, web_page: str, tmp_path: Path, kind: Kind
) -> None:
    tone = FIREFOX_TONE_HZ if kind == "firefox" else 700
    microphone = tone_wav(tmp_path / "tone.wav", tone)
    client = network.client()
    async with RemoteBrowser(kind, origin=web_page, wrap=client.command, microphone=microphone) as browser:
        await browser.goto(web_page)
        await browser.evaluate(_LOOPBACK)
        await browser.expect_tones({tone}, among={tone, 500})
