"""Tests of the test tools on a separate page. If these fail, the other browser tests prove nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, Route

from tests.e2e import axe
from tests.e2e.audio_probe import audible_tones, expect_tones, onset_delays
from tests.e2e.browsers import BrowserPool

_LOOPBACK = """
async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = (e) => e.candidate && b.addIceCandidate(e.candidate);
  b.onicecandidate = (e) => e.candidate && a.addIceCandidate(e.candidate);
  stream.getTracks().forEach((t) => a.addTrack(t, stream));
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  window.__track = stream.getAudioTracks()[0];
}
"""


async def _blank(page: Page, body: str = "") -> None:
    async def serve(route: Route) -> None:
        html = f"<!doctype html><html lang=en><title>Test</title><main>{body}</main></html>"
        await route.fulfill(body=html, content_type="text/html")

    await page.route("http://localhost/**", serve)
    await page.goto("http://localhost/")


async def test_a_tone_is_found_in_the_spectrum_and_no_other(
    browsers: BrowserPool, tone: Callable[[int], Path]
) -> None:
    page = await browsers.page(tone(700), probe={})
    await _blank(page)
    await page.evaluate(_LOOPBACK)
    await expect_tones(page, {700}, among={500, 700, 1100})
    await page.evaluate("() => { window.__track.enabled = false }")
    await expect_tones(page, set(), among={500, 700, 1100})
    assert await audible_tones(page, {500, 700, 1100}) == set()


async def test_onsets_are_seen_at_the_microphone_and_at_the_output(
    browsers: BrowserPool, beeps: Path
) -> None:
    page = await browsers.page(beeps, probe={})
    await _blank(page)
    await page.evaluate(_LOOPBACK)
    delays = await onset_delays(page, page, count=3)
    assert all(0 < delay < 1000 for delay in delays)


async def test_axe_reports_a_violation_and_accepts_a_correct_page(browsers: BrowserPool) -> None:
    page = await browsers.page(None)
    await _blank(page, "<h1>Rooms</h1><img src=x.png>")
    assert any(line.startswith("image-alt") for line in await axe.violations(page))
    await _blank(page, "<h1>Rooms</h1><p>Nothing here yet.</p>")
    assert await axe.violations(page) == []
