"""Rooms at a set time, in browsers of two time zones."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage
from tests.fakes.server_database import ServerDatabase
from tests.fakes.server_process import ServerProcess

NEW_YORK, HANOI = "America/New_York", "Asia/Ho_Chi_Minh"


async def _somebody(browsers: BrowserPool, server: ServerProcess, name: str, zone: str) -> Page:
    """A person with an account, whose browser is in that zone."""
    person = RoomPage(await browsers.page(None, timezone_id=zone), server.url, name)
    await person.sign_in()
    user_id = await person.page.evaluate("() => JSON.parse(localStorage['parlor.session']).user.id")
    ServerDatabase(server).keep(user_id)
    return person.page


def _before_the_clocks_change() -> datetime:
    """Tuesday, 19:00 in New York, of the last week before the next change of clocks there, which is that to
    summer time from November to March."""
    zone = ZoneInfo(NEW_YORK)
    day = datetime.now(zone).replace(hour=19, minute=0, second=0, microsecond=0) + timedelta(days=8)
    while (day + timedelta(days=7)).utcoffset() == day.utcoffset() or day.weekday() != 1:
        day += timedelta(days=1)
    return day


def _shown(at: datetime, zone: str) -> str:
    """As the page writes the hour."""
    return f"{at.astimezone(ZoneInfo(zone)):%I:%M %p}"


async def test_a_plan_of_new_york_keeps_its_hour_there_and_moves_in_hanoi_when_the_clocks_change(
    browsers: BrowserPool, own_server: ServerProcess
) -> None:
    first = _before_the_clocks_change()
    second = first + timedelta(days=7)
    assert _shown(first, NEW_YORK) == _shown(second, NEW_YORK) == "07:00 PM"
    assert _shown(first, HANOI) != _shown(second, HANOI)

    host = await _somebody(browsers, own_server, "Host", NEW_YORK)
    await host.goto(f"{own_server.url}/schedule/new")
    await host.get_by_label("Room name").fill("Tea club")
    await host.get_by_role("textbox", name="Start").fill(f"{first:%Y-%m-%dT%H:%M}")
    await host.get_by_role("combobox", name="Repeats").click()
    await host.get_by_role("option", name="Every week").click()
    await expect(host.get_by_role("checkbox", name="Tuesday")).to_be_checked()
    await host.get_by_role("checkbox", name="Thursday").check(force=True)
    await host.get_by_role("radio", name="On a day").check(force=True)
    await host.get_by_label("Last day").fill(f"{second:%Y-%m-%d}")
    assert await violations(host) == []
    await host.get_by_role("button", name="Plan a room").click()
    await expect(host.get_by_role("heading", name="Tea club")).to_be_visible()
    # Tuesday, Thursday, Tuesday.
    hours = host.locator("time")
    await expect(hours).to_have_text([re.compile("07:00 PM")] * 3)

    mai = await _somebody(browsers, own_server, "Mai", HANOI)
    await mai.goto(host.url)
    rows = mai.get_by_role("listitem").filter(has=mai.locator("time"))
    await expect(rows).to_have_count(3)
    for row, at in ((rows.first, first), (rows.last, second)):
        await expect(row.locator("time")).to_have_text(re.compile(re.escape(_shown(at, HANOI))))
        await expect(row).to_contain_text("07:00 PM")
    await rows.last.get_by_role("button", name="Take a place").press("Enter")
    await expect(rows.last.get_by_role("button", name="Give up the place")).to_be_visible()
    assert await violations(mai) == []

    await mai.goto(f"{own_server.url}/schedule")
    await expect(mai.locator("time").first).to_have_text(re.compile(re.escape(_shown(first, HANOI))))
    await mai.emulate_media(color_scheme="dark")
    await mai.set_viewport_size({"width": 360, "height": 740})
    assert await mai.evaluate("() => document.documentElement.scrollWidth") <= 360


async def test_a_host_renames_one_time_and_gives_all_later_ones_another_level(
    browsers: BrowserPool, own_server: ServerProcess
) -> None:
    """By keyboard where the journey's own steps are."""
    first = datetime.now(ZoneInfo(HANOI)) + timedelta(days=8)
    host = await _somebody(browsers, own_server, "Host", HANOI)
    await host.goto(f"{own_server.url}/schedule/new")
    await host.get_by_label("Room name").fill("Tea club")
    await host.get_by_role("textbox", name="Start").fill(f"{first:%Y-%m-%d}T19:00")
    await host.get_by_role("combobox", name="Repeats").click()
    await host.get_by_role("option", name="Every week").click()
    await host.get_by_label("How many times").fill("3")
    await host.get_by_role("button", name="Plan a room").press("Enter")
    rows = host.get_by_role("listitem").filter(has=host.locator("time"))
    await expect(rows).to_have_count(3)
    await expect(host.get_by_role("button", name="Enter the room")).to_have_count(0)

    await rows.nth(0).get_by_role("button", name="Change").press("Enter")
    await rows.nth(0).get_by_label("Room name").fill("Cake club")
    await rows.nth(0).get_by_label("Topic").fill("Which cake?")
    await rows.nth(0).get_by_label("Topic").press("Tab")
    await rows.nth(0).get_by_role("button", name="Save the change").press("Enter")
    await expect(rows.nth(0)).to_contain_text("Cake club")
    await expect(rows.nth(0)).to_contain_text("Which cake?")
    await expect(host.get_by_role("heading", level=1)).to_have_text("Tea club")

    await rows.nth(1).get_by_role("button", name="Change").press("Enter")
    await rows.nth(1).get_by_role("radio", name="This and later times").press("Space")
    await rows.nth(1).get_by_role("radio", name=re.compile("B2")).press("Space")
    assert await violations(host) == []
    await rows.nth(1).get_by_role("button", name="Save the change").press("Enter")
    await expect(rows).to_have_count(2)
    await expect(host.get_by_text("Upper-intermediate", exact=True)).to_be_visible()

    await host.goto(f"{own_server.url}/schedule")
    await expect(host.get_by_role("heading", level=3)).to_have_text(["Cake club", "Tea club", "Tea club"])

    await host.get_by_role("link", name="Cake club").click()
    await rows.nth(0).get_by_role("button", name="Cancel").press("Enter")
    await rows.nth(0).get_by_role("button", name="Cancel it now").press("Enter")
    await expect(rows.nth(0)).to_contain_text("This time was cancelled.")
