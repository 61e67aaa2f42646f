"""One's own voice is kept for Play by those who said yes, and by nobody else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from playwright.async_api import Locator, expect

from tests.e2e.browsers import Chromiums
from tests.e2e.tutor_page import ANSWER_MS, VOICE, learner
from tests.fakes.rtc.clips import RATE, Pcm, speech_pcm
from tests.fakes.server_process import ServerProcess

pytestmark = pytest.mark.live

Levels = npt.NDArray[np.float64]
PLAYED = (Path(__file__).parent / "played.js").read_text()


async def test_a_learners_own_words_are_kept_and_played_once_they_said_yes(
    people: Chromiums, tutored: ServerProcess
) -> None:
    ann = await learner(people, tutored.url, "Ann", PLAYED)
    await ann.practise()
    await ann.says_held("Yesterday I go to the market.")
    await ann.is_answered(turns=1, words="market")

    await ann.switches("Keep recordings of my voice")
    said = "My brother don't like fish."
    await ann.says_held(said)
    await ann.is_answered(turns=2, words="brother")
    await expect(_play(ann.own_words.nth(1))).to_be_visible(timeout=ANSWER_MS)
    await ann.page.reload()
    await expect(_play(ann.own_words.nth(1))).to_be_visible(timeout=ANSWER_MS)
    await expect(_play(ann.own_words.nth(0))).to_have_count(0)

    await _play(ann.own_words.nth(1)).click()
    await ann.page.wait_for_function("() => __played.loudness() > 0.02")
    played = np.array(await ann.page.evaluate("() => __played.envelope()"))
    own = _likeness(played, _envelope(speech_pcm(said, VOICE)))
    other = _likeness(played, _envelope(speech_pcm("Yesterday I go to the market.", VOICE)))
    assert own > 0.8 > other


def _play(line: Locator) -> Locator:
    return line.get_by_role("button", name="Play")


def _envelope(pcm: Pcm) -> Levels:
    """Levels of 20 ms each."""
    frames = pcm[: len(pcm) // (RATE // 50) * (RATE // 50)].reshape(-1, RATE // 50) / 32768.0
    levels: Levels = np.sqrt(np.mean(frames**2, axis=1))
    return levels


def _likeness(one: Levels, other: Levels) -> float:
    """Correlation of levels at the delay where they run most alike; 1 is the same."""
    one, other = one - one.mean(), other - other.mean()
    return float(np.max(np.correlate(one, other, "full")) / np.sqrt(np.sum(one**2) * np.sum(other**2)))
