"""290 labelled clips: the real VAD runs in the test; each local recogniser's words are recorded
(overlap_words_*.json).

`python -m tests.bench.overlaps` runs all of it live.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from ai_agent.providers.local import moonshine, sphinx
from ai_agent.turns.overlap import Overlap, Verdict, classify
from ai_agent.turns.phrases import phrases
from ai_agent.vad.model import VadModel
from ai_agent.vad.speech import SpeechDetector
from tests.fakes.direct_vad import DirectVad
from tests.fakes.overlap_clips import Clip, clips, unseen_clips

CARDS = {"moonshine": moonshine.CARD, "pocketsphinx": sphinx.CARD}


def recorded(engine: str) -> dict[str, list[tuple[str, str, float]]]:
    """By set: for each clip in order its name, its words and their confidence."""
    file = Path(__file__).with_name(f"overlap_words_{engine}.json")
    words: dict[str, list[tuple[str, str, float]]] = json.loads(file.read_text("utf-8"))
    return words


@dataclass(frozen=True, slots=True)
class Judged:
    clip: Clip
    words: str
    is_barge_in: bool


def voiced_s(clip: Clip, model: VadModel) -> float:
    """The longest speech that the VAD detects; 0: the tutor is not even paused."""
    detector, longest = SpeechDetector(), 0.0

    def window(probability: float, at: float) -> None:
        nonlocal longest
        detector.window(probability, at)
        longest = max(longest, detector.voiced_s)

    stream = DirectVad(model).open(window)
    sound = np.concatenate([np.zeros(3200), clip.pcm / 32768, np.zeros(8000)]).astype(np.float32)
    for at in range(0, len(sound) - 512, 512):
        stream.push(sound[at : at + 512], (at + 512) / 16_000)
    return longest


def judged(
    given: Iterator[Clip], words: list[tuple[str, str, float]], model: VadModel, *, is_reliable: bool
) -> Iterator[Judged]:
    english = phrases("en")
    for clip, (name, text, confidence) in zip(given, words, strict=True):
        assert clip.name == name
        voiced = voiced_s(clip, model)
        overlap = Overlap(
            text, voiced, 0.5, words_complete=True, is_reliable=is_reliable, confidence=confidence
        )
        yield Judged(clip, text, voiced > 0 and classify(overlap, english) is Verdict.BARGE_IN)


@pytest.fixture(scope="module", params=list(CARDS))
def outcomes(model: VadModel, request: pytest.FixtureRequest) -> tuple[Judged, ...]:
    words, is_reliable = recorded(request.param), not CARDS[request.param].hears_noise
    return (
        *judged(clips(), words["clips"], model, is_reliable=is_reliable),
        *judged(unseen_clips(), words["unseen_clips"], model, is_reliable=is_reliable),
    )


@pytest.mark.parametrize("wanted", [True, False])
def test_at_most_one_overlap_in_twenty_is_misclassified(outcomes: tuple[Judged, ...], wanted: bool) -> None:
    of_kind = [o for o in outcomes if o.clip.is_interruption is wanted]
    wrong = [f"{o.clip.name}: {o.words}" for o in of_kind if o.is_barge_in is not wanted]
    assert len(of_kind) >= 120
    assert len(wrong) <= 0.05 * len(of_kind), wrong


@pytest.mark.parametrize("kind", ["cough", "throat", "noise", "knocks", "music"])
def test_sounds_without_words_never_interrupt_the_tutor(outcomes: tuple[Judged, ...], kind: str) -> None:
    assert not [o.clip.name for o in outcomes if o.clip.kind == kind and o.is_barge_in]
