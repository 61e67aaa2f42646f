"""A talk makes a day of a streak and a first badge, which the learner is told of."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import open_learner_page
from tests.fakes.server_process import ServerProcess


async def test_a_first_talk_begins_a_streak_and_earns_a_badge(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    mai = await open_learner_page(browsers, tutored.url, "Mai Streak")
    page = mai.page
    await page.goto(f"{tutored.url}/progress")
    await expect(page.get_by_text("No streak right now")).to_be_visible()
    await expect(page.get_by_role("listitem").filter(has_text="First words")).to_contain_text("Still to come")

    await page.goto(f"{tutored.url}/practice")
    await mai.start_practice()
    await mai.type_text("Yesterday I went to the market.")
    await mai.expect_answer(turns=1, words="market")
    await mai.leave_button.click()

    await page.goto(f"{tutored.url}/progress")
    await expect(page.get_by_role("heading", name="Goals and badges")).to_be_visible()
    await expect(page.get_by_role("region", name="Days in a row").get_by_text("1 day")).to_be_visible()
    await expect(page.get_by_text("Today counts already.")).to_be_visible()
    badge = page.get_by_role("listitem").filter(has_text="First words")
    await expect(badge).to_contain_text("Earned on")
    assert await violations(page) == []

    await page.goto(f"{tutored.url}/notices")
    await page.get_by_role("link", name="New badge: “First words”").click()
    await expect(page.get_by_role("heading", name="Goals and badges")).to_be_visible()

    zone = page.get_by_label("Your days begin at midnight in")
    async with page.expect_response(lambda response: response.request.method == "PATCH") as stored:
        await zone.select_option("Pacific/Kiritimati")
    assert (await stored.value).ok
    await page.reload()
    await expect(zone).to_have_value("Pacific/Kiritimati")
    await expect(page.get_by_text("Your longest streak")).to_have_count(0)
    await expect(page.get_by_role("region", name="Days in a row").get_by_text("1 day")).to_be_visible()

    await page.goto(tutored.url)
    ring = page.get_by_role("link", name="1 day with practice this week")
    await expect(ring).to_be_visible(timeout=10_000)
    assert await violations(page) == []

    await page.set_viewport_size({"width": 360, "height": 740})
    await page.goto(f"{tutored.url}/rooms")
    await expect(ring).to_be_visible(timeout=10_000)
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= 360
