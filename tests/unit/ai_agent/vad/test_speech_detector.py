from __future__ import annotations

import numpy as np

from ai_agent.vad.gate import HANG_FRAMES, EnergyGate, level
from ai_agent.vad.speech import Change, SpeechConfig, SpeechDetector


def run(probabilities: list[float]) -> list[tuple[int, Change]]:
    detector = SpeechDetector()
    changes = [(i, detector.window(p, (i + 1) * 0.032)) for i, p in enumerate(probabilities)]
    return [(i, change) for i, change in changes if change is not None]


def test_two_windows_begin_speech_and_one_does_not() -> None:
    assert run([0.9, 0.1, 0.1, 0.1]) == []
    assert run([0.9, 0.9]) == [(1, Change.STARTED)]
    assert run([0.9, 0.2, 0.9]) == [(2, Change.STARTED)]


def test_silence_ends_speech_and_a_short_dip_does_not() -> None:
    assert run([0.9, 0.9, 0.1, 0.1, 0.9, 0.4, 0.4]) == [(1, Change.STARTED)]
    assert run([0.9, 0.9, 0.1, 0.1, 0.1, 0.1]) == [(1, Change.STARTED), (5, Change.STOPPED)]


def test_the_end_of_speech_is_its_last_voiced_window() -> None:
    detector = SpeechDetector(SpeechConfig(stop_s=0.2))
    for i, probability in enumerate([0.9] * 10 + [0.0] * 10):
        detector.window(probability, (i + 1) * 0.032)
    assert detector.voice_at == 10 * 0.032
    assert not detector.speaks


def test_a_track_that_is_paused_during_speech_ends_it() -> None:
    detector = SpeechDetector()
    detector.window(0.9, 0.032)
    detector.window(0.9, 0.064)
    assert detector.silence(0.1) is None
    assert detector.silence(0.2) is Change.STOPPED
    assert detector.silence(0.3) is None


def test_the_gate_passes_only_speech_with_its_soft_end() -> None:
    gate = EnergyGate()
    quiet, loud = np.full(320, 3, np.int16), np.full(320, 3000, np.int16)
    assert not gate.passes(quiet)
    assert gate.passes(loud)
    assert [gate.passes(quiet) for _ in range(HANG_FRAMES)] == [True] * (HANG_FRAMES - 1) + [False]
    assert level(np.zeros(0, np.int16)) == -120.0
