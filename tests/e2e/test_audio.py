"""People in real browsers hear each other through the server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from playwright.async_api import expect

from tests.e2e.audio_probe import expect_tones, onset_delays, percentile, summary
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room, make_room
from tests.fakes.server_process import ServerProcess

Tone = Callable[[int], Path]
TONES = {"Ann": 500, "Bob": 800, "Cem": 1300, "Dao": 2100}
ALL = set(TONES.values())


async def _arrive(
    browsers: BrowserPool, server: ServerProcess, tone: Tone, room_id: str, name: str
) -> RoomPage:
    person = await join_room(browsers, server.url, room_id, name, tone(TONES[name]))
    await person.unmute()
    return person


async def test_three_people_hear_each_other_and_not_themselves(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(parlor.url)
    trio = [await _arrive(browsers, parlor, tone, room_id, name) for name in ("Ann", "Bob", "Cem")]
    for person in trio:
        await person.expect_participants("Ann", "Bob", "Cem")
        others = {TONES[other.name] for other in trio} - {TONES[person.name]}
        await expect_tones(person.page, others, among=ALL)


async def test_everyone_starts_muted_and_is_heard_only_after_their_own_click(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(parlor.url)
    ann = await join_room(browsers, parlor.url, room_id, "Ann", tone(TONES["Ann"]))
    bob = await _arrive(browsers, parlor, tone, room_id, "Bob")
    await expect_tones(ann.page, {TONES["Bob"]}, among=ALL)
    await expect_tones(bob.page, set(), among=ALL)
    await ann.unmute()
    await expect_tones(bob.page, {TONES["Ann"]}, among=ALL)


async def test_mute_silences_within_300_ms_and_keeps_silent(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(parlor.url)
    ann = await _arrive(browsers, parlor, tone, room_id, "Ann")
    bob = await join_room(browsers, parlor.url, room_id, "Bob", None)
    await expect_tones(bob.page, {TONES["Ann"]}, among=ALL)

    silent = asyncio.create_task(bob.page.evaluate("() => window.__probe.silentSince(500, 5000)"))
    # The time of the click is taken in the page, because driving it from here would add delay.
    clicked = await ann.mute_button.evaluate(
        "(button) => { const at = performance.timeOrigin + performance.now(); button.click(); return at; }"
    )
    silent_at = await silent
    assert silent_at is not None
    print(f"mute to silence: {silent_at - clicked:.0f} ms")
    assert silent_at - clicked < 300
    before = (await bob.page.evaluate("() => window.__probe.inbound()"))["energy"]
    await asyncio.sleep(1.0)  # silence has no event, so it is observed for a time
    after = (await bob.page.evaluate("() => window.__probe.inbound()"))["energy"]
    # A decoder without input fades to a faint noise, far below a thousandth of the tone.
    assert after - before < before / 1000


async def test_a_late_joiner_is_heard_on_the_slot_of_a_participant_who_left(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(parlor.url, maxParticipants=3)
    ann, bob, cem = [await _arrive(browsers, parlor, tone, room_id, name) for name in ("Ann", "Bob", "Cem")]
    await expect_tones(ann.page, {TONES["Bob"], TONES["Cem"]}, among=ALL)

    await bob.leave()
    await ann.expect_participants("Ann", "Cem")
    await expect_tones(ann.page, {TONES["Cem"]}, among=ALL)

    dao = await _arrive(browsers, parlor, tone, room_id, "Dao")
    await expect_tones(ann.page, {TONES["Cem"], TONES["Dao"]}, among=ALL)
    await expect_tones(cem.page, {TONES["Ann"], TONES["Dao"]}, among=ALL)
    await expect_tones(dao.page, {TONES["Ann"], TONES["Cem"]}, among=ALL)
    assert len(await ann.page.evaluate("() => window.__probe.connections.length + 'x'")) == 2


async def test_the_host_mutes_someone_and_removes_them(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    ann = RoomPage(await browsers.page(tone(TONES["Ann"]), probe={}), parlor.url, "Ann")
    await ann.sign_in()
    room_id = await ann.open_room("Ann's room")
    bob = await _arrive(browsers, parlor, tone, room_id, "Bob")
    await expect_tones(ann.page, {TONES["Bob"]}, among=ALL)

    await ann.host_action("Bob", "Mute for everyone")
    await expect_tones(ann.page, set(), among=ALL)
    await expect(bob.announcements).to_contain_text("The host muted you")
    await expect(bob.unmute_button).to_be_visible()
    # His tone goes on, as somebody goes on talking: the reason must remain.
    await asyncio.sleep(1)
    await expect(bob.call_status).to_contain_text("The host muted you")
    await bob.unmute()
    await expect_tones(ann.page, {TONES["Bob"]}, among=ALL)

    await ann.host_action("Bob", "Remove from the room")
    await expect(bob.page.get_by_role("heading", name="The host removed you from this room")).to_be_visible()
    await ann.expect_participants("Ann")
    await expect_tones(ann.page, set(), among=ALL)


async def test_audio_returns_after_a_server_crash_and_muted_people_stay_muted(
    browsers: BrowserPool, own_server: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(own_server.url)
    ann = await _arrive(browsers, own_server, tone, room_id, "Ann")
    bob = await _arrive(browsers, own_server, tone, room_id, "Bob")
    cem = await join_room(browsers, own_server.url, room_id, "Cem", tone(TONES["Cem"]))
    await expect_tones(cem.page, {TONES["Ann"], TONES["Bob"]}, among=ALL)

    killed = time.monotonic()
    await own_server.restart(kill=True)
    await expect_tones(ann.page, {TONES["Bob"]}, among=ALL, within_s=30)
    await expect_tones(bob.page, {TONES["Ann"]}, among=ALL, within_s=30)
    await expect_tones(cem.page, {TONES["Ann"], TONES["Bob"]}, among=ALL, within_s=30)
    print(f"heard again after a crash: {time.monotonic() - killed:.1f} s")
    for person in (ann, bob, cem):
        await person.expect_participants("Ann", "Bob", "Cem")
    await expect(cem.unmute_button).to_be_visible()
    await expect(ann.mute_button).to_be_visible()


async def test_a_reload_rejoins_as_the_same_participant_still_muted(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(parlor.url)
    ann = await join_room(browsers, parlor.url, room_id, "Ann", tone(TONES["Ann"]))
    bob = await _arrive(browsers, parlor, tone, room_id, "Bob")
    await expect_tones(ann.page, {TONES["Bob"]}, among=ALL)
    await ann.page.reload()
    await ann.rejoin()
    await expect(ann.unmute_button).to_be_visible()
    await expect_tones(ann.page, {TONES["Bob"]}, among=ALL)
    await bob.expect_participants("Ann", "Bob")
    await expect_tones(bob.page, set(), among=ALL)


async def test_end_to_end_audio_delay(browsers: BrowserPool, parlor: ServerProcess, beeps: Path) -> None:
    """Prints the delay. `make bench` checks it, where nothing else runs."""
    room_id = await make_room(parlor.url)
    speaker = await join_room(browsers, parlor.url, room_id, "Speaker", beeps)
    listener = await join_room(browsers, parlor.url, room_id, "Listener", None)
    await speaker.unmute()
    delays = await onset_delays(speaker.page, listener.page, count=5)
    print(f"mouth to ear: {summary(delays)}")
    assert percentile(delays, 50) < 1000


async def test_an_open_microphone_without_sound_is_reported(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(parlor.url)
    ann = await join_room(browsers, parlor.url, room_id, "Ann", tone(TONES["Ann"]))
    bob = await join_room(browsers, parlor.url, room_id, "Bob", tone(0))
    await ann.unmute()
    await bob.unmute()
    report = "No sound comes from your microphone"
    await expect(bob.page.get_by_text(report)).to_be_visible(timeout=20_000)
    await expect(ann.page.get_by_text(report)).to_be_hidden()
    await bob.mute()
    await expect(bob.page.get_by_text(report)).to_be_hidden()


async def test_joining_again_keeps_the_microphone_and_is_muted(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(parlor.url)
    ann = await join_room(browsers, parlor.url, room_id, "Ann", None, probe={})
    bob = await _arrive(browsers, parlor, tone, room_id, "Bob")
    await expect_tones(ann.page, {TONES["Bob"]}, among=ALL)
    await bob.leave()
    await bob.page.get_by_role("button", name="Join again").click()
    await expect(bob.unmute_button).to_be_visible()
    await expect_tones(ann.page, set(), among=ALL)
    await bob.unmute()
    await expect_tones(ann.page, {TONES["Bob"]}, among=ALL)


async def test_signing_out_in_one_tab_ends_the_call_in_another(
    browsers: BrowserPool, parlor: ServerProcess, tone: Tone
) -> None:
    room_id = await make_room(parlor.url)
    ann = await join_room(browsers, parlor.url, room_id, "Ann", None, probe={})
    bob = await _arrive(browsers, parlor, tone, room_id, "Bob")
    await expect_tones(ann.page, {TONES["Bob"]}, among=ALL)
    tab = await bob.page.context.new_page()
    await tab.goto(f"{parlor.url}/profile")
    await tab.get_by_role("button", name="Sign out", exact=True).click()
    await tab.get_by_role("button", name="Sign out for good").click()
    await expect(bob.page.get_by_role("heading", name="You are signed out")).to_be_visible()
    await ann.expect_participants("Ann")
    await expect_tones(ann.page, set(), among=ALL)
