"""Personal settings and their effect: volumes, devices, processing, wake lock."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room, make_room
from tests.e2e.tab_audio import SILENT_DB, TabAudio
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live

_MICROPHONE = """
() => {
  const peer = window.__probe.connections.at(-1);
  const { track } = peer.getSenders().find(({ track }) => track);
  const { deviceId, noiseSuppression, autoGainControl } = track.getSettings();
  const { enabled, readyState } = track;
  return { deviceId, noiseSuppression, autoGainControl, enabled, readyState };
}
"""
_WATCH_WAKE_LOCK = """
const request = navigator.wakeLock.request.bind(navigator.wakeLock);
window.__locks = [];
navigator.wakeLock.request = async (type) => {
  const lock = await request(type);
  window.__locks.push(lock);
  return lock;
};
"""
_LOCKS = "() => window.__locks.map(({ type, released }) => [type, released])"


@asynccontextmanager
async def _humming(url: str, room_id: str, tones: dict[str, int]) -> AsyncIterator[None]:
    """Participants who each send a tone (Hz)."""
    async with RestClient(url) as rest, Pacer() as pacer:
        clients = [RtcClient(url, await rest.guest(name)) for name in tones]
        try:
            for client, hz in zip(clients, tones.values(), strict=True):
                await client.connect()
                await client.join(room_id, clip=tone_clip(hz))
                await client.set_muted(False)
                assert client.publisher is not None
                pacer.add(client.publisher)
            yield
        finally:
            for client in clients:
                await client.aclose()


async def test_a_persons_volume_changes_only_their_audio(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    room_id = await make_room(parlor.url)
    async with _humming(parlor.url, room_id, {"Bob": 600, "Cem": 1300}):
        page = await browsers.page(None, tab_audio=True)
        ann = RoomPage(page, parlor.url, "Ann")
        await ann.sign_in()
        await ann.join(room_id, listen_only=True)
        tab = await TabAudio.of(page)
        bob = await tab.until(600, lambda db: db > -40)
        cem = await tab.until(1300, lambda db: db > -40)

        await page.get_by_role("button", name="Options for Bob").click()
        volume = page.get_by_role("slider", name="Volume of Bob")
        await volume.press("Home")
        await tab.until(600, lambda db: db < SILENT_DB + 20)
        await tab.until(1300, lambda db: abs(db - cem) < 2)
        await volume.press("End")
        await tab.until(600, lambda db: abs(db - bob - 6) < 2)
        for _ in range(30):
            await volume.press("ArrowLeft")
        await expect(volume).to_have_attribute("aria-valuenow", "50")
        await tab.until(600, lambda db: abs(db - bob + 6) < 2)
        await tab.until(1300, lambda db: abs(db - cem) < 2)


async def test_a_tap_starts_sound_that_autoplay_rules_block(
    browsers: BrowserPool, parlor: ServerProcess
) -> None:
    room_id = await make_room(parlor.url)
    async with _humming(parlor.url, room_id, {"Bob": 600}):
        strict = ("--autoplay-policy=document-user-activation-required",)
        page = await browsers.page(None, tab_audio=True, flags=strict)
        ann = RoomPage(page, parlor.url, "Ann")
        await ann.sign_in()
        await ann.join(room_id, listen_only=True)
        # Returns by the address bar, so the page rejoins without a user gesture in the new document.
        room = page.url
        await page.goto("about:blank")
        await page.goto(room)
        await _shows(page, "Tap to hear")
        await page.get_by_role("button", name="Tap to hear").click()
        await expect(page.get_by_role("button", name="Tap to hear")).to_be_hidden()
        await (await TabAudio.of(page)).until(600, lambda db: db > -40)


_APPEARS = """new Promise((appeared) => {
  const look = () => document.body.innerText.includes(%s) && appeared();
  const changes = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document, changes);
  look();
})"""


async def _shows(page: Page, text: str, within_s: float = 10.0) -> None:
    """Waits for a text. Playwright's own queries count as user gestures."""
    session = await page.context.new_cdp_session(page)
    ask = {"expression": _APPEARS % json.dumps(text), "awaitPromise": True, "userGesture": False}
    async with asyncio.timeout(within_s):
        await session.send("Runtime.evaluate", ask)
    await session.detach()


async def test_changing_microphone_or_processing_keeps_the_mute_state(
    browsers: BrowserPool, parlor: ServerProcess, beeps: Path
) -> None:
    room_id = await make_room(parlor.url)
    bob = await join_room(browsers, parlor.url, room_id, "Bob", None)
    # Without the probe's own constraints, which would override the switches.
    ann = await join_room(browsers, parlor.url, room_id, "Ann", beeps, probe={"plainMicrophone": False})
    first = await _microphone(ann)
    assert (first["noiseSuppression"], first["autoGainControl"]) == (True, True)
    assert not first["enabled"]

    await _change_sound(ann, device=1, switch="Noise suppression")
    second = await _microphone(ann)
    assert second["deviceId"] != first["deviceId"]
    assert (second["noiseSuppression"], second["autoGainControl"]) == (False, True)
    assert (second["enabled"], second["readyState"]) == (False, "live")
    assert (await bob.page.evaluate("() => window.__probe.inbound()"))["energy"] == 0

    await ann.unmute()
    await _hears_more(bob)
    await _change_sound(ann, device=2, switch="Automatic gain")
    third = await _microphone(ann)
    assert third["deviceId"] not in {first["deviceId"], second["deviceId"]}
    assert (third["noiseSuppression"], third["autoGainControl"]) == (False, False)
    assert (third["enabled"], third["readyState"]) == (True, "live")
    await expect(ann.mute_button).to_be_visible()
    await _hears_more(bob)


async def _microphone(person: RoomPage) -> dict[str, Any]:
    settings: dict[str, Any] = await person.page.evaluate(_MICROPHONE)
    return settings


async def _change_sound(person: RoomPage, *, device: int, switch: str) -> None:
    """Selects the microphone at this position in the settings, and turns one switch off."""
    page = person.page
    await page.get_by_role("button", name="Settings", exact=True).click()
    select = page.get_by_role("combobox", name="Microphone")
    chosen = await select.locator("option").nth(device).get_attribute("value")
    await select.select_option(chosen)
    await _until_microphone(page, "deviceId", chosen)
    await page.get_by_role("switch", name=switch).click()
    member = {"Noise suppression": "noiseSuppression", "Automatic gain": "autoGainControl"}[switch]
    await _until_microphone(page, member, False)
    await page.keyboard.press("Escape")
    await expect(select).to_be_hidden()


async def _until_microphone(page: Page, member: str, value: object) -> None:
    await page.wait_for_function(
        f"([member, value]) => ({_MICROPHONE})()[member] === value", arg=[member, value]
    )


async def _hears_more(person: RoomPage) -> None:
    """Waits until sound arrives."""
    await person.page.wait_for_function(
        """async (before) => (await window.__probe.inbound()).energy > before + 1e-3""",
        arg=(await person.page.evaluate("() => window.__probe.inbound()"))["energy"],
    )


async def test_the_wake_lock_is_held_only_in_a_room(browsers: BrowserPool, parlor: ServerProcess) -> None:
    page = await browsers.page(None, permissions=["microphone", "screen-wake-lock"])
    await page.add_init_script(_WATCH_WAKE_LOCK)
    ann = RoomPage(page, parlor.url, "Ann")
    await ann.sign_in()
    await ann.join(await make_room(parlor.url))
    await page.wait_for_function("() => window.__locks.length > 0")
    assert await page.evaluate(_LOCKS) == [["screen", False]]
    await ann.leave()
    await page.wait_for_function("() => window.__locks.every(({ released }) => released)")
