"""Chromium browsers, one process for each fake microphone, which Chromium sets for a whole process."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, Playwright

PROBE = (Path(__file__).parent / "probe.js").read_text()
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
    # Background pages are throttled otherwise, and all pages but one are in the background.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)
_FAKE_MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
# A fake device would replace the captured audio of the tab too.
_TAB_AUDIO = ("--auto-accept-this-tab-capture",)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str:
    """Path of the system's Chromium, or of PARLOR_TEST_CHROMIUM. Raises FileNotFoundError."""
    given = os.environ.get("PARLOR_TEST_CHROMIUM")
    found = given or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise FileNotFoundError("no Chromium found: apt install chromium")
    return found


class BrowserPool:
    """Starts browsers and keeps them: one for each microphone file, with a new context for each user."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browsers: dict[tuple[Path | None, tuple[str, ...], bool], Browser] = {}
        self._contexts: AsyncExitStack = AsyncExitStack()

    async def page(
        self,
        microphone: Path | None,
        *,
        probe: Mapping[str, Any] | None = None,
        flags: tuple[str, ...] = (),
        tab_audio: bool = False,
        **context: Any,
    ) -> Page:
        """A page of a new user. `probe` are the options of probe.js; with None it is not loaded.

        With `tab_audio` the page has no microphone, and the audio of its tab can be captured (`TabAudio`).
        """
        browser = await self._browser(microphone, flags, tab_audio)
        settings = {"locale": "en-GB", "permissions": ["microphone"], **context}
        fresh: BrowserContext = await browser.new_context(bypass_csp=probe is not None, **settings)
        self._contexts.push_async_callback(fresh.close)
        if probe is not None:
            await fresh.add_init_script(f"window.__probeOptions = {json.dumps(dict(probe))};\n{PROBE}")
        return await fresh.new_page()

    async def close_contexts(self) -> None:
        """Closes every context. The browsers are kept for the next test."""
        await self._contexts.aclose()
        self._contexts = AsyncExitStack()

    async def aclose(self) -> None:
        await self.close_contexts()
        for browser in self._browsers.values():
            await browser.close()
        self._browsers.clear()

    async def _browser(self, microphone: Path | None, flags: tuple[str, ...], tab_audio: bool) -> Browser:
        known = self._browsers.get((microphone, flags, tab_audio))
        if known is not None and known.is_connected():
            return known
        fake = (f"--use-file-for-fake-audio-capture={microphone}",) if microphone else ()
        sound = _TAB_AUDIO if tab_audio else _FAKE_MICROPHONE
        browser = await self._playwright.chromium.launch(
            executable_path=chromium_path(),
            args=[*_FLAGS, *sound, *fake, *flags],
            ignore_default_args=["--mute-audio"] if tab_audio else [],
        )
        self._browsers[microphone, flags, tab_audio] = browser
        return browser
