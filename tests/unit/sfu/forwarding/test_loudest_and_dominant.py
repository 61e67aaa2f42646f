from __future__ import annotations

import pytest

from server.sfu.forwarding.dominant import N2, DominantSpeakerDetector, activity_score
from server.sfu.forwarding.room import LoudestSelector


def test_zero_admits_everyone() -> None:
    loudest = LoudestSelector(0)
    assert all(loudest.admits(peer, 127, 0.0) for peer in range(50))


def test_the_energy_of_a_silent_publisher_expires_and_makes_room() -> None:
    loudest = LoudestSelector(1)
    assert all(loudest.admits(1, 10, 0.0) for _ in range(5))
    assert not loudest.admits(2, 40, 0.01)
    assert not loudest.admits(2, 40, 0.14)
    assert loudest.admits(2, 40, 0.16)


def test_a_publisher_that_left_takes_no_place() -> None:
    loudest = LoudestSelector(1)
    loudest.admits(1, 0, 0.0)
    loudest.forget(1)
    assert loudest.admits(2, 60, 0.0)


def test_the_score_rises_with_activity_and_is_never_below_its_minimum() -> None:
    scores = [activity_score(active, N2, 24) for active in range(N2 + 1)]
    assert scores == sorted(scores)
    assert scores[0] == pytest.approx(1e-10)


def run(
    dominant: DominantSpeakerDetector, start: float, seconds: float, levels: dict[int, int]
) -> list[int | None]:
    changed = []
    for index in range(round(seconds * 50)):
        now = start + index * 0.02
        for peer, level in levels.items():
            dominant.on_level(peer, level, now)
        if dominant.on_time(now):
            changed.append(dominant.dominant)
    return changed


def test_of_two_speakers_the_first_stays_dominant() -> None:
    dominant = DominantSpeakerDetector()
    assert run(dominant, 0, 2, {1: 25, 2: 90}) == [1]
    assert run(dominant, 2, 5, {1: 25, 2: 25}) == []


def test_dominance_passes_when_the_dominant_speaker_falls_silent_and_another_speaks() -> None:
    dominant = DominantSpeakerDetector()
    run(dominant, 0, 3, {1: 25, 2: 90})
    assert run(dominant, 3, 4, {2: 25}) == [2]


def test_there_is_no_dominant_speaker_after_it_left() -> None:
    dominant = DominantSpeakerDetector()
    run(dominant, 0, 2, {1: 25})
    assert not dominant.forget(2)
    assert dominant.forget(1)
    assert dominant.dominant is None
    assert run(dominant, 2, 1, {}) == []
