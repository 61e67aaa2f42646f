"""Words of a browser's recognition while the tutor is heard, from 10 to 20 s."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ai_agent.turns.browser_echo import Evidence, is_tutor_echo

TUTOR = ("do", "you", "like", "rice", "or", "fish")
SILENT = Evidence(10.0, 20.0, track_at=19.0, voice_at=9.5, held=False)
NO_TRACK = replace(SILENT, track_at=9.9)


@pytest.mark.parametrize("said", ["do you like rice", "do you light rise"])
@pytest.mark.parametrize("now", [11.0, 20.0, 21.9])
def test_words_without_the_learners_speech_are_not_theirs(said: str, now: float) -> None:
    assert is_tutor_echo(said, SILENT, TUTOR, now)


def test_long_after_the_tutors_speech_all_words_are_the_learners() -> None:
    assert not is_tutor_echo("do you like rice", SILENT, TUTOR, 22.1)


@pytest.mark.parametrize(("voice_at", "is_tutors"), [(14.0, True), (16.5, False), (18.0, False)])
def test_words_soon_after_the_learners_speech_are_theirs(voice_at: float, is_tutors: bool) -> None:
    heard = replace(SILENT, tutor_until=18.0, voice_at=voice_at)
    assert is_tutor_echo("i like fish", heard, TUTOR, 18.0) is is_tutors


def test_speech_before_the_tutor_began_gives_no_words_during_its_speech() -> None:
    assert is_tutor_echo("do you", SILENT, TUTOR, 10.5)


def test_words_without_a_track_are_the_tutors_if_it_spoke_them() -> None:
    assert is_tutor_echo("do you like rise or fish", NO_TRACK, TUTOR, 15.0)
    assert is_tutor_echo("do", NO_TRACK, TUTOR, 15.0)
    assert not is_tutor_echo("wait a moment please", NO_TRACK, TUTOR, 15.0)


def test_words_during_push_to_talk_count() -> None:
    assert not is_tutor_echo("rice", replace(SILENT, held=True), TUTOR, 20.5)
