"""A correction of one talk is a short exercise in the greeting of the next one."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, open_learner_page
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live


async def test_the_next_greeting_asks_to_mend_the_mistake_of_the_last_talk(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.start_practice()
    await ann.type_until_corrected("Yesterday I go to the market.")
    await ann.leave_button.click()
    await expect(ann.page.get_by_role("heading", name="Talking with Emma")).to_be_hidden()
    await expect(ann.page.get_by_text("went").first).to_be_visible(timeout=ANSWER_MS)

    await ann.start_practice()
    await expect(ann.answers.first).to_contain_text("Yesterday I go to the market.")
    await ann.type_text("Yesterday I went to the market.")
    await ann.expect_answer(turns=1, words="went")
    await expect(ann.answers.last).to_contain_text("went")
    await ann.leave_button.click()

    await ann.page.goto(f"{ann.url}/practice/mistakes")
    await expect(ann.page.get_by_text("Nothing is due today.").first).to_be_visible(timeout=ANSWER_MS)
