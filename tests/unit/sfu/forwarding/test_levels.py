from __future__ import annotations

import math
from collections.abc import Iterable

from server.sfu.forwarding.levels import SpeakingDetector


def changes(levels: Iterable[int], detector: SpeakingDetector | None = None) -> list[tuple[float, bool]]:
    """The changes of `is_speaking` with their times, with a packet each 20 ms."""
    detector = detector or SpeakingDetector()
    return [
        (round(index * 0.02, 2), detector.is_speaking)
        for index, level in enumerate(levels)
        if detector.on_level(level, 100 + index * 0.02)
    ]


def test_speech_is_detected_within_80_ms() -> None:
    ((second, is_speaking),) = changes([80] * 50 + [30] * 50)
    assert is_speaking
    assert second - 1.0 <= 0.080


def test_a_click_is_not_speech() -> None:
    assert changes([80] * 50 + [20] + [80] * 50) == []


def test_no_flicker_within_a_word_with_pauses_of_300_ms() -> None:
    word = [60] * 50 + ([25, 22, 28, 30, 35, 45] + [75] * 15) * 10
    assert [is_speaking for _, is_speaking in changes(word)] == [True]


def test_the_end_is_detected_within_half_a_second() -> None:
    (_, on), (end, off) = changes([30] * 100 + [80] * 100)
    assert (on, off) == (True, False)
    assert end - 2.0 <= 0.5


def test_quiet_speech_is_detected_and_the_hysteresis_holds_it() -> None:
    levels = [85] * 50 + [round(48 + 4 * math.sin(index)) for index in range(200)]
    assert [is_speaking for _, is_speaking in changes(levels)] == [True]


def test_a_fan_stops_counting_as_speech_after_a_few_seconds_and_speech_above_it_is_detected() -> None:
    detector = SpeakingDetector()
    fan = changes([47] * 1000, detector)
    assert not detector.is_speaking
    assert all(second < 10 for second, _ in fan)
    for index in range(4):
        detector.on_level(25, 200 + index * 0.02)
    assert detector.is_speaking


def test_a_steady_loud_voice_is_never_taken_for_noise() -> None:
    assert changes([30] * 5_000) == [(0.02, True)]


def test_a_pause_without_packets_ends_speech_and_does_not_change_the_floor() -> None:
    detector = SpeakingDetector()
    changes([80] * 10 + [30] * 10, detector)
    assert not detector.on_time(100.5)
    assert detector.on_time(100.9)
    assert not detector.on_time(101.0)
    for index in range(4):
        detector.on_level(48, 200 + index * 0.02)
    assert detector.is_speaking
