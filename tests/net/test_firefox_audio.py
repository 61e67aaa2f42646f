"""Audio between Firefox, Chromium and a client without a browser."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from tests.fakes.server_process import ServerProcess
from tests.fakes.wav import tone_wav
from tests.net.companion import TONE_HZ
from tests.net.netns import WLAN, Network
from tests.net.reception_log import ReceptionLog
from tests.net.remote_browser import FIREFOX_TONE_HZ, RemoteBrowser
from tests.net.room import UNMUTE, join_room, media_protocol

CHROMIUM_TONE_HZ = 1700
ALL = {TONE_HZ, FIREFOX_TONE_HZ, CHROMIUM_TONE_HZ}


async def test_firefox_and_chromium_hear_each_other(
    network: Network, server: ServerProcess, tmp_path: Path
) -> None:
    microphone = tone_wav(tmp_path / "tone.wav", CHROMIUM_TONE_HZ)
    async with AsyncExitStack() as stack:
        companion = await stack.enter_async_context(ReceptionLog(network.server_command, server.url))
        firefox = await stack.enter_async_context(
            RemoteBrowser("firefox", origin=server.url, wrap=network.client(WLAN).command)
        )
        chromium = await stack.enter_async_context(
            RemoteBrowser(
                "chromium", origin=server.url, wrap=network.client(WLAN).command, microphone=microphone
            )
        )
        await join_room(firefox, server.url, companion.room_id, "Fox")
        await join_room(chromium, server.url, companion.room_id, "Chrome")
        await firefox.expect_tones({TONE_HZ, CHROMIUM_TONE_HZ}, among=ALL, within_s=30)
        await chromium.expect_tones({TONE_HZ, FIREFOX_TONE_HZ}, among=ALL, within_s=30)
        assert [await media_protocol(browser) for browser in (firefox, chromium)] == ["udp", "udp"]

        await firefox.click("::-p-aria([name='Mute'][role='button'])")
        await firefox.wait(UNMUTE)
        await chromium.expect_tones({TONE_HZ}, among=ALL)
        await firefox.expect_tones({TONE_HZ, CHROMIUM_TONE_HZ}, among=ALL)
        await asyncio.sleep(0)
        assert server.complaints() == []
