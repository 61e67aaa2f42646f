"""A learner corrects, on a small screen and by keyboard, what the tutor took for their words."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, open_learner_page
from tests.fakes.server_process import ServerProcess


async def test_mended_words_are_answered_and_stay_after_a_reload(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.page.set_viewport_size({"width": 360, "height": 640})
    await ann.start_practice()
    await ann.type_text("Yesterday I go to the market.")
    await ann.expect_answer(turns=1, words="market")
    await expect(ann.page.locator("ins", has_text="went").first).to_be_visible(timeout=ANSWER_MS)
    await ann.wait_until_quiet()
    first_answer = await ann.answers.last.locator("p").inner_text()

    pencil = ann.page.get_by_role("button", name="Correct what was heard")
    await pencil.focus()
    await ann.page.keyboard.press("Enter")
    field = ann.page.get_by_role("textbox", name="What you said")
    await expect(field).to_be_focused()
    assert await violations(ann.page) == []
    assert await ann.page.evaluate("document.documentElement.scrollWidth") <= 360
    await field.fill("Yesterday I cooked some soup.")
    await ann.page.keyboard.press("Enter")
    await expect(pencil).to_be_focused()
    await expect(ann.own_lines).to_contain_text("Yesterday I cooked some soup.")
    await expect(ann.page.locator("ins")).to_have_count(0)
    await expect(ann.answers.last.locator("p")).not_to_have_text(first_answer, timeout=ANSWER_MS)
    await expect(ann.answers).to_have_count(2)  # the greeting, and the new answer in place of the first

    await ann.page.reload()
    await expect(ann.own_lines).to_contain_text("Yesterday I cooked some soup.", timeout=ANSWER_MS)
    await expect(ann.page.locator("ins")).to_have_count(0)
