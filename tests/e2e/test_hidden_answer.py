"""A correction that the tutor asks to try again stays hidden when the page is reloaded."""

from __future__ import annotations

from playwright.async_api import expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, open_learner_page
from tests.fakes.server_process import ServerProcess


async def test_an_answer_that_was_not_tried_yet_stays_hidden_over_a_reload(
    browsers: BrowserPool, lightly_tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, lightly_tutored.url, "Ann")
    await ann.start_practice()
    # At this level the first correction is told, the second one is asked about.
    turns = await ann.type_until_corrected("She don't like fish.")
    await ann.type_text("Yesterday I go to the market.")
    hint = ann.page.get_by_text('Try again: think about the past of "go"').first
    await expect(hint).to_be_visible(timeout=ANSWER_MS)
    await ann.expect_answer(turns=turns + 1, words="market")

    await ann.page.reload()
    await expect(ann.own_lines).to_have_count(turns + 1, timeout=ANSWER_MS)
    await expect(hint).to_be_visible()
    answer = ann.page.locator("ins", has_text="went")
    await expect(answer).to_have_count(0)
    await ann.wait_until_tutor_ready()
    await ann.type_text("Yesterday I went to the market.")
    await expect(answer.first).to_be_visible(timeout=ANSWER_MS)
