"""Pauses in a noisy room with the real VAD: which of them end a turn, and when."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from ai_agent.audio import INPUT_HZ
from ai_agent.turns.endpointing import DELAY_S
from ai_agent.vad.model import VadModel
from tests.bench.end_of_turn import listen
from tests.fakes.overlap_clips import spoken
from tests.fakes.paused_speech import hesitantly, perform, recordings, room_tone

TAIL_S = 0.2
"""Longest tail that the VAD adds to speech."""
VOICE_FADES_S = 0.05
"""A voice may be too faint for it before it ends."""


@pytest.mark.parametrize("level", ["A1", "B1", "C2"])
async def test_only_a_pause_longer_than_the_levels_ends_the_turn(model: VadModel, level: str) -> None:
    for every_s, expected in ((DELAY_S[level] - 0.2, 0), (DELAY_S[level] + 0.4, 1)):
        rng = np.random.default_rng(1)
        speech = perform("I live in a small house | my father has a car", level, rng, every_s=every_s)
        cuts, late_s = await listen(speech, level, model)
        assert cuts == expected
        assert -VOICE_FADES_S <= late_s - DELAY_S[level] <= TAIL_S


async def test_a_recording_with_a_learners_pauses_keeps_its_words(model: VadModel, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    pause = np.zeros(round(0.3 * INPUT_HZ), np.int16)
    said = np.concatenate(
        [pause, spoken("I live in a small house"), pause, spoken("my father has a car"), pause]
    )
    with wave.open(str(tmp_path / "house.wav"), "wb") as writer:
        writer.setparams((2, 2, 2 * INPUT_HZ, 0, "NONE", ""))
        in_room = np.repeat(said + room_tone(len(said), rng), 2)  # twice the rate
        writer.writeframes(np.repeat(in_room.astype(np.int16), 2).tobytes())  # and on both sides
    (tmp_path / "house.txt").write_text("I live in a small house. My father has a car!")
    (recording,) = recordings(tmp_path)
    speech = hesitantly(recording, "A1", rng)
    assert " ".join(word for word, _ in speech.words) == "I live in a small house My father has a car"
    assert speech.pauses == 1
    assert speech.words[-1][1] == pytest.approx(speech.ends)
    assert speech.ends > (len(said) - 2 * len(pause)) / INPUT_HZ
    _, late_s = await listen(speech, "A1", model)
    assert late_s == pytest.approx(DELAY_S["A1"], abs=TAIL_S)
