"""Push-to-talk with an engine that detects ends of turns: the key ends the turn, not the engine."""

from __future__ import annotations

from tests.fakes.speech import SPEECH, STILL, Room, ScriptedStream, ScriptedStt


def held(*hears: str) -> tuple[Room, ScriptedStt]:
    stt = ScriptedStt(*hears, detects_turns=True)
    return Room(stt=stt), stt


async def sentence(room: Room, stream: ScriptedStream, text: str) -> None:
    """Speech, then a pause in which the engine detects an end of turn."""
    await room.run(0.8, ann=SPEECH)
    stream.says("partial", text)
    await room.run(0.6, ann=STILL)
    stream.says("end_of_turn", text)
    await room.run(0.2, ann=STILL)


async def test_all_sentences_of_one_hold_are_one_turn() -> None:
    room, stt = held()
    async with room:
        room.dialogue.hold("ann", True)
        await sentence(room, stt.streams[0], "I went home.")
        await sentence(room, stt.streams[0], "Then I slept.")
        room.dialogue.hold("ann", False)
        await room.run(0.4, ann=STILL)
        assert room.sink.finals == ["I went home. Then I slept."]


async def test_the_last_words_of_a_hold_are_flushed_after_the_tail_and_awaited() -> None:
    room, stt = held()
    async with room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        room.dialogue.hold("ann", True)
        await sentence(room, stream, "I went home.")
        await room.run(0.4, ann=SPEECH)
        room.dialogue.hold("ann", False)
        heard = stream.pushed
        await room.run(0.16, ann=SPEECH)
        assert (stream.pushed - heard, stream.flushes) == (2_560, 0), "the tail is heard"
        await room.run(0.3, ann=STILL)
        assert (room.sink.finals, stream.flushes) == ([], 1)
        stream.says("end_of_turn", "Then I slept.")
        stream.says("flushed")
        await room.run(0.04, ann=STILL)
        assert room.sink.finals == ["I went home. Then I slept."]


async def test_words_the_engine_has_ended_before_the_release_are_not_flushed_again() -> None:
    room, stt = held()
    async with room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        room.dialogue.hold("ann", True)
        await sentence(room, stream, "I went home.")
        room.dialogue.hold("ann", False)
        await room.run(0.16, ann=STILL)
        assert room.sink.finals == []
        await room.run(0.1, ann=STILL)
        assert (room.sink.finals, stream.flushes) == (["I went home."], 0)


async def test_soft_words_that_only_the_engine_detects_are_flushed() -> None:
    room, stt = held()
    async with room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        room.dialogue.hold("ann", True)
        await sentence(room, stream, "I went home.")
        stream.says("partial", "Then")
        await room.run(0.4, ann=STILL)
        room.dialogue.hold("ann", False)
        await room.run(0.3, ann=STILL)
        assert (room.sink.finals, stream.flushes) == ([], 1)


async def test_a_key_pressed_again_at_once_continues_the_turn() -> None:
    room, stt = held()
    async with room:
        stream = stt.streams[0]
        room.dialogue.hold("ann", True)
        await sentence(room, stream, "I went home.")
        room.dialogue.hold("ann", False)
        await room.run(0.1, ann=STILL)
        room.dialogue.hold("ann", True)
        await sentence(room, stream, "Then I slept.")
        room.dialogue.hold("ann", False)
        await room.run(0.4, ann=STILL)
        assert room.sink.finals == ["I went home. Then I slept."]


async def test_an_end_of_turn_after_its_words_were_taken_is_ignored() -> None:
    room, stt = held()
    async with room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        room.dialogue.hold("ann", True)
        await room.run(0.8, ann=SPEECH)
        stream.says("partial", "I went home.")
        room.dialogue.hold("ann", False)
        await room.run(0.3, ann=STILL)
        stream.says("flushed")
        await room.run(0.1, ann=STILL)
        assert room.sink.finals == ["I went home."]
        stream.says("end_of_turn", "I went home.")
        await room.run(3.0, ann=STILL)
        assert room.sink.finals == ["I went home."]


async def test_an_overruled_engine_does_not_begin_the_next_turn_with_the_same_words() -> None:
    room, stt = held()
    async with room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.run(0.8, ann=SPEECH)
        stream.says("partial", "I like rice")
        await room.run(3.2, ann=STILL)
        assert (room.sink.finals, stream.flushes) == (["I like rice"], 1)
        await room.run(0.4, ann=SPEECH)
        stream.says("end_of_turn", "I like rice")
        stream.says("flushed")
        await room.run(0.4, ann=SPEECH)
        stream.says("end_of_turn", "and fish")
        await room.run(0.4, ann=STILL)
        assert room.sink.finals == ["I like rice", "and fish"]


async def test_words_that_arrive_after_a_turn_without_words_become_a_turn() -> None:
    room, stt = held()
    async with room:
        await room.run(0.8, ann=SPEECH)
        await room.run(4.0, ann=STILL)
        assert room.sink.finals == [""]
        stt.streams[0].says("end_of_turn", "I like rice")
        await room.run(0.1, ann=STILL)
        assert room.sink.finals == ["", "I like rice"]


async def test_an_engine_that_ends_the_turn_too_early_loses_no_sentence() -> None:
    room, stt = held()
    async with room:
        stream = stt.streams[0]
        await room.run(0.8, ann=SPEECH)
        stream.says("end_of_turn", "I went home.")
        await room.run(0.4, ann=SPEECH)
        stream.says("partial", "Then I")
        await room.run(0.3, ann=STILL)
        assert room.sink.finals == []
        stream.says("end_of_turn", "Then I slept.")
        await room.run(0.1, ann=STILL)
        assert room.sink.finals == ["I went home. Then I slept."]
