"""Changes during a conversation (topic, voice, consent), their texts, and the saved history."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from ai_agent.tutor.feedback_tool import no_feedback_text
from ai_agent.tutor.scripted.bank import load_bank
from server.protocol.tutor import NoFeedbackReason
from tests.e2e import axe
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live

MESSAGE_AUDIO = (Path(__file__).parent / "message_audio.js").read_text()
NAMED = re.compile("(My name is|I.m) Emma")
KEPT = "Saved: texts, corrections and the tutor's voice, not yours."
MAY_HEAR = "Emma may hear me"
LEVEL_S = 0.02
"""Duration of one level in the envelope of message_audio.js."""


async def test_topic_level_voice_and_rate_change_during_a_conversation(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann", MESSAGE_AUDIO)
    await ann.start_practice()
    page = ann.page
    subject = page.get_by_role("button", name="change topic and level")
    await expect(subject).to_contain_text("Everyday life")
    await subject.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("radio", name="Food and cooking").check(force=True)
    await dialog.get_by_role("radio", name=re.compile("^A1")).check(force=True)
    await dialog.get_by_role("button", name="Continue with this topic and level").click()
    await expect(subject).to_contain_text("Food and cooking")
    await expect(subject).to_contain_text("A1")

    await ann.type_text("Please ask me a question.")
    await ann.expect_answer(turns=1, words="question")
    text = await ann.answers.last.locator("p").inner_text()
    assert any(question in text for question in load_bank("en").topics["food"].questions["A1"])
    pace = await _played_s(ann, ann.answers.last) / len(text)

    await page.get_by_role("button", name="Tutor options").click()
    voice, rate = (
        dialog.get_by_role("combobox", name="Voice"),
        dialog.get_by_role("slider", name="Speaking rate"),
    )
    await voice.select_option(label="British, low (espeak-ng)")
    await rate.press("Home")
    await expect(dialog.get_by_text("60 % of normal speed")).to_be_visible()
    await page.keyboard.press("Escape")
    await ann.type_text("What is your name?")
    await ann.expect_answer(turns=2, words="name")
    text = await ann.answers.last.locator("p").inner_text()
    assert await _played_s(ann, ann.answers.last) / len(text) > 1.2 * pace

    await page.reload()
    await expect(subject).to_contain_text("Food and cooking")
    await expect(subject).to_contain_text("A1")
    await page.get_by_role("button", name="Tutor options").click()
    await expect(voice).to_have_value("en-gb-x-rp")
    await expect(rate).to_have_attribute("aria-valuenow", "0.6")


async def test_without_voice_consent_a_learner_types_and_consent_can_be_given_again(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.start_practice()
    await ann.toggle_tutor_option(MAY_HEAR)
    await expect(ann.page.get_by_text("Emma does not hear you. Type instead")).to_be_visible()
    await expect(ann.hold_button).to_be_disabled()
    await ann.go_hands_free()
    await ann.speak("Yesterday I go to the market.")
    await ann.type_text("I like rice.")
    await ann.expect_answer(turns=1, words="rice")

    await ann.page.get_by_role("button", name="How was my last sentence?").click()
    praise = no_feedback_text("A2", NoFeedbackReason.RIGHT)
    await expect(ann.page.get_by_text(praise)).to_be_visible(timeout=ANSWER_MS)

    await ann.toggle_tutor_option(MAY_HEAR)
    await ann.speak("My brother don't like fish.")
    await ann.expect_answer(turns=2, words="brother")
    await expect(ann.page.get_by_text("market")).to_have_count(0)


async def test_the_privacy_note_is_visible_and_the_history_plays_saved_audio(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann", MESSAGE_AUDIO)
    await ann.start_practice(topic="Hobbies and free time")
    page = ann.page
    await ann.type_text("Yesterday I go to the market.")
    await ann.expect_answer(turns=1, words="market")
    for size in ({"width": 1280, "height": 800}, {"width": 390, "height": 740}):
        await page.set_viewport_size({"width": size["width"], "height": size["height"]})
        await expect(page.get_by_text(KEPT)).to_be_in_viewport(ratio=1)
        await expect(page.get_by_text("Answered by scripted tutor.")).to_be_in_viewport(ratio=1)
        assert await axe.violations(page) == []
    await ann.leave_button.click()
    await expect(page.get_by_role("heading", name="Talking with Emma")).to_be_hidden()

    await page.goto(f"{ann.url}/practice/history")
    await expect(page.get_by_role("img", name="Your turns by day, 1 in total")).to_be_visible()
    await expect(page.get_by_role("img", name="Corrections by day, 1 in total")).to_be_visible()
    assert await axe.violations(page) == []
    await page.get_by_role("listitem").get_by_role("link", name="Hobbies and free time").click()
    await expect(page.locator("ins", has_text="went").first).to_be_visible()
    assert await axe.violations(page) == []
    assert await _played_s(ann, page.locator("li[data-side=tutor]").first) > 0.5


async def test_the_tutor_is_announced_before_and_after_joining_and_captions_are_personal(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann, bob = [await open_learner_page(browsers, tutored.url, name) for name in ("Ann", "Bob")]
    room_id = await ann.open_room("Ann's room")
    await ann.invite_tutor()
    await ann.wait_until_tutor_ready()
    await bob.page.goto(f"{bob.url}/rooms/{room_id}")
    await expect(bob.page.get_by_text("Emma, an AI tutor, listens here")).to_be_visible()
    await expect(bob.page.get_by_text(KEPT)).to_be_visible()
    assert await axe.violations(bob.page) == []
    await bob.join(room_id)
    for person in (ann, bob):
        card = person.page.get_by_role("region", name="The tutor, Emma")
        await expect(card).to_contain_text("What Emma hears and says stays on this server.")
        await expect(card).to_contain_text(KEPT)

    await ann.type_to_tutor("Emma, what is your name?")
    for person in (ann, bob):
        await expect(person.tutor_captions.last).to_contain_text(NAMED, timeout=ANSWER_MS)
    assert await axe.violations(ann.page) == []
    await expect(ann.captions).to_be_hidden(timeout=ANSWER_MS)  # they end with the sentence
    await bob.toggle_tutor_option("Captions")
    await ann.type_to_tutor("Emma, what is your name?")
    await expect(ann.tutor_captions.last).to_contain_text(NAMED, timeout=ANSWER_MS)
    await expect(bob.captions).to_be_hidden()
    await bob.toggle_tutor_option("Captions")
    await ann.type_to_tutor("Emma, what is your name?")
    await expect(bob.tutor_captions.last).to_contain_text(NAMED, timeout=ANSWER_MS)

    await ann.page.get_by_role("button", name="Tutor options").click()
    await expect(ann.page.get_by_role("dialog").get_by_text("For everyone in the room")).to_be_visible()
    assert await axe.violations(ann.page) == []


async def _played_s(person: TutorPage, line: Locator) -> float:
    """Plays a line until it is audible. Returns the duration of its file."""
    await line.get_by_role("button", name=re.compile("^Play:")).click()
    await person.page.wait_for_function("() => __messageAudio.loudness() > 0.02")
    seconds = LEVEL_S * len(await person.page.evaluate("() => __messageAudio.envelope()"))
    await line.get_by_role("button", name=re.compile("^Stop playing:")).click()
    return seconds
