"""Browsers on networks that let no media through: the page says so, and not that sound was lost."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.fakes.server_process import ServerProcess
from tests.net.netns import WLAN, Network
from tests.net.reception_log import ReceptionLog
from tests.net.remote_browser import Kind, RemoteBrowser
from tests.net.room import join_room

_WITHIN_S = 10
_NOTICES = "[...document.querySelectorAll('main [role=status]')].map((e) => e.textContent).join()"


@pytest.mark.parametrize("kind", ["chromium", "firefox"])
async def test_a_network_that_blocks_the_media_is_named_within_10_s(
    network: Network, server: ServerProcess, kind: Kind
) -> None:
    client = network.client(WLAN)
    client.block_media(server.udp_port)
    said = []
    async with (
        ReceptionLog(network.server_command, server.url) as companion,
        RemoteBrowser(kind, origin=server.url, wrap=client.command) as browser,
    ):
        await join_room(browser, server.url, companion.room_id, "Ann")
        began = time.monotonic()
        while "seems to block it" not in (notice := await browser.evaluate(_NOTICES)):
            said.append(notice)
            assert time.monotonic() - began < _WITHIN_S
            await asyncio.sleep(0.1)
    assert not any("lost" in notice for notice in said)
