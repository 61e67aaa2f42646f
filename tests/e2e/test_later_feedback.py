"""In a group with the tutor people get feedback on what they said to each other, after the talk, if they
allowed it before they spoke."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.rtc import RestClient
from tests.fakes.server_process import ServerProcess

SCRIPTED_RECOGNITION = (Path(__file__).parent / "scripted_recognition.js").read_text()
RECOGNITION = "Let this browser recognize my speech"
FEEDBACK = "Feedback on everything I say"


async def test_each_of_two_learners_sees_their_own_feedback_alone_and_none_on_what_they_said_before(
    browsers: BrowserPool, lightly_tutored: ServerProcess
) -> None:
    url = lightly_tutored.url
    ann, ben = [await open_learner_page(browsers, url, name, SCRIPTED_RECOGNITION) for name in ("Ann", "Ben")]
    await ben.join(await ann.open_room("Two learners"))
    await ann.invite_tutor()
    for person in (ann, ben):
        await person.wait_until_tutor_ready()
        await person.toggle_tutor_option(RECOGNITION)
        await person.unmute()

    await ann.toggle_tutor_option(FEEDBACK, warns="nobody else sees them")
    await _says(ben, "Yesterday I go to the market.", "market")
    await ben.toggle_tutor_option(FEEDBACK)
    await _says(ann, "Yesterday I go to the market.", "market")
    await _says(ben, "My brother don't like fish.", "fish")
    for person in (ann, ben):
        await expect(person.page.locator("ins")).to_have_count(0)
        await expect(person.tutor_captions).to_have_count(0)

    await ann.leave()
    await expect(ann.page.locator("ins")).to_have_text("went", timeout=ANSWER_MS)
    await ben.leave()
    await expect(ben.page.locator("ins")).to_have_text("doesn't", timeout=ANSWER_MS)
    assert await _corrected(ann) == ["Yesterday I went to the market."]
    assert await _corrected(ben) == ["My brother doesn't like fish."]


async def _says(person: TutorPage, text: str, heard: str) -> None:
    """To the other one, with the browser's recognition. Waits until the turn has ended and is stored."""
    said = len(await _own_messages(person))
    await person.page.wait_for_function("() => __recognition.language() === 'en'", timeout=ANSWER_MS)
    await person.page.evaluate("text => __recognition.recognize(text, true)", text)
    await expect(person.captions).to_contain_text(heard, timeout=ANSWER_MS)
    async with asyncio.timeout(ANSWER_MS / 1_000):
        while len(await _own_messages(person)) == said:  # noqa: ASYNC110 - in the server
            await asyncio.sleep(0.2)


async def _corrected(person: TutorPage) -> list[str]:
    """The right sentences of all corrections that the server shows to the person."""
    messages = await _own_messages(person)
    return [each["correctedSentence"] for message in messages for each in message["corrections"]]


async def _own_messages(person: TutorPage) -> list[dict[str, Any]]:
    """All that the server has of the talk for the person, who hears no tutor in it."""
    session: dict[str, Any] = await person.page.evaluate("JSON.parse(localStorage.getItem('parlor.session'))")
    async with RestClient(person.url) as rest:
        talks = (await rest.request("GET", "/api/conversations", session["token"]))["items"]
        if not talks:
            return []
        whole = await rest.request("GET", f"/api/conversations/{talks[0]['id']}", session["token"])
    return list(whole["messages"])
