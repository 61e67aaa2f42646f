"""A class in a browser: a lesson that is heard sentence by sentence, a question, and on with the lesson."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.e2e import axe
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live
HEARD_MS = 8_000
LOADED_S = 90.0

SENTENCES = (
    "Welcome to the market.",
    "Here you can buy fruit and vegetables from the farmers of the village every day.",
    "The farmers bring them in the early morning when it is still dark outside.",
    "Ask for half a kilo of apples, and the farmer weighs them for you.",
    "Some people like to talk about the price, but most of them just pay it.",
    "At noon the farmers pack their things and drive home to their families.",
)
PLAYED = """
window.__played = [];
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (when, ...rest) {
  if (when) {
    const samples = this.buffer.getChannelData(0);
    const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    window.__played.push({ at: when, seconds: this.buffer.duration, loudest });
  }
  return start.call(this, when, ...rest);
};
"""
"""Notes the chunks that the page plays. The scripted microphone starts without a time."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def school(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServerProcess]:
    """A server with one short course and a tutor that has loaded its models: meanwhile it is slow to hear."""
    folder = tmp_path_factory.mktemp("school")
    course = folder / "courses" / "1-shopping"
    module = course / "1-food"
    module.mkdir(parents=True)
    (course / "course.md").write_text("---\nlevel: A2\nlanguage: en\n---\n# Shopping\n\nHow to buy things.\n")
    (module / "module.md").write_text("# Food\n\nMarkets and shops.\n")
    (module / "1-market.md").write_text(f"# At the market\n\n{' '.join(SENTENCES)}\n")
    questions = "## Questions\n\n- What do you say? => goodbye / see you\n"
    (module / "2-goodbye.md").write_text(f"# Goodbye\n\nSee you soon.\n\n{questions}")
    settings = {"AGENTS": "1", "COURSES_DIR": str(folder / "courses")}
    async with ServerProcess(folder / "data", settings) as server:
        async with asyncio.timeout(LOADED_S):
            while not any('"event": "loaded"' in line for line in server.lines):  # noqa: ASYNC110 - a log line
                await asyncio.sleep(0.1)
        yield server
        assert [line for line in server.lines if "Traceback" in line] == []


async def test_a_class_is_heard_sentence_by_sentence_and_goes_on_after_a_question(
    browsers: BrowserPool, school: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, school.url, "Ann", PLAYED)
    page = ann.page
    await page.goto(f"{school.url}/practice")
    await page.get_by_role("link", name="Courses").click()
    await page.get_by_role("link", name="At the market").click()
    await page.get_by_role("button", name="Start the class").click()
    await _expect_sentence(page, 0)
    await page.get_by_role("button", name="Turn on the microphone to ask").click()
    await _expect_sentence(page, 1)
    heard = await _sound_s(page)
    assert heard > 0.5

    await _ask(ann, "What does fruit mean?", hears="fruit")
    at = await _sentence(page)
    await _expect_sentence(page, at + 1)
    assert await _sound_s(page) > heard + 1.0
    assert await axe.violations(page) == []

    await page.get_by_role("button", name="Stop").click()
    at = await _sentence(page)
    await page.get_by_role("button", name=f"Continue at sentence {at + 1} of {len(SENTENCES)}").click()
    heard = await _sound_s(page)
    await expect(page.get_by_test_id("class-state")).to_contain_text("is teaching", timeout=ANSWER_MS)
    await _until_sound(page, heard + 0.5)


async def test_a_class_that_was_heard_to_its_end_is_finished(
    browsers: BrowserPool, school: ServerProcess
) -> None:
    page = (await open_learner_page(browsers, school.url, "Ann")).page
    await page.goto(f"{school.url}/courses/1/0/1")
    await page.get_by_role("button", name="Start the class").press("Enter")
    await expect(page.get_by_test_id("class-state")).to_contain_text("finished", timeout=3 * ANSWER_MS)
    await expect(page.get_by_role("heading", name="Questions about this class")).to_be_visible()
    await page.get_by_role("link", name="All courses").click()
    await expect(page.get_by_role("link", name="Goodbye")).to_contain_text("Finished")


async def _ask(ann: TutorPage, question: str, *, hears: str) -> None:
    """Until the recogniser has understood: on a busy machine the scripted microphone stutters."""
    log = ann.page.get_by_role("log")
    for _ in range(3):
        await ann.speak(question)
        try:
            await expect(log).to_contain_text(re.compile(hears, re.IGNORECASE), timeout=HEARD_MS)
        except AssertionError:
            continue
        await expect(log).to_contain_text("Emma:", timeout=ANSWER_MS)
        return
    raise AssertionError("the question was not understood")


async def _sentence(page: Page) -> int:
    """The one that is marked."""
    return SENTENCES.index((await page.locator("[aria-current=step]").inner_text()).strip())


async def _expect_sentence(page: Page, index: int) -> None:
    current = page.locator("[aria-current=step]")
    await expect(current).to_contain_text(SENTENCES[index], timeout=2 * ANSWER_MS)


async def _sound_s(page: Page) -> float:
    """Seconds of sound that were played, without silent files."""
    return float(
        await page.evaluate(
            "() => window.__played.reduce((sum, c) => sum + (c.loudest > 0.02 ? c.seconds : 0), 0)"
        )
    )


async def _until_sound(page: Page, seconds: float) -> None:
    await page.wait_for_function(
        "least => window.__played.reduce((sum, c) => sum + c.seconds, 0) > least",
        arg=seconds,
        timeout=ANSWER_MS,
    )
