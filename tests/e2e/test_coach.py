"""The coach's page: push to talk over its own WebSocket, in a real browser, with the local engines and with
scripted ones."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e import axe
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.server_process import ServerProcess
from tests.fakes.speech import ScriptedLlm, ScriptedStt
from tests.fakes.voice import VoiceEngines, VoiceScene, voice_scene
from tests.integration.voice.test_coach import FIX

OPEN_MS = 75_000
"""A worker's first session loads its engines; if that takes longer than 30 s the page tries again."""
PLAYED = """
(() => {
  // What goes to the loudspeakers from buffers: seconds, and the highest sample.
  window.__played = { seconds: 0, peak: 0 };
  const { connect, start } = AudioBufferSourceNode.prototype;
  const audible = new WeakSet();
  AudioBufferSourceNode.prototype.connect = function (target, ...rest) {
    if (target === this.context.destination) audible.add(this);
    return connect.call(this, target, ...rest);
  };
  AudioBufferSourceNode.prototype.start = function (...when) {
    if (audible.has(this)) {
      const samples = this.buffer.getChannelData(0);
      window.__played.seconds += this.buffer.duration;
      window.__played.peak = samples.reduce((most, sample) => Math.max(most, sample), window.__played.peak);
    }
    return start.apply(this, when);
  };
})();
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[VoiceScene]:
    """A server and a worker whose engines say what the test wants."""
    async with voice_scene(tmp_path_factory.mktemp("coach")) as scene:
        yield scene


async def test_a_session_is_spoken_corrected_found_again_after_a_reload_and_read_in_the_history(
    browsers: BrowserPool, scene: VoiceScene
) -> None:
    llm = ScriptedLlm(["Nice! ", "Where do you buy it?"], [FIX], ["At the market, I see."], ["Good."])
    scene.engines.become(VoiceEngines(stt=ScriptedStt("I buyed tea.", "At the market."), llm=llm))
    ann = await open_learner_page(browsers, scene.server.url, "Ann", PLAYED)
    page = ann.page
    await page.goto(f"{ann.url}/coach")
    topics = page.get_by_role("group", name="What would you like to talk about?").get_by_role("radio")
    await expect(topics).to_have_count(6)
    await page.get_by_role("radio", name="Travel in Vietnam").check(force=True)
    await page.get_by_role("radio", name="Advanced (C1–C2)").check(force=True)
    await _start(ann, "English")
    await _ready(page)

    await page.locator("h1").click()  # no control has the focus
    await page.keyboard.down("Space")
    await expect(page.get_by_test_id("coach-state")).to_have_attribute("data-phase", "recording")
    await ann.speak("I buyed tea.")
    await page.keyboard.up("Space")
    await expect(_lines(page, "learner")).to_contain_text("I buyed tea.", timeout=ANSWER_MS)
    await _answered(page, 1)
    await expect(_lines(page, "coach")).to_contain_text("Nice! Where do you buy it?")
    assert (await page.evaluate("() => window.__played"))["seconds"] > 1
    facts = llm.requests[0].lesson
    assert (facts.topic, facts.level) == ("Travel in Vietnam", "C1")

    await page.get_by_role("button", name="Correct my last sentence").click()
    card = _lines(page, "correction")
    await expect(card.locator("del")).to_have_text("buyed", timeout=ANSWER_MS)
    await expect(card.locator("ins")).to_have_text("bought")
    await expect(card).to_contain_text("The past of buy is bought.")
    await _ready(page)
    assert await axe.violations(page) == []

    await page.reload()
    await expect(page.get_by_text("Your session about “Travel in Vietnam” has not ended.")).to_be_visible()
    await page.get_by_role("button", name="Continue the session").click()
    await _ready(page)
    await expect(page.get_by_label("Topic")).to_have_value("Travel in Vietnam")
    await expect(_lines(page, "learner")).to_contain_text("I buyed tea.")
    await expect(_lines(page, "correction")).to_contain_text("bought")

    await _speak_by_buttons(ann, "At the market.")
    await expect(_lines(page, "learner").last).to_contain_text("At the market.", timeout=ANSWER_MS)
    await _answered(page, 2)
    said = [message.text for message in llm.requests[-1].messages]
    correction = "I bought tea. The past of buy is bought."
    assert said == ["I buyed tea.", "Nice! Where do you buy it?", correction, "At the market."]

    await page.get_by_role("button", name="Type instead").click()
    await _type(page, "Thank you.")
    await expect(_lines(page, "learner").last).to_contain_text("Thank you.", timeout=ANSWER_MS)
    await _answered(page, 3)

    await page.get_by_role("button", name="End session").click()
    await page.get_by_role("link", name="Read this conversation").click()
    for text in ("I buyed tea.", "Nice! Where do you buy it?", "At the market.", "Thank you."):
        await expect(page.get_by_text(text).first).to_be_visible(timeout=ANSWER_MS)


async def test_vietnamese_without_a_recogniser_is_typed(browsers: BrowserPool, scene: VoiceScene) -> None:
    scene.engines.become(VoiceEngines(stt=None, tts=None, llm=ScriptedLlm(["Chào bạn! Bạn khỏe không?"])))
    ann = await open_learner_page(browsers, scene.server.url, "Ann")
    page = ann.page
    await page.goto(f"{ann.url}/coach")
    await _start(ann, "Vietnamese")
    await _ready(page)
    await expect(page.get_by_text("Speech recognition is not available for Vietnamese here.")).to_be_visible()
    await expect(page.get_by_text("There is no voice for Vietnamese here")).to_be_visible()
    await expect(page.get_by_role("button", name="Hold to speak")).to_have_count(0)
    assert await axe.violations(page) == []
    await _type(page, "Xin chào")
    await expect(_lines(page, "learner")).to_contain_text("Xin chào", timeout=ANSWER_MS)
    await _answered(page, 1)
    await expect(_lines(page, "coach")).to_contain_text("Chào bạn! Bạn khỏe không?")


async def test_a_session_that_the_server_cannot_hold_is_given_up_with_its_reason(
    browsers: BrowserPool, scene: VoiceScene
) -> None:
    scene.engines.become(VoiceEngines(languages=("en",)))
    ann = await open_learner_page(browsers, scene.server.url, "Ann")
    page = ann.page
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url) if "/session" in socket.url else None)
    await page.goto(f"{ann.url}/coach")
    await _start(ann, "Vietnamese")
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("The session failed on the server.", timeout=ANSWER_MS)
    await expect(alert).to_contain_text("There is no tutor for this language")
    await page.wait_for_timeout(3_000)  # the first attempts would come within this time
    assert len(opened) == 1
    scene.engines.become(VoiceEngines())
    await page.get_by_role("button", name="Connect again").click()
    await _ready(page)


@pytest.mark.live
async def test_the_local_engines_answer_typed_vietnamese_aloud(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann", PLAYED)
    page = ann.page
    await page.goto(f"{ann.url}/coach")
    await expect(page.get_by_role("combobox", name="Language to practise")).to_have_value("Vietnamese")
    await page.get_by_role("button", name="Start the session").click()
    await _ready(page)
    await expect(page.get_by_text("Speech recognition is not available for Vietnamese here.")).to_be_visible()
    await _type(page, "Hôm qua tôi đi chợ.")
    await expect(_lines(page, "learner")).to_contain_text("Hôm qua tôi đi chợ.", timeout=ANSWER_MS)
    await _answered(page, 1)
    assert (await page.evaluate("() => window.__played"))["seconds"] > 0.5


@pytest.mark.live
async def test_a_spoken_sentence_is_answered_in_text_and_sound(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann", PLAYED)
    page = ann.page
    await page.goto(f"{ann.url}/practice")
    await page.get_by_role("link", name="Speaking coach").click()
    await page.get_by_role("radio", name="Food and restaurants").check(force=True)
    await ann.select_option("Language to practise", "English")
    await page.get_by_role("button", name="Start the session").click()
    await _ready(page)
    assert await axe.violations(page) == []

    await ann.speak_while_holding("Yesterday I go to the market.")
    await expect(_lines(page, "learner")).to_contain_text("market", timeout=ANSWER_MS)
    await _answered(page, 1)
    answer = await _lines(page, "coach").inner_text()
    assert len(answer) > len("Coach: ")
    played = await page.evaluate("() => window.__played")
    # Speech is some 15 characters a second.
    assert played["seconds"] > len(answer) / 30
    assert 0.05 < played["peak"] < 1


async def _start(ann: TutorPage, language: str) -> None:
    await ann.select_option("Language to practise", language)
    await ann.page.get_by_role("button", name="Start the session").click()


async def _speak_by_buttons(ann: TutorPage, text: str) -> None:
    await ann.page.get_by_role("button", name="Start speaking").click()
    await ann.speak(text)
    await ann.page.get_by_role("button", name="Stop and send").click()


async def _type(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Type instead").fill(text)
    await page.get_by_role("button", name="Send").click()


async def _ready(page: Page) -> None:
    await expect(page.get_by_test_id("coach-state")).to_have_attribute("data-phase", "ready", timeout=OPEN_MS)


async def _answered(page: Page, answers: int) -> None:
    await expect(_lines(page, "coach")).to_have_count(answers, timeout=ANSWER_MS)
    state = page.get_by_test_id("coach-state")
    await expect(state).to_have_attribute("data-phase", re.compile("speaking|ready"), timeout=ANSWER_MS)
    await _ready(page)


def _lines(page: Page, kind: str) -> Locator:
    return page.locator(f"li[data-kind={kind}]")
