from __future__ import annotations

from ai_agent.dialogue.turn import SpeechState, Turn, TurnDetection, WordsState
from ai_agent.voice_ws.flux_turns import FluxTurn, FluxTurns


def a_turn(text: str, *, pause: bool = True) -> Turn:
    turn = Turn("a", "ann", 0.0, TurnDetection.VAD)
    turn.finals = [text] if text else []
    turn.speech = SpeechState.PAUSED if pause else SpeechState.SPEAKING
    turn.words = WordsState.FLUSHED if pause else WordsState.OPEN
    return turn


def names(events: list[FluxTurn]) -> list[str]:
    return [event.event for event in events]


def test_an_eager_end_has_words_and_comes_once_a_pause() -> None:
    turns = FluxTurns()
    turns.words("a", "I like", 100)
    assert names(turns.look(a_turn(""))) == []
    assert names(turns.look(a_turn("I like tea."))) == ["EagerEndOfTurn"]
    assert names(turns.look(a_turn("I like tea."))) == []


def test_a_turn_resumes_only_after_an_eager_end() -> None:
    turns = FluxTurns()
    turns.words("a", "I like", 100)
    assert names(turns.look(a_turn("I like", pause=False))) == []
    turns.look(a_turn("I like"))
    assert names(turns.look(a_turn("I like", pause=False))) == ["TurnResumed"]
    assert names(turns.look(a_turn("I like", pause=False))) == []


def test_an_end_with_other_words_than_the_eager_one_comes_after_a_resumption() -> None:
    turns = FluxTurns()
    turns.words("a", "I like", 100)
    turns.look(a_turn("I like tea."))
    events = turns.ended("a", "I like green tea.", 200)
    assert names(events) == ["TurnResumed", "EndOfTurn"]
    assert events[-1].transcript == "I like green tea."


def test_new_words_after_an_eager_end_resume_the_turn() -> None:
    turns = FluxTurns()
    turns.words("a", "I like", 100)
    turns.look(a_turn("I like"))
    assert names(turns.words("a", "I like tea", 200)) == ["TurnResumed", "Update"]


def test_the_index_rises_after_each_end_and_late_words_are_not_told() -> None:
    turns = FluxTurns()
    turns.words("a", "Hello", 100)
    turns.ended("a", "Hello.", 200)
    assert turns.ended("a", "Hello you.", 300) == []
    assert turns.words("a", "Hello you", 300) == []
    assert [event.index for event in turns.words("b", "Yes", 400)] == [1, 1]
    assert turns.index_of("a") == 0


def test_a_turn_without_words_is_not_told_and_one_that_begins_over_another_ends_it() -> None:
    turns = FluxTurns()
    assert turns.ended("noise", "", 100) == []
    turns.words("a", "Hello", 100)
    assert names(turns.words("b", "Yes", 200)) == ["EndOfTurn", "StartOfTurn", "Update"]
