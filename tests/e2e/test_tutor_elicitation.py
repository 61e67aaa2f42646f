"""The tutor asks a learner to mend a sentence before it shows the correction: typed and spoken.

At A2, where a talk begins, the first correction is told and the second one is asked about.
"""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.axe import violations
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, open_learner_page
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live


async def test_a_typed_sentence_is_mended_before_its_correction_is_shown(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.page.set_viewport_size({"width": 360, "height": 740})
    await ann.start_practice()
    turns = await ann.type_until_corrected("She don't like fish.")
    await ann.type_text("Yesterday I go to the market.")
    show = ann.page.get_by_role("button", name="Show answer").first
    await expect(show).to_be_visible(timeout=ANSWER_MS)
    await ann.expect_answer(turns=turns + 1, words="market")
    await expect(ann.answers.last).to_contain_text("the past of")
    await expect(ann.page.locator("ins", has_text="went")).to_have_count(0)
    assert await violations(ann.page) == []

    await ann.type_text("Yesterday I went to the market.")
    await ann.expect_answer(turns=turns + 2, words="went")
    await expect(ann.answers.last).to_contain_text("went")
    await expect(ann.page.locator("ins", has_text="went").first).to_be_visible()
    await expect(show).to_be_hidden()


async def test_a_spoken_sentence_is_mended_by_speaking(browsers: BrowserPool, tutored: ServerProcess) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.start_practice()
    turns = await ann.type_until_corrected("She don't like fish.")
    await ann.speak_while_holding("Yesterday I go to the market.")
    await ann.expect_answer(turns=turns + 1, words="market")
    await expect(ann.answers.last).to_contain_text("the past of")
    await ann.speak_while_holding("Yesterday I went to the market.")
    await ann.expect_answer(turns=turns + 2, words="went")
    await expect(ann.answers.last).to_contain_text("went")
    await expect(ann.page.locator("ins", has_text="went").first).to_be_visible()
