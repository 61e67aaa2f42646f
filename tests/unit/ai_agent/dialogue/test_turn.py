"""The end of a turn, in each kind of turn detection; the turn alone, with time as an argument."""

from __future__ import annotations

import pytest

from ai_agent.dialogue.turn import (
    BROWSER_TAIL_S,
    ENGINE_WAIT_S,
    FINAL_WAIT_S,
    FLUSH_AFTER_S,
    LONGEST_S,
    OVERLAP_FLUSH_AFTER_S,
    RELEASE_TAIL_S,
    Action,
    Turn,
    TurnDetection,
    WordsState,
)
from ai_agent.providers.ports import ConfidenceScale
from ai_agent.turns.endpointing import BROWSER_FACTOR, DELAY_S
from ai_agent.turns.phrases import Phrases

T0 = 100.0
LEVEL = "B1"
DELAY = DELAY_S[LEVEL]
BEFORE = 0.01


def spoken(detection: TurnDetection, *, seconds: float = 1.0) -> Turn:
    """Speech from T0 on, for this many seconds."""
    turn = Turn("t", "ann", T0, detection, voice_at=T0)
    turn.speech_started(T0)
    turn.voiced(T0 + seconds, seconds)
    turn.speech_paused(T0 + seconds)
    return turn


def due(turn: Turn, at: float) -> Action:
    return turn.due(at, LEVEL, Phrases())


def test_the_recogniser_is_flushed_in_the_pause_and_the_turn_ends_after_it() -> None:
    turn, end = spoken(TurnDetection.VAD), T0 + 1.0
    assert due(turn, end + FLUSH_AFTER_S - BEFORE) is Action.NONE
    assert due(turn, end + FLUSH_AFTER_S) is Action.FLUSH
    turn.flush(end + FLUSH_AFTER_S)
    assert due(turn, end + FLUSH_AFTER_S + BEFORE) is Action.NONE
    turn.add_final("I like rice", 0.9)
    turn.flush_done(end + 0.4)
    assert turn.words_complete
    assert due(turn, end + DELAY - BEFORE) is Action.NONE
    assert due(turn, end + DELAY) is Action.END


def test_a_turns_confidence_is_the_mean_over_its_words_graded_by_the_engines_own_scale() -> None:
    turn, scale = spoken(TurnDetection.VAD), ConfidenceScale(low=0.5, high=0.8)
    grades = []
    for text, confidence in (("hello", None), ("I like rice", 0.9), ("tea", 0.3), ("or milk or water", 0.1)):
        turn.add_final(text, confidence, scale)
        grades.append(turn.grade)
    assert grades == [None, "high", "middle", "low"]
    assert turn.confidence == pytest.approx((3 * 0.9 + 0.3 + 4 * 0.1) / 8)
    turn.drop_words()
    assert turn.grade is None


@pytest.mark.parametrize(
    ("confidence", "grade"),
    [(0.0, "low"), (0.599, "low"), (0.6, "middle"), (0.849, "middle"), (0.85, "high"), (1.0, "high")],
)
def test_a_confidence_at_a_limit_belongs_to_the_better_grade(confidence: float, grade: str) -> None:
    assert ConfidenceScale(0.6, 0.85).grade(confidence) == grade


def test_last_words_are_awaited_for_a_limited_time() -> None:
    turn, asked = spoken(TurnDetection.VAD), T0 + 1.3
    turn.flush(asked)
    assert due(turn, asked + FINAL_WAIT_S - BEFORE) is Action.NONE
    assert due(turn, asked + FINAL_WAIT_S) is Action.END


def test_speech_after_the_flush_is_flushed_again_at_the_next_pause() -> None:
    turn = spoken(TurnDetection.VAD)
    turn.flush(T0 + 1.3)
    turn.speech_started(T0 + 1.4)
    turn.flush_done(T0 + 1.5)
    assert turn.words is WordsState.OPEN
    turn.speech_paused(T0 + 1.6)
    assert due(turn, T0 + 1.6 + FLUSH_AFTER_S) is Action.FLUSH


def test_an_end_of_turn_that_an_engine_detects_counts_at_once() -> None:
    turn = spoken(TurnDetection.STT)
    turn.add_end_of_turn("I like rice", T0 + 1.2)
    assert due(turn, T0 + 1.2) is Action.END


def test_a_partial_after_the_end_reopens_the_turn() -> None:
    turn = spoken(TurnDetection.STT)
    turn.add_end_of_turn("I like", T0 + 1.2)
    turn.add_partial("rice")
    assert due(turn, T0 + 1.3) is Action.NONE
    assert turn.text == "I like rice"


def test_an_engine_that_detects_no_end_is_overruled() -> None:
    turn, end = spoken(TurnDetection.STT), T0 + 1.0
    assert due(turn, end + DELAY + ENGINE_WAIT_S - BEFORE) is Action.NONE
    assert due(turn, end + DELAY + ENGINE_WAIT_S) is Action.END


def test_words_of_a_browser_end_after_a_shorter_pause_of_speech_and_words() -> None:
    turn = spoken(TurnDetection.BROWSER)
    turn.add_browser_words("I like rice", is_final=True, now=T0 + 1.5)
    assert due(turn, T0 + 1.5 + DELAY * BROWSER_FACTOR - BEFORE) is Action.NONE
    assert due(turn, T0 + 1.5 + DELAY * BROWSER_FACTOR) is Action.END


def test_without_a_recogniser_silence_alone_ends_it() -> None:
    turn = spoken(TurnDetection.NO_STT)
    assert turn.words_complete
    assert due(turn, T0 + 1.0 + DELAY - BEFORE) is Action.NONE
    assert due(turn, T0 + 1.0 + DELAY) is Action.END


@pytest.mark.parametrize("detection", TurnDetection)
def test_held_speech_ends_with_the_key_and_no_pause(detection: TurnDetection) -> None:
    turn = spoken(detection)
    turn.hold()
    assert due(turn, T0 + 60.0) is Action.NONE
    turn.release(T0 + 60.0)
    assert turn.is_push_to_talk
    assert due(turn, T0 + 60.0 + RELEASE_TAIL_S - BEFORE) is Action.NONE


def test_after_the_release_the_recogniser_is_flushed() -> None:
    turn, released = spoken(TurnDetection.STT), T0 + 2.0
    turn.hold()
    turn.release(released)
    assert due(turn, released + RELEASE_TAIL_S + BEFORE) is Action.FLUSH
    turn.flush(released + RELEASE_TAIL_S + BEFORE)
    turn.add_end_of_turn("I like rice", released + 0.4)
    assert turn.words is WordsState.FLUSHED, "in held speech the engine ends sentences"
    assert due(turn, released + 0.4) is Action.END


def test_after_the_release_a_browser_has_time_for_more_words() -> None:
    turn, released = spoken(TurnDetection.BROWSER), T0 + 2.0
    turn.hold()
    turn.add_browser_words("I like", is_final=True, now=T0 + 1.0)
    turn.release(released)
    assert due(turn, released + BROWSER_TAIL_S - BEFORE) is Action.NONE
    assert due(turn, released + BROWSER_TAIL_S + BEFORE) is Action.END
    turn.add_browser_words("rice", is_final=False, now=released + 0.1)
    assert due(turn, released + FINAL_WAIT_S - BEFORE) is Action.NONE
    turn.add_browser_words("rice", is_final=True, now=released + 0.5)
    assert due(turn, released + 0.5) is Action.END


def test_holding_again_makes_the_flushed_words_not_the_last() -> None:
    turn = spoken(TurnDetection.VAD)
    turn.hold()
    turn.release(T0 + 2.0)
    turn.flush(T0 + 2.3)
    turn.hold()
    turn.flush_done(T0 + 2.5)
    assert turn.words is WordsState.OPEN


def test_an_undecided_overlap_does_not_end_but_flushes_sooner() -> None:
    turn, end = spoken(TurnDetection.VAD), T0 + 1.0
    turn.overlaps_reply = True
    assert due(turn, end + OVERLAP_FLUSH_AFTER_S + BEFORE) is Action.FLUSH
    turn.flush(end + 0.2)
    turn.flush_done(end + 0.3)
    assert due(turn, end + 20.0) is Action.NONE
    turn.overlaps_reply = False
    assert due(turn, end + 20.0) is Action.END


@pytest.mark.parametrize("detection", TurnDetection)
@pytest.mark.parametrize("overlaps", [False, True])
def test_the_length_of_a_turn_is_limited(detection: TurnDetection, overlaps: bool) -> None:
    turn = Turn("t", "ann", T0, detection)
    turn.speech_started(T0)
    turn.overlaps_reply = overlaps
    assert due(turn, T0 + LONGEST_S) is Action.NONE
    assert due(turn, T0 + LONGEST_S + BEFORE) is Action.END


def test_finals_that_repeat_all_words_so_far_replace_them() -> None:
    turn = spoken(TurnDetection.BROWSER)
    for text in ("I", "I went", "I went home"):
        turn.add_browser_words(text, is_final=True, now=T0 + 1.0)
    turn.add_browser_words("by bus", is_final=True, now=T0 + 1.5)
    turn.add_browser_words("By bus and train.", is_final=True, now=T0 + 1.6)
    assert turn.text == "I went home By bus and train."
    turn.add_browser_words("by bus and train or", is_final=False, now=T0 + 1.7)
    assert turn.text == "I went home by bus and train or"
