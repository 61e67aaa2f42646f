"""A learner's voice is saved for Play only with their consent."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from playwright.async_api import Locator, expect

from tests.e2e.browsers import BrowserPool
from tests.e2e.tutor_page import ANSWER_MS, open_learner_page
from tests.fakes.natural_voice import natural_pcm
from tests.fakes.rtc.clips import RATE, Pcm
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live

Levels = npt.NDArray[np.float64]
MESSAGE_AUDIO = (Path(__file__).parent / "message_audio.js").read_text()


async def test_a_learners_voice_is_saved_and_played_only_with_consent(
    browsers: BrowserPool, tutored: ServerProcess
) -> None:
    ann = await open_learner_page(browsers, tutored.url, "Ann", MESSAGE_AUDIO)
    await ann.start_practice()
    await ann.speak_while_holding("Yesterday I go to the market.")
    await ann.expect_answer(turns=1, words="market")

    await ann.toggle_tutor_option("Keep recordings of my voice")
    said = "My brother don't like fish."
    await ann.speak_while_holding(said)
    await ann.expect_answer(turns=2, words="brother")
    await expect(_play(ann.own_lines.nth(1))).to_be_visible(timeout=ANSWER_MS)
    await ann.page.reload()
    await expect(_play(ann.own_lines.nth(1))).to_be_visible(timeout=ANSWER_MS)
    await expect(_play(ann.own_lines.nth(0))).to_have_count(0)

    await _play(ann.own_lines.nth(1)).click()
    await ann.page.wait_for_function("() => __messageAudio.loudness() > 0.02")
    played = np.array(await ann.page.evaluate("() => __messageAudio.envelope()"))
    own = _likeness(played, _envelope(natural_pcm(said)))
    other = _likeness(played, _envelope(natural_pcm("Yesterday I go to the market.")))
    assert own > 0.8 > other


def _play(line: Locator) -> Locator:
    return line.get_by_role("button", name="Play")


def _envelope(pcm: Pcm) -> Levels:
    """RMS levels of 20 ms frames."""
    frames = pcm[: len(pcm) // (RATE // 50) * (RATE // 50)].reshape(-1, RATE // 50) / 32768.0
    levels: Levels = np.sqrt(np.mean(frames**2, axis=1))
    return levels


def _likeness(one: Levels, other: Levels) -> float:
    """Correlation of the levels at their best delay; 1 is identical."""
    one, other = one - one.mean(), other - other.mean()
    return float(np.max(np.correlate(one, other, "full")) / np.sqrt(np.sum(one**2) * np.sum(other**2)))
