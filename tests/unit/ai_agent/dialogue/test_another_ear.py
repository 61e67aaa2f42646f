"""A chain goes to another recogniser in mid-turn: the turn ends as the new one needs it."""

from __future__ import annotations

from tests.fakes.speech import SPEECH, STILL, Room, ScriptedStt


async def test_a_turn_that_a_plainer_engine_takes_over_is_ended_by_silence() -> None:
    stt = ScriptedStt("I like rice", detects_turns=True)
    async with Room(stt=stt) as room:
        await room.run(1.0, ann=SPEECH)
        stt.detects_turns = False
        await room.run(0.5, ann=STILL)
        assert stt.streams[0].flushes == 1
        await room.run(0.5, ann=STILL)
        assert room.stage.finals == ["I like rice"]


async def test_a_turn_that_an_engine_takes_over_which_tells_turns_is_ended_by_it() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt) as room:
        await room.run(1.0, ann=SPEECH)
        stt.detects_turns = True
        await room.run(1.0, ann=STILL)
        assert (stt.streams[0].flushes, room.stage.finals) == (0, [])
        stt.streams[0].says("end_of_turn", "I like rice")
        await room.run(0.1, ann=STILL)
        assert room.stage.finals == ["I like rice"]
