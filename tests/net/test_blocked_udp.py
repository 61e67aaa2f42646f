"""Browsers on networks that drop UDP: media goes over TCP, and back to UDP once that works."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.fakes.server_process import ServerProcess
from tests.fakes.wav import tone_wav
from tests.net.companion import TONE_HZ
from tests.net.netns import WLAN, Network
from tests.net.reception_log import ReceptionLog
from tests.net.remote_browser import FIREFOX_TONE_HZ, Kind, RemoteBrowser
from tests.net.room import join_room, media_protocol

CHROMIUM_TONE_HZ = 1700
KINDS: list[Kind] = ["chromium", "firefox"]
ALL = {TONE_HZ, FIREFOX_TONE_HZ, CHROMIUM_TONE_HZ}


async def test_firefox_and_chromium_without_udp_hear_each_other_and_return_to_udp(
    network: Network, server: ServerProcess, tmp_path: Path
) -> None:
    clients = {"firefox": network.client(WLAN), "chromium": network.client(WLAN)}
    for client in clients.values():
        client.block_udp()
    microphone = tone_wav(tmp_path / "tone.wav", CHROMIUM_TONE_HZ)
    async with AsyncExitStack() as stack:
        companion = await stack.enter_async_context(ReceptionLog(network.server_command, server.url))
        firefox = await stack.enter_async_context(
            RemoteBrowser("firefox", origin=server.url, wrap=clients["firefox"].command)
        )
        chromium = await stack.enter_async_context(
            RemoteBrowser(
                "chromium", origin=server.url, wrap=clients["chromium"].command, microphone=microphone
            )
        )
        await join_room(firefox, server.url, companion.room_id, "Fox")
        await join_room(chromium, server.url, companion.room_id, "Chrome")
        for browser, other in ((firefox, CHROMIUM_TONE_HZ), (chromium, FIREFOX_TONE_HZ)):
            await browser.expect_tones({TONE_HZ, other}, among=ALL, within_s=30)
            assert await media_protocol(browser) == "tcp"
        for client in clients.values():
            client.allow_udp()
        for browser, other in ((firefox, CHROMIUM_TONE_HZ), (chromium, FIREFOX_TONE_HZ)):
            # the event of a network change: the page restarts ICE
            await browser.evaluate("window.dispatchEvent(new Event('online'))")
            async with asyncio.timeout(20):
                while await media_protocol(browser) != "udp":  # noqa: ASYNC110 - it is in the page
                    await asyncio.sleep(0.1)
            await browser.expect_tones({TONE_HZ, other}, among=ALL)
        assert server.complaints() == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_call_goes_on_over_tcp_when_its_network_begins_to_block_udp(
    network: Network, server: ServerProcess, tmp_path: Path, kind: Kind
) -> None:
    client, tones = network.client(WLAN), {TONE_HZ}
    microphone = tone_wav(tmp_path / "tone.wav", CHROMIUM_TONE_HZ)
    async with (
        ReceptionLog(network.server_command, server.url) as companion,
        RemoteBrowser(kind, origin=server.url, wrap=client.command, microphone=microphone) as browser,
    ):
        await join_room(browser, server.url, companion.room_id, "Ann")
        await browser.expect_tones(tones, among=tones)
        assert await media_protocol(browser) == "udp"
        heard = companion.packets
        client.block_udp()
        async with asyncio.timeout(20):
            while await media_protocol(browser) != "tcp":  # noqa: ASYNC110 - it is in the page
                await asyncio.sleep(0.2)
        await browser.expect_tones(tones, among=tones)
        async with asyncio.timeout(10):
            while companion.packets < heard + 100:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.1)
