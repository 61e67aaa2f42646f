"""The page My mistakes: a review by keyboard, and what is shown before and after it."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

from playwright.async_api import expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.page_load import signed_in
from tests.fakes.server_process import ServerProcess


async def test_a_learner_reviews_a_mistake_by_keyboard(browsers: BrowserPool, parlor: ServerProcess) -> None:
    page = await browsers.page(None, storage_state=await signed_in(browsers, parlor.url, "Mai Review"))
    await page.goto(f"{parlor.url}/practice/history")
    await page.get_by_role("link", name="My mistakes").click()
    await expect(page.get_by_role("heading", name="No mistakes yet")).to_be_visible()
    _store_a_correction(parlor, "Mai Review")
    await page.reload()
    await expect(page.get_by_text("goed → went")).to_be_visible()
    await expect(page.get_by_text("1 mistake is due for review.")).to_be_visible()
    await page.get_by_role("button", name="Start the review").press("Enter")
    await expect(page.get_by_label("How do you say it right?")).to_be_focused()
    answer = page.get_by_text("went")
    await page.reload()
    await expect(page.get_by_label("How do you say it right?")).to_be_focused()
    await expect(answer).to_have_count(0)
    await page.keyboard.type("i gone home")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Not yet. Try once more.")).to_be_visible()
    await page.get_by_label("How do you say it right?").fill("i went home")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Right!")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("1 of 1 right.")).to_be_visible()
    await page.get_by_role("button", name="Back to my mistakes").press("Enter")
    await expect(page.get_by_text("Nothing is due today.")).to_be_visible()


def _store_a_correction(parlor: ServerProcess, name: str) -> None:
    """Into the server's database: an engine that corrects this sentence is not the subject."""
    now = time.time()
    with closing(sqlite3.connect(parlor.data_dir / "parlor.db", timeout=10)) as database, database:
        [(me,)] = database.execute("SELECT id FROM users WHERE name = ?", (name,)).fetchall()
        database.execute(
            "INSERT INTO conversations (id, room_id, room_name, language, level, topic, started_at, ended_at)"
            " VALUES ('rev', 'r', 'Talk', 'en', 'A2', 'Food', ?, ?)",
            (now, now),
        )
        database.execute(
            "INSERT INTO messages (id, conversation_id, turn_id, role, user_id, text, at, speech_s,"
            " has_audio, was_cut) VALUES ('rev1', 'rev', 't', 'learner', ?, 'I goed home', ?, 0, 0, 0)",
            (me, now),
        )
        database.execute("INSERT INTO message_readers VALUES ('rev1', ?, 'rev')", (me,))
        database.execute(
            "INSERT INTO corrections VALUES ('rev2', 'rev', ?, 'rev1', 't', ?, 'I goed home', 'I went home.',"
            " 'Past of go.', 'verb_form')",
            (me, now),
        )
