"""A language without speech recognition on the server, and the browser's own recognition."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from playwright.async_api import expect

from ai_agent.tutor.scripted.bank import load_bank
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live

SCRIPTED_RECOGNITION = (Path(__file__).parent / "scripted_recognition.js").read_text()
RECOGNITION = "Let this browser recognize my speech"


async def test_vietnamese_is_typed_answered_aloud_and_explained(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.start_practice(topic="Food and cooking", language="Vietnamese")
    await expect(ann.page.get_by_text("not available for Vietnamese here. Type, or let your")).to_be_visible()
    await expect(ann.page.get_by_text("Voice: espeak-ng, on this server").first).to_be_visible()
    greeting = await ann.answers.first.inner_text()
    assert any(question in greeting for question in _questions("food"))

    before = await ann.received_energy()
    await ann.type_text("Tôi thích ăn phở với gia đình.")
    await ann.wait_for_speech()
    await ann.expect_answer(turns=1, words="Tôi thích ăn phở với gia đình.")
    answer = await ann.answers.last.inner_text()
    assert answer == unicodedata.normalize("NFC", answer)
    assert any(question in answer for question in _questions("food"))
    await expect(ann.answers.last.locator("p > span[lang=vi]").first).to_be_visible()
    await ann.expect_sound_since(before)


async def test_an_unsupported_language_is_shown_before_practice_and_in_the_room(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.page.goto(f"{ann.url}/practice")
    await ann.select_option("Language to practise", "German")
    await expect(ann.page.get_by_text("speaks only English and Vietnamese, not")).to_be_visible()
    await expect(ann.page.get_by_role("button", name="Start talking")).to_be_disabled()
    await ann.open_room("Anns Zimmer", language="German")
    await ann.invite_tutor()
    await expect(ann.page.get_by_text("There is no tutor for German on this server")).to_be_visible(
        timeout=ANSWER_MS
    )


async def test_a_vietnamese_room_shows_missing_recognition_and_typing_is_answered(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann, bob = [await open_learner_page(browsers, tutored.url, name) for name in ("Ann", "Bob")]
    room_id = await ann.open_room("Phòng của Ann", language="Vietnamese")
    await bob.join(room_id)
    await ann.invite_tutor()
    for person in (ann, bob):
        await person.wait_until_tutor_ready()
        await expect(person.page.get_by_text("not available for Vietnamese here. Type,")).to_be_visible()
    await bob.type_to_tutor("Emma ơi, bạn tên là gì?")
    for person in (ann, bob):
        await expect(person.tutor_captions.last).to_contain_text("Mình tên là Emma", timeout=ANSWER_MS)


async def test_browser_recognition_shows_partial_text_and_is_answered(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann", SCRIPTED_RECOGNITION)
    await ann.start_practice(language="Vietnamese")
    await ann.hold_button.hover()
    await ann.page.mouse.down()
    await expect(ann.hold_button).to_have_attribute("aria-pressed", "true")
    await ann.page.mouse.up()
    assert await ann.page.evaluate("() => __recognition.starts()") == 0

    await ann.toggle_tutor_option(RECOGNITION, warns="Some browsers send what you say to their maker")
    assert await ann.page.evaluate("() => __recognition.starts()") == 0

    await ann.hold_button.hover()
    await ann.page.mouse.down()
    await _listens(ann, "vi")
    await _recognizes(ann, "tôi thích")
    open_words = ann.page.locator("li[data-side=me][data-open=true]")
    await expect(open_words).to_contain_text("tôi thích")
    await _recognizes(ann, "tôi thích ăn phở")
    await expect(open_words).to_contain_text("tôi thích ăn phở")
    await ann.page.mouse.up()
    await ann.expect_answer(turns=1, words="tôi thích ăn phở")

    await ann.go_hands_free()
    await _listens(ann, "vi")
    await _recognizes(ann, "tôi đi chợ", is_final=True)
    await ann.expect_answer(turns=2, words="tôi đi chợ")


async def test_browser_recognition_restarts_after_silence_and_falls_back_on_failure(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann", SCRIPTED_RECOGNITION)
    await ann.start_practice()
    await ann.toggle_tutor_option(RECOGNITION)
    await ann.go_hands_free()
    await _listens(ann, "en")
    await ann.page.evaluate("() => __recognition.fails('no-speech')")
    await _listens(ann, "en")
    assert await ann.page.evaluate("() => __recognition.starts()") == 2
    await _recognizes(ann, "I like rice", is_final=True)
    await ann.expect_answer(turns=1, words="I like rice")

    await ann.page.evaluate("() => __recognition.fails('network')")
    await expect(ann.page.get_by_role("alert").filter(has_text="does not work here")).to_be_visible()
    await ann.page.get_by_role("button", name="Tutor options").click()
    switch = ann.page.get_by_role("switch", name=RECOGNITION)
    await expect(switch).not_to_be_checked()
    await expect(switch).to_have_accessible_description(re.compile("does not work here"))
    await ann.page.keyboard.press("Escape")
    await ann.speak("Yesterday I go to the market.")
    await ann.expect_answer(turns=2, words="market")


def _questions(topic: str) -> list[str]:
    levels = load_bank("vi").topics[topic].questions.values()
    return [question for questions in levels for question in questions]


async def _listens(person: TutorPage, language: str) -> None:
    await person.page.wait_for_function(
        "language => __recognition.language() === language", arg=language, timeout=ANSWER_MS
    )


async def _recognizes(person: TutorPage, text: str, *, is_final: bool = False) -> None:
    await person.page.evaluate(
        "([text, isFinal]) => __recognition.recognize(text, isFinal)", [text, is_final]
    )
