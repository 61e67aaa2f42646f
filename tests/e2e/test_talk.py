"""Talking mode: a full-screen talk over WebRTC, and over a WebSocket where no media gets through."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import axe
from tests.e2e.browsers import BrowserPool
from tests.e2e.test_coach import PLAYED
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live

OPEN_MS = 75_000
"""A worker's first session loads its engines."""
BLOCKED = """
(() => {
  // A network that lets no media through: the page learns no address of the server.
  const { setRemoteDescription } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    const rest = sdp.split("\\r\\n").filter((line) => !line.startsWith("a=candidate:"));
    return setRemoteDescription.call(this, { type, sdp: rest.join("\\r\\n") });
  };
})();
"""


async def test_a_talk_over_webrtc_is_heard_answered_and_corrected_and_ends_with_its_summary(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    page = ann.page
    await page.goto(f"{ann.url}/practice")
    await page.get_by_role("radio", name="Food and cooking").check(force=True)
    await page.get_by_role("button", name="Talk full screen").click()
    await _stance(page, "listening")
    await expect(page.get_by_text("Food and cooking")).to_be_visible()
    assert await axe.violations(page) == []

    before = await ann.received_energy()
    await _speak_until_corrected(ann, "Yesterday I go to the market.")
    await ann.expect_sound_since(before)
    await page.get_by_test_id("talk-correction").get_by_role("button", name="Close").click()
    await expect(page.get_by_test_id("talk-correction")).to_have_count(0)

    await page.keyboard.press("m")
    await expect(page.get_by_role("button", name="Unmute")).to_be_visible()
    await _stance(page, "muted")
    await page.keyboard.down("Space")
    await ann.speak("I like to eat rice.")
    await page.keyboard.up("Space")
    await expect(_words(page)).to_contain_text("rice", timeout=ANSWER_MS)
    await _stance(page, "speaking")  # the turn has ended, and is kept

    await page.keyboard.press("Escape")
    await expect(page.get_by_role("heading", name="The talk has ended")).to_be_focused()
    await expect(page.get_by_role("heading", name="Your talk")).to_be_visible(timeout=ANSWER_MS)
    await page.get_by_role("link", name="Read this conversation").click()
    await expect(page.get_by_text("I like to eat rice").first).to_be_visible(timeout=ANSWER_MS)


async def test_where_media_is_blocked_the_talk_goes_on_over_a_web_socket(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann", BLOCKED, PLAYED)
    page = ann.page
    await page.goto(f"{ann.url}/talk")
    assert await axe.violations(page) == []
    await page.get_by_role("button", name="Start talking").click()
    await expect(page.get_by_text("This network lets no direct sound through")).to_be_visible(timeout=OPEN_MS)
    await _stance(page, "speaking")  # the greeting
    await _stance(page, "listening")

    before = await _played(page)
    await _speak_until_corrected(ann, "Yesterday I go to the market.")
    assert await _played(page) > before + 1

    # Interrupting: the rest of the answer is not played.
    await _say_by_keys(ann, "Please tell me a long story about a cat.")
    await _stance(page, "speaking")
    await ann.speak("I like to eat rice.")
    await expect(_words(page)).to_contain_text("rice", timeout=ANSWER_MS)
    await _stance(page, "listening")

    await page.reload()
    await page.get_by_role("button", name="Continue the talk").click()
    await _stance(page, "listening")
    await page.get_by_role("button", name="Transcript").click()
    for said in ("market", "cat", "rice"):
        await expect(page.get_by_role("dialog").locator("li[data-side=me]", has_text=said)).to_be_visible()
    await expect(page.get_by_role("dialog").get_by_text("(interrupted)")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await page.get_by_role("button", name="End the talk").click()
    await page.get_by_role("link", name="Read this conversation").click()
    await expect(page.get_by_text("market").first).to_be_visible(timeout=ANSWER_MS)


async def _speak_until_corrected(ann: TutorPage, text: str) -> None:
    """The corrector may still be loading, and a busy machine breaks speech. Each try is answered."""
    card = ann.page.get_by_test_id("talk-correction")
    for _ in range(4):
        await ann.speak(text)
        await _stance(ann.page, "speaking")
        await _stance(ann.page, "listening")
        if await card.count():
            await expect(card).to_contain_text("went")
            return
    raise AssertionError("no correction")


async def _say_by_keys(ann: TutorPage, text: str) -> None:
    await ann.page.get_by_role("button", name="Type instead of speaking").click()
    await ann.type_text(text)
    await expect(_words(ann.page)).to_contain_text(text, timeout=ANSWER_MS)


def _words(page: Page) -> Locator:
    return page.get_by_role("region", name="Conversation")


async def _stance(page: Page, stance: str) -> None:
    state = page.get_by_test_id("talk-stance")
    await expect(state).to_have_attribute("data-stance", re.compile(stance), timeout=OPEN_MS)


async def _played(page: Page) -> float:
    return float(await page.evaluate("() => window.__played.seconds"))
