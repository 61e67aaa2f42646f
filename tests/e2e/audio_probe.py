"""Measures with probe.js which audio a page plays."""

from __future__ import annotations

import asyncio
import statistics
from collections.abc import Iterable

from playwright.async_api import Page

_POLL_S = 0.1


async def audible_tones(page: Page, among: Iterable[int]) -> set[int]:
    """The tones (Hz) that the page plays now, on any remote track."""
    found: dict[str, list[int]] = await page.evaluate("tones => window.__probe.tones(tones)", sorted(among))
    return {hz for tones in found.values() for hz in tones}


async def expect_tones(page: Page, expected: set[int], *, among: set[int], within_s: float = 15.0) -> None:
    """Waits until the page plays exactly these tones of `among`. Raises AssertionError with its tones."""
    heard: set[int] = set()
    try:
        async with asyncio.timeout(within_s):
            while (heard := await audible_tones(page, among)) != expected:  # noqa: ASYNC110 - it is in the page
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        raise AssertionError(f"expected {sorted(expected)}, heard {sorted(heard)}") from None


async def onset_delays(speaker: Page, listener: Page, *, count: int, within_s: float = 30.0) -> list[float]:
    """Mouth-to-ear delays in ms: from each beep at one page's microphone to the other page's output."""
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
    """Delay from each onset at the microphone to the next onset at the output."""
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
