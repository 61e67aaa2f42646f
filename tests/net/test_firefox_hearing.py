"""Firefox hears and is heard: by Chromium, by a second Firefox, and by a plain client."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from tests.fakes.server_process import ServerProcess
from tests.fakes.wav import tone_wav
from tests.net.companion import TONE_HZ
from tests.net.hearing_log import HearingLog
from tests.net.netns import WLAN, Network
from tests.net.remote_browser import FIREFOX_TONE_HZ, RemoteBrowser
from tests.net.room import UNMUTE, sit_down

CHROMIUM_TONE_HZ = 1700
ALL = {TONE_HZ, FIREFOX_TONE_HZ, CHROMIUM_TONE_HZ}


async def test_firefox_and_chromium_hear_each_other(
    network: Network, server: ServerProcess, tmp_path: Path
) -> None:
    microphone = tone_wav(tmp_path / "tone.wav", CHROMIUM_TONE_HZ)
    async with AsyncExitStack() as stack:
        companion = await stack.enter_async_context(HearingLog(network.server_command, server.url))
        firefox = await stack.enter_async_context(
            RemoteBrowser("firefox", origin=server.url, wrap=network.client(WLAN).command)
        )
        chromium = await stack.enter_async_context(
            RemoteBrowser(
                "chromium", origin=server.url, wrap=network.client(WLAN).command, microphone=microphone
            )
        )
        await sit_down(firefox, server.url, companion.room_id, "Fox")
        await sit_down(chromium, server.url, companion.room_id, "Chrome")
        await firefox.hears({TONE_HZ, CHROMIUM_TONE_HZ}, among=ALL, within_s=30)
        await chromium.hears({TONE_HZ, FIREFOX_TONE_HZ}, among=ALL, within_s=30)

        await firefox.click("::-p-aria([name='Mute'][role='button'])")
        await firefox.wait(UNMUTE)
        await chromium.hears({TONE_HZ}, among=ALL)
        await firefox.hears({TONE_HZ, CHROMIUM_TONE_HZ}, among=ALL)
        await asyncio.sleep(0)
        assert server.complaints() == []
