"""A spoken conversation with the tutor in real browsers, with the engines that need no key."""

from __future__ import annotations

import asyncio

import psutil
import pytest
from aiohttp import web
from playwright.async_api import expect

from ai_agent.providers.catalog import CATALOG
from tests.e2e.browsers import Chromiums
from tests.e2e.tutor_page import ANSWER_MS, TutorPage, learner
from tests.fakes.server_process import ServerProcess
from tests.fakes.vendors.keys import VENDOR_KEYS, VENDOR_URLS
from tests.fakes.vendors.server import Vendor, serving

pytestmark = pytest.mark.live


async def test_three_spoken_turns_are_heard_answered_aloud_and_corrected(
    people: Chromiums, tutored: ServerProcess
) -> None:
    ann = await learner(people, tutored.url, "Ann")
    await ann.practise()
    await expect(ann.page.get_by_text("Heard by pocketsphinx, on this server").first).to_be_visible()
    await expect(ann.page.get_by_text("Spoken by espeak-ng, on this server").first).to_be_visible()

    before = await ann.heard()
    await ann.hold_button.hover()
    await ann.page.mouse.down()
    await ann.says("Yesterday I go to the market.")
    await ann.page.mouse.up()
    await ann.is_answered(turns=1, words="market")
    await expect(ann.page.locator("ins", has_text="went").first).to_be_visible(timeout=ANSWER_MS)
    assert await ann.heard() > before + 0.05

    before = await ann.heard()
    await ann.page.get_by_role("heading", level=1).focus()
    await ann.page.keyboard.down("Space")
    await ann.says("I like to eat rice.")
    await ann.page.keyboard.up("Space")
    await ann.is_answered(turns=2, words="rice")
    assert await ann.heard() > before + 0.05

    before = await ann.heard()
    await ann.hands_free()
    await ann.says("My brother don't like fish.")
    await ann.is_answered(turns=3, words="brother")
    assert await ann.heard() > before + 0.05

    await ann.mute()
    await ann.answers.last.get_by_role("button", name="Play").click()
    await expect(ann.page.get_by_role("button", name="Stop playing")).to_be_visible()


async def test_whoever_speaks_in_mid_answer_silences_the_tutor(
    people: Chromiums, tutored: ServerProcess
) -> None:
    ann = await learner(people, tutored.url, "Ann")
    await ann.practise()
    await ann.hands_free()
    await ann.types("I like cooking with my friends. What do you think about it?")
    await ann.is_spoken_to()
    await ann.says("Yesterday I go to the market.")
    await expect(ann.page.get_by_text("(interrupted)")).to_be_visible(timeout=ANSWER_MS)
    await ann.is_answered(turns=2, words="market")
    await ann.page.reload()
    await expect(ann.page.get_by_text("(interrupted)")).to_be_visible(timeout=ANSWER_MS)


async def test_a_reload_comes_back_to_the_conversation(people: Chromiums, tutored: ServerProcess) -> None:
    ann = await learner(people, tutored.url, "Ann")
    await ann.practise()
    await ann.types("Yesterday I go to the market.")
    await ann.is_answered(turns=1, words="market")
    said = await ann.answers.count()
    await ann.page.reload()
    await expect(ann.own_words).to_have_count(1, timeout=ANSWER_MS)
    await expect(ann.answers).to_have_count(said)
    await expect(ann.page.locator("ins", has_text="went").first).to_be_visible()
    await ann.types("I like tea.")
    await ann.is_answered(turns=2, words="tea")


async def test_who_reloads_in_mid_answer_hears_it_on_the_new_page(
    people: Chromiums, tutored: ServerProcess
) -> None:
    ann = await learner(people, tutored.url, "Ann")
    await ann.practise()
    said = await ann.answers.count()
    await ann.types("I like cooking with my friends. What do you think about it?")
    await ann.is_spoken_to()
    await ann.page.reload()
    await ann.page.mouse.click(5, 5)  # a new page plays nothing before a gesture
    await ann.is_spoken_to()
    await expect(ann.answers).to_have_count(said + 1, timeout=ANSWER_MS)
    await expect(ann.page.get_by_text("(interrupted)")).to_have_count(0)


async def test_a_worker_that_dies_in_mid_answer_is_followed_by_another(
    people: Chromiums, tutored: ServerProcess
) -> None:
    ann = await learner(people, tutored.url, "Ann")
    await ann.practise()
    await ann.types("I like cooking with my friends.")
    await ann.is_spoken_to()
    _worker_of(tutored).kill()
    await expect(
        ann.page.get_by_text("Tutor disconnected").or_(ann.page.get_by_text("Starting")).first
    ).to_be_visible()
    await ann.tutor_is_ready()
    await ann.quiet()
    await ann.types("I like tea.")
    await ann.is_answered(turns=2, words="tea")


async def test_with_wrong_keys_the_local_set_takes_over_and_the_page_says_so(
    people: Chromiums, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"error": {"message": "wrong key"}}, status=401)

    vendor = Vendor()
    async with serving(vendor, [web.route("*", "/{path:.*}", refuse)]):
        settings = {"AGENTS": "1", "TUTOR_OPENAI_TTS_MODEL": "speech"}
        settings |= {f"TUTOR_{name.upper()}": vendor.url for name in VENDOR_URLS}
        keys = dict.fromkeys(VENDOR_KEYS, "wrong")
        async with ServerProcess(tmp_path_factory.mktemp("refused"), settings, keys=keys) as server:
            ann = await learner(people, server.url, "Ann")
            await ann.practise()
            await ann.hold_button.hover()
            await ann.page.mouse.down()
            await ann.says("Yesterday I go to the market.")
            await ann.page.mouse.up()
            await ann.is_answered(turns=1, words="market")
            page = ann.page
            await expect(page.get_by_text("Not responding, so replaced").first).to_be_visible()
            await expect(page.get_by_text("Heard by pocketsphinx, on this server").first).to_be_visible()
            await expect(page.get_by_text("Answers by scripted tutor, on this server").first).to_be_visible()
            await expect(page.get_by_text("Spoken by espeak-ng, on this server").first).to_be_visible()
            left = [
                name for name in await server.metrics() if name.startswith("parlor_tutor_fallbacks_total")
            ]
            asked_for = [entry for entry in CATALOG if "cloud" in entry.module]
            assert len(left) == len(asked_for), "each vendor's engine was tried, and counted as left"


async def test_in_a_group_the_tutor_waits_until_it_is_asked_and_corrects_in_private(
    people: Chromiums, tutored: ServerProcess
) -> None:
    ann, bob, cem = await _group(people, tutored.url)
    for person in (ann, bob, cem):
        stays = person.page.get_by_text("What Emma hears and says stays on this server.")
        await expect(stays.first).to_be_visible()

    await bob.unmute()
    await bob.says("I like to eat rice.")
    await expect(bob.captions).to_contain_text("rice", timeout=ANSWER_MS)
    await _nobody_is_answered(ann, bob, cem)
    await expect(ann.captions).to_be_hidden()  # what Bob said is his, while the room's captions are off

    await bob.says("Yesterday I go to the market.")
    await bob.page.get_by_role("button", name="Ask Emma").click()
    for person in (ann, bob, cem):
        await expect(person.tutor_captions.first).to_be_visible(timeout=ANSWER_MS)
        await person.is_spoken_to()
    await expect(bob.page.locator("ins", has_text="went").first).to_be_visible(timeout=ANSWER_MS)
    for person in (ann, cem):
        await expect(person.page.locator("ins")).to_have_count(0)


async def test_in_a_group_the_tutor_answers_to_its_name_and_to_questions_for_a_teacher(
    people: Chromiums, tutored: ServerProcess
) -> None:
    ann, bob, cem = await _group(people, tutored.url)
    await bob.unmute()
    await bob.says("Ann, what did you eat yesterday?")
    await expect(bob.captions).to_contain_text("yesterday", timeout=ANSWER_MS)
    await _nobody_is_answered(ann, bob, cem)

    before = await bob.heard()
    await bob.says("Emma, how are you today?")
    for person in (ann, bob, cem):
        await expect(person.tutor_captions.last).to_contain_text("?", timeout=ANSWER_MS)
    await bob.quiet()
    assert await bob.heard() > before + 0.05

    heard = {person: await person.heard() for person in (ann, bob, cem)}
    await cem.types_to_tutor("Emma, what is your name?")
    for person in (ann, bob, cem):
        await expect(person.tutor_captions.last).to_contain_text("My name is Emma", timeout=ANSWER_MS)
    await cem.quiet()
    for person, before in heard.items():
        assert await person.heard() > before + 0.05

    await bob.says("Can you repeat that, please?")
    await expect(bob.tutor_captions.last).not_to_contain_text("My name is Emma", timeout=ANSWER_MS)
    await bob.is_spoken_to()


async def _group(people: Chromiums, url: str) -> tuple[TutorPage, TutorPage, TutorPage]:
    """Ann, the host, with Bob and Cem in her room, and the tutor ready."""
    ann = await learner(people, url, "Ann")
    room_id = await ann.open_room("Ann's room")
    bob, cem = [await learner(people, url, name) for name in ("Bob", "Cem")]
    for person in (bob, cem):
        await person.join(room_id)
    await ann.invites_tutor()
    for person in (ann, bob, cem):
        await person.tutor_is_ready()
    return ann, bob, cem


async def _nobody_is_answered(*people: TutorPage) -> None:
    await asyncio.sleep(3)  # that she keeps silent has no event; she would have begun by then
    for person in people:
        await expect(person.tutor_captions).to_have_count(0)


def _worker_of(server: ServerProcess) -> psutil.Process:
    return next(child for child in server.process.children() if "ai_agent" in child.cmdline())
