"""Page object for practice and for rooms with a tutor: speaking, typing, and the conversation."""

from __future__ import annotations

import asyncio
import base64
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Locator, Page, expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.room_page import RoomPage
from tests.fakes.natural_voice import natural_pcm
from tests.fakes.wav import write_wav

SCRIPTED_MICROPHONE = (Path(__file__).parent / "scripted_microphone.js").read_text()
ANSWER_MS = 20_000
"""Enough for the local engines on a busy machine with two cores."""
_POLL_S = 0.05


async def open_learner_page(browsers: BrowserPool, url: str, name: str, *scripts: str) -> TutorPage:
    """A signed-in user with a scripted microphone. `scripts` run in the page before its own."""
    page = await browsers.page(None, probe={})
    for script in (SCRIPTED_MICROPHONE, *scripts):
        await page.add_init_script(script)
    person = TutorPage(page, url, name)
    await person.sign_in()
    return person


def spoken(text: str) -> str:
    """The text as speech: a WAV file in base64."""
    with TemporaryDirectory() as folder:
        path = write_wav(Path(folder) / "words.wav", natural_pcm(text))
        return base64.b64encode(path.read_bytes()).decode()


class TutorPage(RoomPage):
    async def start_practice(self, *, topic: str = "Everyday life", language: str | None = None) -> None:
        """Starts a practice room and waits for the tutor's greeting."""
        await self.page.goto(f"{self.url}/practice")
        await self.page.get_by_role("radio", name=topic).check(force=True)
        if language is not None:
            await self.select_option("Language to practise", language)
        await self.page.get_by_role("button", name="Start talking").click()
        await expect(self.leave_button).to_be_visible()
        await self.wait_until_tutor_ready()
        await expect(self.answers).to_have_count(1, timeout=ANSWER_MS)
        await self.wait_until_quiet()

    async def invite_tutor(self) -> None:
        """As the host of a room."""
        await self.page.get_by_role("button", name="Room options").click()
        await self.page.get_by_role("menuitem", name="Invite the AI tutor").click()

    async def wait_until_tutor_ready(self) -> None:
        await expect(self.state).to_have_text(re.compile("Ready|Listening|Speaking|Thinking"), timeout=30_000)

    async def wait_until_quiet(self) -> None:
        """Waits until the tutor neither speaks nor thinks."""
        await expect(self.state).not_to_have_text(re.compile("Speaking|Thinking"), timeout=ANSWER_MS)

    async def speak(self, text: str) -> None:
        """Speaks into the microphone, which must be open to be heard."""
        await self.page.evaluate("wav => window.__microphone.say(wav)", spoken(text))

    async def speak_while_holding(self, text: str) -> None:
        """Speaks while the button is held."""
        await self.hold_button.hover()
        await self.page.mouse.down()
        await self.speak(text)
        await self.page.mouse.up()

    async def type_text(self, text: str) -> None:
        await self.page.get_by_role("textbox", name="Type instead").fill(text)
        await self.page.get_by_role("button", name="Send").click()

    async def type_until_corrected(self, text: str) -> int:
        """Types a sentence with a mistake until it is corrected: the corrector may still be loading. Returns
        the number of own turns.
        """
        for turns in range(1, 6):
            await self.type_text(text)
            await expect(self.own_lines).to_have_count(turns, timeout=ANSWER_MS)
            last = self.page.locator("ol > li").last
            await expect(last).to_have_attribute("data-side", "tutor", timeout=ANSWER_MS)
            await self.wait_until_quiet()
            if await self.page.locator("ins").count():
                return turns
        raise AssertionError("no correction")

    async def type_to_tutor(self, text: str) -> None:
        """Types to the tutor in a shared room, in the tutor's options."""
        await self.page.get_by_role("button", name="Tutor options").click()
        await self.type_text(text)
        await self.page.keyboard.press("Escape")
        await expect(self.page.get_by_role("dialog")).to_be_hidden()

    async def go_hands_free(self) -> None:
        await self.page.get_by_text("Hands-free", exact=True).click()
        await self.unmute()

    async def toggle_tutor_option(self, name: str, *, warns: str = "") -> None:
        """Toggles a switch of the tutor's options. `warns`: a text that must be shown before."""
        await self.page.get_by_role("button", name="Tutor options").click()
        await expect(self.page.get_by_role("dialog")).to_contain_text(warns)
        await self.page.get_by_role("switch", name=name).click()
        await self.page.keyboard.press("Escape")
        await expect(self.page.get_by_role("dialog")).to_be_hidden()

    async def expect_answer(self, *, turns: int, words: str) -> None:
        """Waits for this number of own turns, the last with these words, and for a complete answer."""
        await expect(self.own_lines).to_have_count(turns, timeout=ANSWER_MS)
        await expect(self.own_lines.last).to_contain_text(words)
        last = self.page.locator("ol > li").last
        await expect(last).to_have_attribute("data-side", "tutor", timeout=ANSWER_MS)
        await expect(last).to_have_attribute("data-open", "false", timeout=ANSWER_MS)
        await self.wait_until_quiet()

    async def received_energy(self) -> float:
        """Audio energy received so far."""
        return float((await self.page.evaluate("() => window.__probe.inbound()"))["energy"])

    async def expect_sound_since(self, energy: float) -> None:
        """Waits until clearly audible sound was received after `received_energy` gave `energy`."""
        async with asyncio.timeout(ANSWER_MS / 1000):
            while await self.received_energy() < energy + 0.05:  # noqa: ASYNC110 - a state of the page
                await asyncio.sleep(_POLL_S)

    async def wait_for_speech(self, *, within_s: float = ANSWER_MS / 1000) -> None:
        """Waits until the page plays sound."""
        await _until(self.page, "() => window.__probe.loudness() > 0.02", within_s)

    @property
    def state(self) -> Locator:
        return self.page.get_by_test_id("tutor-state")

    @property
    def answers(self) -> Locator:
        """The tutor's complete lines."""
        return self.page.locator("li[data-side=tutor][data-open=false]")

    @property
    def own_lines(self) -> Locator:
        return self.page.locator("li[data-side=me][data-open=false]")

    @property
    def captions(self) -> Locator:
        """The captions of a shared room."""
        return self.page.get_by_role("region", name="Captions")

    @property
    def tutor_captions(self) -> Locator:
        return self.captions.locator("p", has_text="Emma:")

    @property
    def hold_button(self) -> Locator:
        return self.page.get_by_role("button", name="Hold to speak")


async def _until(page: Page, condition: str, within_s: float) -> None:
    async with asyncio.timeout(within_s):
        while not await page.evaluate(condition):  # noqa: ASYNC110 - it is in the page
            await asyncio.sleep(_POLL_S)
