"""Delay from a beep at one browser's microphone to the beep at another's output."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from tests.bench.figures import Row, parlor
from tests.bench.stats import percentiles
from tests.e2e.audio_probe import onset_delays
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import join_room, make_room
from tests.fakes.wav import beeps_wav


async def mouth_to_ear(beeps: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        microphone = beeps_wav(Path(folder) / "beeps.wav")
        async with parlor() as server, async_playwright() as playwright:
            browsers = BrowserPool(playwright)
            try:
                room_id = await make_room(server.url)
                speaker = await join_room(browsers, server.url, room_id, "Speaker", microphone)
                listener = await join_room(browsers, server.url, room_id, "Listener", None)
                await speaker.unmute()
                delays = await onset_delays(speaker.page, listener.page, count=beeps, within_s=60 + 2 * beeps)
            finally:
                await browsers.aclose()
    found = percentiles(delays)
    return [
        Row("mouth to ear, p50", found["p50"], "ms"),
        Row("mouth to ear, p95", found["p95"], "ms", 200),
    ]
