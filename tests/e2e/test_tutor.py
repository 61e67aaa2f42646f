"""A spoken conversation with the tutor in real browsers, with the local engines, which need no key."""

from __future__ import annotations

import asyncio

import psutil
import pytest
from aiohttp import web
from playwright.async_api import expect

from ai_agent.providers.catalog import CATALOG
from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, open_learner_page
from tests.fakes.server_process import ServerProcess
from tests.fakes.vendors.keys import VENDOR_KEYS, VENDOR_URLS
from tests.fakes.vendors.server import Vendor, serving

pytestmark = pytest.mark.live


async def test_three_spoken_turns_are_heard_answered_aloud_and_corrected(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.start_practice()
    await expect(ann.page.get_by_text("Speech recognition: Moonshine, on this server").first).to_be_visible()
    await expect(ann.page.get_by_text("Voice: hibari, on this server").first).to_be_visible()

    before = await ann.received_energy()
    await ann.hold_button.hover()
    await ann.page.mouse.down()
    await ann.speak("Yesterday I go to the market.")
    await ann.page.mouse.up()
    await ann.expect_answer(turns=1, words="market")
    await expect(ann.page.locator("ins", has_text="went").first).to_be_visible(timeout=ANSWER_MS)
    await ann.expect_sound_since(before)

    before = await ann.received_energy()
    await ann.page.get_by_role("heading", level=1).focus()
    await ann.page.keyboard.down("Space")
    await ann.speak("I like to eat rice.")
    await ann.page.keyboard.up("Space")
    await ann.expect_answer(turns=2, words="rice")
    await ann.expect_sound_since(before)

    before = await ann.received_energy()
    await ann.go_hands_free()
    await ann.speak("My brother don't like fish.")
    await ann.expect_answer(turns=3, words="brother")
    await ann.expect_sound_since(before)

    await ann.mute()
    await ann.answers.last.get_by_role("button", name="Play").click()
    await expect(ann.page.get_by_role("button", name="Stop playing")).to_be_visible()


async def test_speaking_during_an_answer_interrupts_the_tutor(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.start_practice()
    await ann.go_hands_free()
    await ann.type_text("I like cooking with my friends. What do you think about it?")
    await ann.wait_for_speech()
    await ann.speak("Yesterday I go to the market.")
    await expect(ann.page.get_by_text("(interrupted)")).to_be_visible(timeout=ANSWER_MS)
    await ann.expect_answer(turns=2, words="market")
    await ann.page.reload()
    await expect(ann.page.get_by_text("(interrupted)")).to_be_visible(timeout=ANSWER_MS)


async def test_a_reload_comes_back_to_the_conversation(browsers: BrowserPool, tutored: ServerProcess) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.start_practice()
    await ann.type_text("Yesterday I go to the market.")
    await ann.expect_answer(turns=1, words="market")
    said = await ann.answers.count()
    await ann.page.reload()
    await expect(ann.own_lines).to_have_count(1, timeout=ANSWER_MS)
    await expect(ann.answers).to_have_count(said)
    await expect(ann.page.locator("ins", has_text="went").first).to_be_visible()
    await ann.type_text("I like tea.")
    await ann.expect_answer(turns=2, words="tea")


async def test_an_answer_continues_on_the_page_after_a_reload(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.start_practice()
    said = await ann.answers.count()
    await ann.type_text("I like cooking with my friends. What do you think about it?")
    await ann.wait_for_speech()
    await ann.page.reload()
    await ann.page.mouse.click(5, 5)  # a new page plays nothing before a user gesture
    await ann.wait_for_speech()
    await expect(ann.answers).to_have_count(said + 1, timeout=ANSWER_MS)
    await expect(ann.page.get_by_text("(interrupted)")).to_have_count(0)


async def test_another_worker_replaces_one_that_dies_during_an_answer(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann")
    await ann.start_practice()
    await ann.type_text("I like cooking with my friends.")
    await ann.wait_for_speech()
    _worker_of(tutored).kill()
    await expect(
        ann.page.get_by_text("Tutor disconnected").or_(ann.page.get_by_text("Starting")).first
    ).to_be_visible()
    await ann.wait_until_tutor_ready()
    await ann.wait_until_quiet()
    await ann.type_text("I like tea.")
    await ann.expect_answer(turns=2, words="tea")


async def test_with_wrong_keys_local_engines_take_over_and_the_page_shows_it(
    browsers: BrowserPool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"error": {"message": "wrong key"}}, status=401)

    vendor = Vendor()
    async with serving(vendor, [web.route("*", "/{path:.*}", refuse)]):
        settings = {"AGENTS": "1", "TUTOR_OPENAI_TTS_MODEL": "speech"}
        settings |= {f"TUTOR_{name.upper()}": vendor.url for name in VENDOR_URLS}
        keys = dict.fromkeys(VENDOR_KEYS, "wrong")
        async with ServerProcess(tmp_path_factory.mktemp("refused"), settings, keys=keys) as server:
            ann = await open_learner_page(browsers, server.url, "Ann")
            await ann.start_practice()
            await ann.hold_button.hover()
            await ann.page.mouse.down()
            await ann.speak("Yesterday I go to the market.")
            await ann.page.mouse.up()
            await ann.expect_answer(turns=1, words="market")
            page = ann.page
            await expect(page.get_by_text("Not responding, so replaced").first).to_be_visible()
            await expect(
                page.get_by_text("Speech recognition: Moonshine, on this server").first
            ).to_be_visible()
            await expect(page.get_by_text("Answers: scripted tutor, on this server").first).to_be_visible()
            await expect(page.get_by_text("Voice: hibari, on this server").first).to_be_visible()
            left = [
                name for name in await server.metrics() if name.startswith("parlor_tutor_fallbacks_total")
            ]
            asked_for = [entry for entry in CATALOG if "cloud" in entry.module]
            assert len(left) == len(asked_for), "each vendor's engine was tried, and counted as replaced"


async def test_in_a_group_the_tutor_waits_until_it_is_asked_and_corrects_in_private(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann, bob, cem = await _group(browsers, tutored.url)
    for person in (ann, bob, cem):
        stays = person.page.get_by_text("What Emma hears and says stays on this server.")
        await expect(stays.first).to_be_visible()

    await bob.unmute()
    await bob.speak("I like to eat rice.")
    await expect(bob.captions).to_contain_text("rice", timeout=ANSWER_MS)
    await _nobody_is_answered(ann, bob, cem)
    await expect(ann.captions).to_be_hidden()  # only Bob sees his words while the room's captions are off

    await bob.speak("Yesterday I go to the market.")
    await bob.page.get_by_role("button", name="Ask Emma").click()
    await asyncio.gather(*(_hears_and_reads_the_answer(person) for person in (ann, bob, cem)))
    await expect(bob.page.locator("ins", has_text="went").first).to_be_visible(timeout=ANSWER_MS)
    for person in (ann, cem):
        await expect(person.page.locator("ins")).to_have_count(0)


async def test_in_a_group_the_tutor_answers_to_its_name_and_to_questions_for_a_teacher(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann, bob, cem = await _group(browsers, tutored.url)
    await bob.unmute()
    await bob.speak("Ann, what did you eat yesterday?")
    await expect(bob.captions).to_contain_text("yesterday", timeout=ANSWER_MS)
    await _nobody_is_answered(ann, bob, cem)

    before = await bob.received_energy()
    await bob.speak("Emma, how are you today?")
    for person in (ann, bob, cem):
        await expect(person.tutor_captions.last).to_contain_text("?", timeout=ANSWER_MS)
    await bob.wait_until_quiet()
    await bob.expect_sound_since(before)

    heard = {person: await person.received_energy() for person in (ann, bob, cem)}
    await cem.type_to_tutor("Emma, what is your name?")
    for person in (ann, bob, cem):
        await expect(person.tutor_captions.last).to_contain_text("My name is Emma", timeout=ANSWER_MS)
    await cem.wait_until_quiet()
    for person, before in heard.items():
        await person.expect_sound_since(before)

    said = await bob.tutor_captions.last.inner_text()
    await bob.speak("Can you repeat that, please?")
    await expect(bob.tutor_captions.last).not_to_have_text(said, timeout=ANSWER_MS)
    await expect(bob.tutor_captions.last).to_contain_text("My name is Emma", timeout=ANSWER_MS)
    await bob.wait_for_speech()


async def _group(browsers: BrowserPool, url: str) -> tuple[TutorPage, TutorPage, TutorPage]:
    """Ann (host), Bob and Cem in a room with a ready tutor."""
    ann = await open_learner_page(browsers, url, "Ann")
    room_id = await ann.open_room("Ann's room")
    bob, cem = [await open_learner_page(browsers, url, name) for name in ("Bob", "Cem")]
    for person in (bob, cem):
        await person.join(room_id)
    await ann.invite_tutor()
    for person in (ann, bob, cem):
        await person.wait_until_tutor_ready()
    return ann, bob, cem


async def _nobody_is_answered(*people: TutorPage) -> None:
    await asyncio.sleep(3)  # silence has no event; an answer would have started by then
    for person in people:
        await expect(person.tutor_captions).to_have_count(0)


def _worker_of(server: ServerProcess) -> psutil.Process:
    return next(child for child in server.process.children() if "ai_agent" in child.cmdline())


async def _hears_and_reads_the_answer(person: TutorPage) -> None:
    await expect(person.tutor_captions.first).to_be_visible(timeout=ANSWER_MS)
    await person.wait_for_speech()
