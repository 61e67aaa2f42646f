"""A class in a room: two learners hear it, everybody sees its sentence, the host steers it. Timed engines."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from ai_agent.classes.client import CourseClient
from tests.e2e import axe
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.server_process import ServerProcess
from tests.fakes.tutor.light_worker import light_worker
from tests.fakes.tutor.timed_engines import REPLY, Latencies, timed_engines

TOKEN = "the-token-that-workers-of-this-school-show"
SENTENCES = (
    "Welcome to the market.",
    "Here you can buy fruit.",
    "Ask for half a kilo.",
    "Now pay for it.",
) * 3


@pytest_asyncio.fixture(loop_scope="session")
async def school(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server with one course, and a worker in this process whose engines take no CPU."""
    course = tmp_path / "courses" / "1-shopping"
    module = course / "1-food"
    module.mkdir(parents=True)
    (course / "course.md").write_text("---\nlevel: A2\nlanguage: en\n---\n# Shopping\n\nHow to buy things.\n")
    (module / "module.md").write_text("# Food\n\nMarkets and shops.\n")
    questions = "## Questions\n\n- What can you buy? => fruit\n"
    (module / "1-market.md").write_text(f"# At the market\n\n{' '.join(SENTENCES)}\n\n{questions}")
    settings = {"AGENT_TOKEN": TOKEN, "COURSES_DIR": str(course.parent)}
    async with (
        ServerProcess(tmp_path / "data", settings) as server,
        CourseClient() as courses,
        light_worker(server.url, TOKEN, timed_engines(Latencies(sentence_s=2.0)), courses),
    ):
        yield server
        assert [line for line in server.lines if "Traceback" in line] == []


async def test_two_learners_in_a_room_hear_a_class_that_the_host_chose(
    browsers: BrowserPool, school: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, school.url, "Ann")
    room = await ann.open_room("School")
    bob = await open_learner_page(browsers, school.url, "Bob")
    await bob.join(room)
    await ann.page.get_by_role("button", name="Room options").click()
    await ann.page.get_by_role("menuitem", name="Take a class with the tutor").click()
    picker = ann.page.get_by_role("dialog")
    await picker.get_by_label("Class to teach").select_option("At the market")
    await picker.get_by_role("button", name="Start this class").click()
    for person in (ann, bob):
        await expect(person.page.get_by_test_id("class-sentence")).to_be_visible(timeout=ANSWER_MS)
        await person.expect_sound_since(await person.received_energy())
    assert await axe.violations(ann.page) == []
    await expect(bob.page.get_by_role("button", name="Pause")).to_have_count(0)

    await bob.type_to_tutor("What does fruit mean?")
    await expect(bob.tutor_captions.last).to_contain_text(REPLY, timeout=ANSWER_MS)
    await _expect_progress(bob.page, 3)
    await ann.page.get_by_role("button", name="Pause").click()
    await expect(bob.page.get_by_test_id("class-phase")).to_contain_text("waits")
    late = await open_learner_page(browsers, school.url, "Cem")
    await late.join(room)
    shown = await bob.page.get_by_test_id("class-sentence").inner_text()
    await expect(late.page.get_by_test_id("class-sentence")).to_have_text(shown)
    await bob.type_to_tutor("Emma, go on please")
    await expect(bob.page.get_by_test_id("class-phase")).to_contain_text("teaches")
    await ann.page.get_by_role("button", name="Stop the class").click()
    await expect(bob.page.get_by_test_id("class-phase")).to_have_count(0)
    await _expect_kept(bob, school.url)


async def _expect_progress(page: Page, sentence: int) -> None:
    """That sentence is taught, or a later one."""
    numbers = "|".join(str(n) for n in range(sentence, len(SENTENCES) + 1))
    text = re.compile(rf"Sentence ({numbers}) of {len(SENTENCES)}")
    await expect(page.get_by_text(text)).to_be_visible(timeout=2 * ANSWER_MS)


async def _expect_kept(person: TutorPage, url: str) -> None:
    """Check that what the person heard in the room is on the page of the class."""
    await person.page.goto(f"{url}/courses/1/0/0")
    again = person.page.get_by_role("button", name=re.compile(r"Continue at sentence \d+ of 12"))
    await expect(again).to_be_visible()
