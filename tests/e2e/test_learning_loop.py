"""From a talk to its summary, to the review of a mistake and a word, and to what the tutor remembers."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.server_process import ServerProcess


async def test_what_was_corrected_in_a_talk_is_summed_up_reviewed_and_remembered(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    mai = await open_learner_page(browsers, tutored.url, "Mai Loop")
    await mai.page.goto(f"{tutored.url}/practice")
    await _set_a_goal(mai.page)
    await _talk(mai)
    await mai.leave_button.click()

    summary = mai.page.get_by_role("region", name="Your talk")
    await expect(summary).to_be_visible()
    await expect(summary.get_by_text("You spoke or typed")).to_be_visible(timeout=ANSWER_MS)
    await expect(summary.locator("ins", has_text="went")).to_be_visible()
    await expect(summary.get_by_text("receipt", exact=True)).to_be_visible()
    await expect(summary.get_by_role("heading", name="Keep your profile")).to_be_visible()
    assert await violations(mai.page) == []

    await summary.get_by_role("link", name="My mistakes").click()
    await _review(mai.page, "mistake is due for review.", "yesterday i went to the market")
    await expect(mai.page.get_by_text("1 of 1 right.")).to_be_visible()

    await mai.page.get_by_role("link", name="My words").click()
    await _review(mai.page, "1 word is due for review.", "receipt")
    await expect(mai.page.get_by_text("1 of 1 right.")).to_be_visible()

    await mai.page.get_by_role("link", name="What Emma remembers").click()
    await _change_what_is_remembered(mai.page)
    await mai.page.goto(f"{tutored.url}/practice")
    await expect(mai.page.get_by_text("1 of 2 days with a talk.")).to_be_visible()


async def _set_a_goal(page: Page) -> None:
    await page.get_by_role("button", name="Set a goal").press("Enter")
    await page.get_by_label("In a week").fill("2")
    await page.get_by_role("button", name="Save").press("Enter")
    await expect(page.get_by_text("0 of 2 days with a talk.")).to_be_visible()


async def _talk(mai: TutorPage) -> None:
    await mai.start_practice()
    corrected = mai.page.locator("ins", has_text="went").first
    for turns in range(1, 6):  # on a busy machine the corrector may have no time for a sentence
        await mai.type_text("Yesterday I go to the market.")
        await mai.expect_answer(turns=turns, words="market")
        if await corrected.is_visible():
            break
    await expect(corrected).to_be_visible(timeout=ANSWER_MS)
    await mai.type_text("What does receipt mean?")
    await mai.expect_answer(turns=turns + 1, words="receipt")


async def _review(page: Page, due: str, answer: str) -> None:
    await expect(page.get_by_text(due)).to_be_visible()
    await page.get_by_role("button", name="Start the review").press("Enter")
    await page.get_by_role("article").get_by_role("textbox").fill(answer)
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Right!")).to_be_visible()
    await page.keyboard.press("Enter")


async def _change_what_is_remembered(page: Page) -> None:
    talks = page.get_by_role("region", name="Your last talks")
    await expect(talks.get_by_text("turns; corrected most")).to_be_visible()
    await talks.get_by_role("button", name="Change what Emma remembers").press("Enter")
    await page.get_by_label("What Emma remembers of this talk").fill("My day at the market")
    await page.keyboard.press("Enter")
    await expect(talks.get_by_text("My day at the market")).to_be_visible()
    await page.get_by_label("What do you learn for?").fill("A trip to London")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("listitem").filter(has_text="A trip to London")).to_be_visible()
    await page.get_by_role("switch", name="Emma may remember").press("Space")
    await expect(page.get_by_role("switch", name="Emma may remember")).not_to_be_checked()
    await page.reload()
    await expect(page.get_by_role("switch", name="Emma may remember")).not_to_be_checked()
    await expect(page.get_by_text("A trip to London")).to_be_visible()
    await page.get_by_role("button", name="Delete everything here").press("Enter")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").press("Enter")
    await expect(page.get_by_text("A trip to London")).to_have_count(0)
    await expect(talks.get_by_text("Nothing yet.")).to_be_visible()
