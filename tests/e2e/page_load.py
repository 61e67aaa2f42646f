"""Measures what a page costs on its first visit: bytes that the server sent, and when the page showed
something."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Page, StorageState

from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage

SLOW_BITS_PER_S = 1_600_000
SLOW_RTT_MS = 150
SLOW_CPU = 4
"""A phone on a slow mobile network: 1.6 Mbit/s, 150 ms, a quarter of this machine's speed."""

_OBSERVE = """(() => {
window.__shifts = 0; window.__lcp = 0;
const observe = (type, use) =>
  new PerformanceObserver((list) => list.getEntries().forEach(use)).observe({ type, buffered: true });
observe('layout-shift', (entry) => { if (!entry.hadRecentInput) __shifts += entry.value; });
observe('largest-contentful-paint', (entry) => { __lcp = entry.startTime; });
})()
"""
_READ = """() => ({
  fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, lcp: __lcp, shift: __shifts,
})"""


@dataclass
class PageLoad:
    """Times are ms after the navigation. `ready_ms`: the page's own heading or form can be used.

    `kilobytes` counts 1000 bytes, headers included, as received from the server; `by_kind` has its parts. The
    service worker's requests belong to no page and are not in it.
    """

    fcp_ms: float = 0
    lcp_ms: float = 0
    ready_ms: float = 0
    layout_shift: float = 0
    kilobytes: float = 0
    by_kind: dict[str, float] = field(default_factory=dict)


class LoadMeter:
    """Counts what one page receives. The browser's cache is empty, as at a first visit."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self._page = page
        self._cdp = cdp
        self._kinds: dict[str, str] = {}
        self._bytes: Counter[str] = Counter()
        cdp.on("Network.responseReceived", self._answered)
        cdp.on("Network.loadingFinished", self._finished)

    @classmethod
    async def attach(cls, page: Page, *, slow: bool = False) -> LoadMeter:
        cdp = await page.context.new_cdp_session(page)
        await cdp.send("Network.enable")
        if slow:
            conditions = {"latency": SLOW_RTT_MS, "offline": False, "uploadThroughput": SLOW_BITS_PER_S / 8}
            await cdp.send(
                "Network.emulateNetworkConditions", {**conditions, "downloadThroughput": SLOW_BITS_PER_S / 8}
            )
            await cdp.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})
        await page.add_init_script(_OBSERVE)
        return cls(page, cdp)

    async def visit(self, url: str, ready: str) -> PageLoad:
        """Opens `url`, and waits until `ready` (a selector) is visible and the network is idle."""
        started = time.monotonic()
        await self._page.goto(url, wait_until="commit", timeout=60_000)
        await self._page.locator(ready).first.wait_for(timeout=60_000)
        ready_ms = (time.monotonic() - started) * 1000
        await self._page.wait_for_load_state("networkidle", timeout=60_000)
        found = await self._page.evaluate(_READ)
        return PageLoad(found["fcp"], found["lcp"], ready_ms, found["shift"], self.kilobytes, self.by_kind)

    @property
    def kilobytes(self) -> float:
        return self._bytes.total() / 1000

    @property
    def by_kind(self) -> dict[str, float]:
        return {kind: size / 1000 for kind, size in self._bytes.most_common()}

    def _answered(self, event: dict[str, Any]) -> None:
        self._kinds[event["requestId"]] = event["type"]

    def _finished(self, event: dict[str, Any]) -> None:
        self._bytes[self._kinds.get(event["requestId"], "Other")] += event["encodedDataLength"]


async def signed_in(browsers: BrowserPool, url: str, name: str) -> StorageState:
    """The storage of a browser in which somebody has signed in, for a new context with an empty cache."""
    page = await browsers.page(None, service_workers="block")
    await RoomPage(page, url, name).sign_in()
    state = await page.context.storage_state()
    await page.context.close()
    return state
