"""Documents that a learner adds, and a tutor that answers from them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e import axe
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.documents import pdf
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live

GUIDE = """# Library
The library opens at nine. Books come back after three weeks.

# Parking
Park behind the gym.
"""


async def test_emma_answers_from_documents_that_were_added(
    browsers: BrowserPool, tutored: ServerProcess, tmp_path: Path
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await _add_documents(ann, tmp_path)

    await ann.start_practice()
    page = ann.page
    await page.get_by_role("button", name="Tutor options").click()
    await page.get_by_role("combobox", name="Answers from documents").select_option(label="School")
    await expect(page.get_by_role("combobox", name="Answers from documents")).not_to_have_value("")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await ann.type_text("When does the library open?")
    await ann.expect_answer(turns=1, words="library")
    await expect(ann.answers.last).to_contain_text("The library opens at nine.")
    await ann.wait_until_quiet()
    await ann.type_text("What do the documents say about dinosaurs?")
    await ann.expect_answer(turns=2, words="dinosaurs")
    await expect(ann.answers.last).to_contain_text("The documents don't say that.")


async def _add_documents(ann: TutorPage, folder: Path) -> None:
    (folder / "guide.md").write_text(GUIDE)
    (folder / "rules.pdf").write_bytes(pdf([["Please be quiet in the reading room."]]))
    (folder / "photo.txt").write_bytes(b"\xff\xd8\xff")
    page = ann.page
    await page.goto(f"{ann.url}/practice/documents")
    await page.get_by_role("textbox", name="Name").fill("School")
    await page.get_by_role("button", name="Create").click()
    files = [folder / name for name in ("guide.md", "rules.pdf", "photo.txt")]
    await page.locator("input[type=file]").set_input_files(files)
    await expect(page.get_by_text("photo.txt: ")).to_be_visible(timeout=ANSWER_MS)
    for name in ("guide.md", "rules.pdf"):
        await expect(page.get_by_text(name, exact=True)).to_be_visible()
    await page.get_by_role("textbox", name="Try a question").fill("Where can I park my car?")
    await page.get_by_role("button", name="Find the answer").click()
    await expect(page.get_by_text("Park behind the gym.")).to_be_visible()
    assert await axe.violations(page) == []
