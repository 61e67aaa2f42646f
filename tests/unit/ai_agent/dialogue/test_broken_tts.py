"""Speech engines that fail in mid-sentence, on virtual time."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.generation import FallbackTts
from ai_agent.providers.ports import SpeechChunk, SpeechRequest, Tts
from server.protocol.tutor import TutorState
from tests.fakes.speech import Room, ScriptedLlm, ScriptedTts

FIRST, SECOND = "One two three four five.", " Six seven eight nine ten."
COUNT = [FIRST, SECOND]


class DyingTts(ScriptedTts):
    """Fails once in mid-sentence, then always."""

    def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        self.fails_after = 0 if self.requests else 2
        return super().speak(request)


def chain(*voices: Tts) -> FallbackTts:
    members: FallbackChain[Tts] = FallbackChain([EngineCandidate(voice) for voice in voices], lambda: None)
    return FallbackTts(members, ScriptedTts.sample_rate)


def length_s(text: str) -> float:
    """Duration at ScriptedTts, which adds a space to each sentence."""
    return (len(text) + 1) * 0.06


async def counted(room: Room) -> str:
    """The reply's text in the history and on the page."""
    room.dialogue.say("ann", "Count, please.")
    await room.run(8.0)
    assert room.state() is TutorState.IDLE
    (told,) = room.sink.spoken
    assert told == room.sink.kept[-1].text
    return told or ""


@pytest.mark.parametrize("marks", [True, False])
async def test_the_next_engine_speaks_the_next_sentence_and_unspoken_words_are_not_shown(
    marks: bool,
) -> None:
    broken, sound = ScriptedTts(marks=marks, fails_after=2), ScriptedTts()
    async with Room(llm=ScriptedLlm(COUNT), tts=chain(broken, sound)) as room:
        told = await counted(room)
        begun = told.removesuffix("…" + SECOND)
        assert begun in {"One", "One two"}
        assert [request.text for request in sound.requests] == [SECOND]
        assert room.heard_s == pytest.approx(length_s("One two") + length_s(SECOND), abs=0.05)


async def test_a_last_sentence_that_breaks_off_is_shown_as_far_as_it_was_heard() -> None:
    async with Room(llm=ScriptedLlm([FIRST]), tts=ScriptedTts(fails_after=2)) as room:
        assert await counted(room) == "One two"


async def test_an_engine_that_breaks_off_each_time_is_used_again_if_it_is_the_only_one() -> None:
    async with Room(llm=ScriptedLlm(COUNT), tts=chain(ScriptedTts(fails_after=2))) as room:
        assert await counted(room) == "One two… Six"


async def test_without_a_speech_engine_the_rest_is_text() -> None:
    dying = DyingTts()
    async with Room(llm=ScriptedLlm([*COUNT, " Eleven twelve thirteen."]), tts=chain(dying)) as room:
        assert await counted(room) == "One two…" + SECOND + " Eleven twelve thirteen."
        assert len(dying.requests) == 2, "no engine is asked for what none can do"
