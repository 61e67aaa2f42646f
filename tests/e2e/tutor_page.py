"""A person and the tutor: what they say to it, by voice and by hand, and what they see of it."""

from __future__ import annotations

import asyncio
import base64
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Locator, Page, expect

from tests.e2e.browsers import Chromiums
from tests.e2e.room_page import RoomPage
from tests.fakes.rtc.clips import speech_pcm
from tests.fakes.wav import write_wav

MOUTH = (Path(__file__).parent / "mouth.js").read_text()
VOICE = "en-us"
"""Of espeak-ng's voices the one that pocketsphinx understands."""
ANSWER_MS = 20_000
"""On a busy machine of two cores, the local set included."""
_POLL_S = 0.05


async def learner(people: Chromiums, url: str, name: str, *scripts: str) -> TutorPage:
    """Somebody with a voice, signed in. `scripts` run in the page before its own."""
    page = await people.page(None, probe={})
    for script in (MOUTH, *scripts):
        await page.add_init_script(script)
    person = TutorPage(page, url, name)
    await person.sign_in()
    return person


def spoken(text: str) -> str:
    """A WAV file, base64."""
    with TemporaryDirectory() as folder:
        path = write_wav(Path(folder) / "words.wav", speech_pcm(text, VOICE))
        return base64.b64encode(path.read_bytes()).decode()


class TutorPage(RoomPage):
    async def practise(self, *, topic: str = "Everyday life", language: str | None = None) -> None:
        """From the practice page to a tutor that has said its first words."""
        await self.page.goto(f"{self.url}/practice")
        await self.page.get_by_role("radio", name=topic).check(force=True)
        if language is not None:
            await self.chooses("Language to practise", language)
        await self.page.get_by_role("button", name="Start talking").click()
        await expect(self.leave_button).to_be_visible()
        await self.tutor_is_ready()
        await expect(self.answers).to_have_count(1, timeout=ANSWER_MS)
        await self.quiet()

    async def invites_tutor(self) -> None:
        """As the host of a room."""
        await self.page.get_by_role("button", name="Room options").click()
        await self.page.get_by_role("menuitem", name="Invite the AI tutor").click()

    async def tutor_is_ready(self) -> None:
        await expect(self.state).to_have_text(re.compile("Ready|Listening|Speaking|Thinking"), timeout=30_000)

    async def quiet(self) -> None:
        """Until the tutor has said all it had to say."""
        await expect(self.state).not_to_have_text(re.compile("Speaking|Thinking"), timeout=ANSWER_MS)

    async def says(self, text: str) -> None:
        """Aloud, into whatever the microphone is open for."""
        await self.page.evaluate("wav => window.__mouth.say(wav)", spoken(text))

    async def says_held(self, text: str) -> None:
        """Aloud, while the button is held."""
        await self.hold_button.hover()
        await self.page.mouse.down()
        await self.says(text)
        await self.page.mouse.up()

    async def types(self, text: str) -> None:
        await self.page.get_by_role("textbox", name="Type instead").fill(text)
        await self.page.get_by_role("button", name="Send").click()

    async def types_to_tutor(self, text: str) -> None:
        """In a room of several, among the tutor's options."""
        await self.page.get_by_role("button", name="Tutor options").click()
        await self.types(text)
        await self.page.keyboard.press("Escape")
        await expect(self.page.get_by_role("dialog")).to_be_hidden()

    async def hands_free(self) -> None:
        await self.page.get_by_text("Hands-free", exact=True).click()
        await self.unmute()

    async def switches(self, name: str, *, warns: str = "") -> None:
        """A choice among the tutor's options, which says this first."""
        await self.page.get_by_role("button", name="Tutor options").click()
        await expect(self.page.get_by_role("dialog")).to_contain_text(warns)
        await self.page.get_by_role("switch", name=name).click()
        await self.page.keyboard.press("Escape")
        await expect(self.page.get_by_role("dialog")).to_be_hidden()

    async def is_answered(self, *, turns: int, words: str) -> None:
        """That many turns of one's own, the last with these words, and an answer that was said to its end."""
        await expect(self.own_words).to_have_count(turns, timeout=ANSWER_MS)
        await expect(self.own_words.last).to_contain_text(words)
        last = self.page.locator("ol > li").last
        await expect(last).to_have_attribute("data-side", "tutor", timeout=ANSWER_MS)
        await expect(last).to_have_attribute("data-open", "false", timeout=ANSWER_MS)
        await self.quiet()

    async def heard(self) -> float:
        """Energy of all that came in so far."""
        return float((await self.page.evaluate("() => window.__probe.inbound()"))["energy"])

    async def is_spoken_to(self, *, within_s: float = ANSWER_MS / 1000) -> None:
        """Until sound comes out of the page."""
        await _until(self.page, "() => window.__probe.loudness() > 0.02", within_s)

    @property
    def state(self) -> Locator:
        return self.page.get_by_test_id("tutor-state")

    @property
    def answers(self) -> Locator:
        """What the tutor said, as far as it is whole."""
        return self.page.locator("li[data-side=tutor][data-open=false]")

    @property
    def own_words(self) -> Locator:
        return self.page.locator("li[data-side=me][data-open=false]")

    @property
    def captions(self) -> Locator:
        """In a room of several: the last words."""
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
