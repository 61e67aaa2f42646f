"""Who hears whom, measured in the listener's page by probe.js."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterable

from playwright.async_api import Page

_POLL_S = 0.1


async def tones_heard(page: Page, among: Iterable[int]) -> set[int]:
    """Which tones (Hz) the page plays now, on any of its remote tracks."""
    found: dict[str, list[int]] = await page.evaluate("tones => window.__probe.tones(tones)", sorted(among))
    return {hz for tones in found.values() for hz in tones}


async def hears(page: Page, expected: set[int], *, among: set[int], within_s: float = 15.0) -> None:
    """Wait until the page plays exactly these of the tones. Raises AssertionError with what it plays."""
    heard: set[int] = set()
    try:
        async with asyncio.timeout(within_s):
            while (heard := await tones_heard(page, among)) != expected:  # noqa: ASYNC110 - it is in the page
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        raise AssertionError(f"expected {sorted(expected)}, heard {sorted(heard)}") from None


async def onset_delays(speaker: Page, listener: Page, *, count: int, within_s: float = 30.0) -> list[float]:
    """Mouth to ear, ms: from each beep at one page's microphone to the same beep at another's output."""
    for page in {speaker, listener}:
        await page.evaluate("() => window.__probe.watchOnsets()")
    delays: list[float] = []
    async with asyncio.timeout(within_s):
        while len(delays) < count:
            await asyncio.sleep(_POLL_S)
            spoken: list[float] = (await speaker.evaluate("() => window.__probe.onsets()"))["input"]
            heard: list[float] = (await listener.evaluate("() => window.__probe.onsets()"))["output"]
            delays = matched(spoken, heard)
    return delays


def matched(spoken: list[float], heard: list[float], longest_ms: float = 700.0) -> list[float]:
    """For each onset at the microphone, the first at the output after it."""
    pairs = ((next((h for h in heard if h > s), None), s) for s in spoken)
    return [h - s for h, s in pairs if h is not None and h - s < longest_ms]


def percentile(values: list[float], percent: float) -> float:
    """Nearest rank; of a single value, that value."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(percent / 100 * len(ordered) + 0.5) - 1))]


def summary(values: list[float], unit: str = "ms") -> str:
    return (
        f"n={len(values)} median={statistics.median(values):.0f} {unit} "
        f"p95={percentile(values, 95):.0f} {unit} max={max(values):.0f} {unit}"
    )
