"""Words that come after the end of their turn belong to that turn. On virtual time."""

from __future__ import annotations

import pytest

from ai_agent.dialogue.ports import Learner
from tests.fakes.speech import SPEECH, Room, ScriptedLlm, ScriptedStt

GIVES_UP_S = 3.5
"""After the end of speech, the dialogue does not wait longer for a recogniser."""


def words_by_turn(room: Room) -> dict[str, str]:
    """The stored words of learners, as they are in the end."""
    return {kept.turn_id: kept.text for kept in room.sink.kept if kept.role == "learner"}


@pytest.mark.parametrize("late_s", [1.0, 2.0, 3.0, 4.0])
async def test_a_sentence_heard_in_three_pieces_that_come_late_stays_one_turn(late_s: float) -> None:
    stt = ScriptedStt()
    async with Room(stt=stt) as room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.speak(1.0, then=late_s)
        for piece in ("Last weekend I went", "to the market", "with my sister"):
            stream.says("final", piece)
        stream.says("flushed")
        await room.run(3.0)
        assert list(words_by_turn(room).values()) == ["Last weekend I went to the market with my sister"]
        assert room.llm.requests[-1].messages[-1].text == "Last weekend I went to the market with my sister"


async def test_late_words_complete_the_turn_whose_partial_was_answered() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt) as room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.run(0.5, ann=SPEECH)
        stream.says("partial", "I went to")
        await room.speak(0.5, then=GIVES_UP_S)
        assert room.sink.finals == ["I went to"]
        stream.says("final", "I went to the market")
        stream.says("flushed")
        await room.run(3.0)
        (text,) = words_by_turn(room).values()
        assert text == room.sink.finals[-1] == "I went to the market"
        room.dialogue.say("ann", "And then home")
        await room.settle()
        said = [m.text for m in room.llm.requests[-1].messages if m.role == "learner"]
        assert said == ["I went to the market", "And then home"]


async def test_late_words_before_the_answer_is_heard_are_answered() -> None:
    stt, llm = ScriptedStt(), ScriptedLlm()
    async with Room(stt=stt, llm=llm) as room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.run(0.5, ann=SPEECH)
        stream.says("partial", "I went to")
        llm.gate.clear()
        await room.speak(0.5, then=GIVES_UP_S)
        stream.says("final", "I went to the market")
        stream.says("flushed")
        await room.run(0.1)
        llm.gate.set()
        await room.run(4.0)
        assert llm.requests[-1].messages[-1].text == "I went to the market"
        assert [kept.role for kept in room.sink.kept] == ["learner", "learner", "tutor"]


async def test_late_words_come_to_their_own_turn_while_the_next_is_spoken() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt) as room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.speak(1.0, then=GIVES_UP_S)
        await room.run(0.5, ann=SPEECH)
        stream.says("final", "I have a dog")
        stream.says("flushed")
        stream.holds_flushes = False
        stream.answers.append("His name is Max")
        await room.speak(0.5, then=4.0)
        assert list(words_by_turn(room).values()) == ["I have a dog", "His name is Max"]


async def test_speech_after_an_unanswered_flush_is_flushed_with_its_own_turn() -> None:
    stt = ScriptedStt("I went", "to the market", "Yesterday")
    async with Room(stt=stt) as room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.speak(1.0, then=0.4)
        await room.speak(1.0, then=GIVES_UP_S)
        assert stream.flushes == 2
        stream.answer()
        stream.answer()
        await room.run(4.0)
        stream.holds_flushes = False
        await room.speak(1.0, then=2.0)
        assert list(words_by_turn(room).values()) == ["I went to the market", "Yesterday"]


async def test_late_words_that_repeat_the_turn_change_nothing() -> None:
    stt = ScriptedStt(detects_turns=True)
    async with Room(stt=stt) as room:
        stream = stt.streams[0]
        await room.run(0.5, ann=SPEECH)
        stream.says("partial", "I like rice")
        await room.speak(0.5, then=5.0)
        stream.says("end_of_turn", "I like rice.")
        await room.run(1.0)
        assert [text.rstrip(".") for text in words_by_turn(room).values()] == ["I like rice"]
        assert len(room.llm.requests) == 1


async def test_words_of_a_cough_over_the_reply_do_not_count_when_they_come_late() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt, llm=ScriptedLlm(["A long answer that goes on and on. " * 5])) as room:
        room.dialogue.say("ann", "Hello")
        await room.run(1.0)
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.speak(0.2, then=4.0)
        stream.says("final", "so")
        stream.says("flushed")
        await room.run(0.5)
        assert list(words_by_turn(room).values()) == ["Hello"]


async def test_a_recogniser_that_never_answers_a_flush_loses_one_turn_only() -> None:
    stt = ScriptedStt("I like rice")
    async with Room(stt=stt) as room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.speak(1.0, then=15.0)
        stream.holds_flushes = False
        await room.speak(1.0, then=2.0)
        assert list(words_by_turn(room).values()) == ["I like rice"]


async def test_a_browsers_late_version_of_a_sentence_is_no_new_turn() -> None:
    people = (Learner("ann", "Ann", level="B1", recognition="browser"),)
    async with Room(people=people) as room:
        room.dialogue.recognized("ann", "I went to", is_final=False)
        await room.run(6.0)
        assert room.sink.finals == ["I went to"]
        room.dialogue.recognized("ann", "I went to the", is_final=False)
        room.dialogue.recognized("ann", "I went to the market", is_final=True)
        await room.run(6.0)
        assert list(words_by_turn(room).values()) == ["I went to the market"]
        room.dialogue.recognized("ann", "Then I went home", is_final=True)
        await room.run(6.0)
        assert list(words_by_turn(room).values()) == ["I went to the market", "Then I went home"]
