"""Safety among strangers in real browsers: a report, a ban that holds, and its end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.async_api import Page, expect

from server.moderation.__main__ import run
from tests.e2e.audio_probe import expect_tones
from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage, join_room
from tests.fakes.server_process import ServerProcess

BOTH = {500, 800}


async def _sign_in(browsers: BrowserPool, url: str, name: str) -> RoomPage:
    person = RoomPage(await browsers.page(None), url, name)
    await person.sign_in()
    return person


async def _expect_banned(page: Page, text: str) -> None:
    await expect(page.get_by_role("heading", name="You are banned")).to_be_visible()
    await expect(page.get_by_text(text)).to_be_visible()


async def _report(person: RoomPage, name: str, reason: str, words: str) -> None:
    """From their tile."""
    await person.page.get_by_role("button", name=f"Options for {name}").click()
    await person.page.get_by_role("button", name="Report", exact=True).click()
    form = person.page.get_by_role("dialog", name=f"Report {name}")
    await form.get_by_role("radio", name=reason).check()
    await form.get_by_label("In your own words").fill(words)
    assert await violations(person.page) == []
    await form.get_by_role("button", name="Send the report").click()
    await expect(form).to_be_hidden()


async def _decide(mod: RoomPage, kind: str, message: str) -> None:
    """About the oldest report. A ban leaves new profiles from the address alone: all are behind it."""
    await mod.page.goto(f"{mod.url}/moderation")
    await expect(mod.page.get_by_text("1 open report")).to_be_visible()
    assert await violations(mod.page) == []
    await mod.page.get_by_role("link", name="Look at it").click()
    await expect(mod.page.get_by_role("heading", name="About Ben")).to_be_visible()
    await mod.page.get_by_text(kind, exact=True).click()
    if kind == "Ban":
        await mod.page.get_by_label("New profiles from their addresses").select_option("Allow them")
    await mod.page.get_by_label("Message to the person").fill(message)
    assert await violations(mod.page) == []


async def _come_in(person: RoomPage, name: str) -> None:
    await person.page.goto(person.url)
    await person.page.get_by_label("Your name").fill(name)
    await person.page.get_by_role("button", name="Come in").click()


async def test_a_report_leads_to_a_ban_that_holds_for_the_browser_until_it_is_undone(
    browsers: BrowserPool, own_server: ServerProcess, tone: Callable[[int], Path]
) -> None:
    url = own_server.url
    mod = await _sign_in(browsers, url, "Mod")
    await run(f"sqlite+aiosqlite:///{own_server.data_dir / 'parlor.db'}", "grant", "Mod")
    ann = RoomPage(await browsers.page(tone(500), probe={}), url, "Ann")
    await ann.sign_in()
    room = await ann.open_room("Coffee")
    ben = await join_room(browsers, url, room, "Ben", tone(800))
    await ben.unmute()
    await expect_tones(ann.page, {800}, among=BOTH)
    await ben.page.get_by_role("button", name="Chat", exact=True).click()
    await ben.page.get_by_role("textbox", name="Write to everyone").fill("You speak like a child.")
    await ben.page.keyboard.press("Enter")

    # Ann reports Ben from his tile; the last lines of the chat go along. The moderator bans him.
    await _report(ann, "Ben", "Insults or bullying", "He laughs at mistakes.")
    await expect(ann.page.get_by_text("Thank you. Moderators will look at it.")).to_be_visible()
    await _decide(mod, "Ban", "Be kind to learners.")
    await expect(mod.page.get_by_text("He laughs at mistakes.")).to_be_visible()
    lines = mod.page.get_by_role("list", name="Text chat before the report")
    await expect(lines).to_contain_text("You speak like a child.")
    await mod.page.get_by_role("button", name="Ban now").click()

    # He is gone from the room at once, and reads why; Ann sees him leave, and nothing else.
    await _expect_banned(ben.page, "A moderator has banned you from this server until")
    await expect(ben.page.get_by_text("Be kind to learners.")).to_be_visible()
    assert await violations(ben.page) == []
    await ann.expect_participants("Ann")
    await expect_tones(ann.page, set(), among=BOTH)
    await ben.page.get_by_label("Is this a mistake? Say why").fill("It was a joke.")
    await ben.page.get_by_role("button", name="Send the objection").click()
    await expect(ben.page.get_by_text("Your objection is on its way")).to_be_visible()

    # Neither a reload nor an empty storage with another name lets him in; what he stored he can take along.
    await ben.page.goto(f"{url}/rooms/{room}")
    await _expect_banned(ben.page, "A moderator has banned you from this server until")
    async with ben.page.expect_download() as download:
        await ben.page.get_by_role("button", name="Download everything").click()
    assert (await download.value).suggested_filename.startswith("parlor-")
    await ben.page.evaluate("localStorage.clear(); sessionStorage.clear();")
    await _come_in(ben, "Bob")
    await _expect_banned(ben.page, "A profile of this browser is banned from this server until")
    await expect(ben.page.get_by_text("Be kind to learners.")).to_have_count(0)

    # The moderator reads the objection and undoes the ban.
    await mod.page.goto(f"{url}/moderation")
    await mod.page.get_by_text("Objections", exact=True).click()
    await expect(mod.page.get_by_text("It was a joke.")).to_be_visible()
    await mod.page.get_by_role("button", name="Undo: Ban, Ben").click()
    await expect(mod.page.get_by_text("Undone.", exact=True)).to_be_visible()
    await mod.page.get_by_text("Log", exact=True).click()
    for entry in ("Mod undid: Ban", "Mod: Ban, until", "Mod became a moderator"):
        await expect(mod.page.get_by_text(entry)).to_be_visible()

    await ben.page.get_by_role("button", name="Look again").click()
    await _come_in(ben, "Bob")
    await expect(ben.page.get_by_label("Your name")).to_be_hidden()
    await ben.join(room)
    await ann.expect_participants("Ann", "Bob")
    assert own_server.complaints() == []


async def test_a_warning_is_read_before_anything_else_and_a_mute_is_shown_in_the_room(
    browsers: BrowserPool, own_server: ServerProcess, tone: Callable[[int], Path]
) -> None:
    url = own_server.url
    mod = await _sign_in(browsers, url, "Mod")
    await run(f"sqlite+aiosqlite:///{own_server.data_dir / 'parlor.db'}", "grant", "Mod")
    ann = await _sign_in(browsers, url, "Ann")
    room = await ann.open_room("Coffee")
    ben = await join_room(browsers, url, room, "Ben", tone(800))
    await ben.unmute()
    for kind, words, button in (("Warn", "Be kind.", "Send the warning"), ("Mute", "Quiet.", "Mute now")):
        await _report(ann, "Ben", "Advertising or begging", "")
        await _decide(mod, kind, words)
        await mod.page.get_by_role("button", name=button).click()
        if kind == "Warn":
            warning = ben.page.get_by_role("dialog", name="A warning from the moderators")
            await expect(warning.get_by_text("Be kind.")).to_be_visible()
            assert await violations(ben.page) == []
            await ben.page.keyboard.press("Escape")
            await ben.page.reload()
            await expect(warning).to_be_visible()
            await warning.get_by_role("button", name="I have read this").click()
            await expect(warning).to_be_hidden()
            await ben.rejoin()
    await expect(ben.page.get_by_text("A moderator has muted you until")).to_be_visible()
    await expect(ben.page.get_by_text("Quiet.")).to_be_visible()
    assert await violations(ben.page) == []
    await expect(ann.tile("Ben")).to_have_attribute("data-muted", "true")
    await ben.unmute_button.click()
    await expect(ben.page.get_by_text("A moderator has muted you for a while.")).to_be_visible()
    await expect(ben.unmute_button).to_be_visible()
    assert own_server.complaints() == []
