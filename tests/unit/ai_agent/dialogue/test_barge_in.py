"""Speech over the tutor's reply, on virtual time."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import numpy as np
import pytest

from ai_agent.audio import FRAME_S, OUTPUT_FRAME, OUTPUT_HZ, Pcm
from ai_agent.dialogue.playback import FADE, WORD_S
from ai_agent.providers.ports import SpeechChunk, SpeechRequest
from server.protocol.tutor import TutorState
from tests.fakes.speech import SPEECH, Kept, Room, ScriptedLlm, ScriptedStt, ScriptedTts

SAMPLES_A_CHARACTER = 3 * OUTPUT_FRAME
"""Audio of one character at ScriptedTts."""
HEARD_AS_SPOKEN = WORD_S * OUTPUT_HZ / SAMPLES_A_CHARACTER
"""Characters of a word after which it counts as spoken."""
STILL_VOICE: Pcm = np.zeros(OUTPUT_FRAME, np.int16)
COUNT = "One two three four five six seven eight nine ten."


async def speaking(room: Room, heard_s: float = 1.0) -> None:
    room.dialogue.say("ann", "Count, please.")
    await room.run(heard_s)
    assert room.state() is TutorState.SPEAKING


async def test_output_pauses_within_two_windows_of_speech() -> None:
    async with Room(stt=ScriptedStt(), llm=ScriptedLlm([COUNT])) as room:
        await speaking(room)
        await room.run(0.1, ann=SPEECH)
        assert room.state() is TutorState.INTERRUPTED
        await room.run(0.1, ann=SPEECH)
        assert room.played[-3:] == [None, None, None]


async def test_a_false_alarm_resumes_where_it_was_and_loses_no_sound() -> None:
    tts = ScriptedTts()
    async with Room(stt=ScriptedStt("mm-hm"), llm=ScriptedLlm([COUNT]), tts=tts) as room:
        await speaking(room)
        await room.speak(0.3, then=1.0)
        assert room.state() is TutorState.SPEAKING
        await room.run(4.0)
        assert room.sink.spoken == [COUNT]
        total = room.sink.kept[-1].speech_s
        assert total == pytest.approx((len(COUNT) + 1) * 0.06, abs=0.03)
        assert room.sink.times[-1].false_interruptions == 1
        assert [kept.text for kept in room.sink.kept] == ["Count, please.", COUNT]


async def test_a_sound_without_words_is_a_false_alarm_within_a_second() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt, llm=ScriptedLlm([COUNT])) as room:
        await speaking(room)
        stt.streams[0].holds_flushes = True
        await room.speak(0.3, then=0.9)
        assert room.state() is TutorState.INTERRUPTED
        await room.run(0.4)
        assert room.state() is TutorState.SPEAKING


async def test_long_speech_without_words_lets_the_answer_go_on_to_its_end() -> None:
    async with Room(stt=ScriptedStt(""), llm=ScriptedLlm([COUNT])) as room:
        await speaking(room)
        await room.speak(3.0, then=6.0)
        assert room.sink.spoken == [COUNT]
        assert room.state() is TutorState.IDLE


async def test_words_over_the_greeting_are_heard_although_the_greeting_has_them_too() -> None:
    greeting = ScriptedLlm(["Hello Ann! I am Emma. How are you today?"], ["I am fine too."])
    stt = ScriptedStt("Hello Emma how are you")
    async with Room(stt=stt, llm=greeting, history=()) as room:
        await room.run(0.6)
        assert room.state() is TutorState.SPEAKING
        await room.speak(1.2, then=3.0)
        assert room.sink.finals == ["Hello Emma how are you"]
        assert room.sink.spoken[-1] == "I am fine too."


async def test_real_words_cancel_and_history_keeps_only_what_was_spoken() -> None:
    stt = ScriptedStt("no I meant letters")
    llm = ScriptedLlm([COUNT], ["A, B, C."])
    async with Room(stt=stt, llm=llm) as room:
        await speaking(room, 1.0)
        await room.speak(1.0, then=2.5)
        assert room.sink.spoken[0] == "One two three four"
        answers = [kept for kept in room.sink.kept if kept.role == "tutor"]
        assert [(kept.text, kept.was_cut) for kept in answers] == [
            ("One two three four", True),
            ("A, B, C.", False),
        ]
        told = [(m.role, m.text) for m in llm.requests[1].messages[1:]]
        assert told == [
            ("learner", "Count, please."),
            ("tutor", "One two three four"),
            ("learner", "no I meant letters"),
        ]
        assert room.sink.spoken[1] == "A, B, C."
        assert room.tts is not None


async def test_words_cancel_as_soon_as_they_are_understood() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt, llm=ScriptedLlm([COUNT])) as room:
        await speaking(room)
        await room.run(1.0, ann=SPEECH)
        stt.streams[0].says("partial", "but I want letters")
        await room.run(0.04, ann=SPEECH)
        assert room.state() is TutorState.LISTENING
        assert room.sink.times[-1].barge_in_stop_ms == pytest.approx(80, abs=30)


async def test_the_tutors_own_words_from_a_learner_are_its_echo() -> None:
    stt = ScriptedStt("two three four five")
    async with Room(stt=stt, llm=ScriptedLlm([COUNT])) as room:
        await speaking(room)
        await room.speak(1.2, then=1.2)
        assert room.state() is TutorState.SPEAKING


async def test_speech_before_the_answer_is_heard_continues_the_turn() -> None:
    stt = ScriptedStt("I went to the market", "and I bought some fish there")
    llm = ScriptedLlm(["What did you buy?"])
    async with Room(stt=stt, llm=llm) as room:
        llm.gate.clear()
        await room.speak(1.0, then=1.0)
        assert room.state() is TutorState.THINKING
        await room.speak(1.0, then=0.6)
        assert room.state() is TutorState.LISTENING
        llm.gate.set()
        await room.run(4.0)
        assert llm.closed == 2
        assert [m.text for m in llm.requests[1].messages[1:]] == [
            "I went to the market",
            "and I bought some fish there",
        ]
        assert room.sink.spoken == ["", "What did you buy?"]


HUM_HZ, HUM_PEAK = 137, 8_000
STEEPEST = 2 * np.pi * HUM_HZ / OUTPUT_HZ * HUM_PEAK + HUM_PEAK / FADE + 2
"""Largest step between samples: the slope of the tone, and of a fade."""


def hum(samples: int) -> Pcm:
    """The audio fades in and out and no frame repeats another's start: a steep step is a cut."""
    time = np.arange(samples) / OUTPUT_HZ
    soft = np.clip(np.minimum(time, time[::-1]) / 0.01, 0, 1)
    pcm: Pcm = (HUM_PEAK * soft * np.sin(2 * np.pi * HUM_HZ * time)).astype(np.int16)
    return pcm


class HummingTts(ScriptedTts):
    async def speak(self, request: SpeechRequest) -> AsyncGenerator[SpeechChunk, None]:
        whole, at = hum((len(request.text) + 1) * SAMPLES_A_CHARACTER), 0
        async for chunk in super().speak(request):
            yield SpeechChunk(whole[at : at + len(chunk.pcm)], chunk.marks)
            at += len(chunk.pcm)


async def test_fifty_interruptions_leave_history_and_sound_in_order() -> None:
    stt = ScriptedStt(*(words for i in range(50) for words in ("mm-hm", f"no number {i} please")))
    async with Room(stt=stt, llm=ScriptedLlm([COUNT]), tts=HummingTts()) as room:
        await speaking(room)
        for i in range(50):
            await room.speak(0.3, then=1.0 + i % 10 * 3 * FRAME_S)
            assert room.state() is TutorState.SPEAKING
            await room.speak(1.0, then=1.6)
            assert room.state() is TutorState.SPEAKING
        await room.run(6.0)
        assert room.state() is TutorState.IDLE
        kept = [message.role for message in room.sink.kept]
        assert kept == ["learner", "tutor"] * 51
        answers = [message for message in room.sink.kept if message.role == "tutor"]
        assert [answer.text for answer in answers] == room.sink.spoken
        assert answers[-1].text == COUNT
        assert len({answer.text for answer in answers}) > 3
        for answer in answers:
            assert_sound_fits_words(answer)
        heard = np.concatenate([STILL_VOICE if frame is None else frame for frame in room.played])
        assert np.abs(np.diff(heard.astype(np.int64))).max() <= STEEPEST


def assert_sound_fits_words(answer: Kept) -> None:
    """The audio is the beginning of the engine's, up to within the last word or just after it."""
    assert answer.audio is not None
    assert COUNT.startswith(answer.text)
    whole = hum((len(COUNT) + 1) * SAMPLES_A_CHARACTER)
    assert np.array_equal(answer.audio, whole[: len(answer.audio)])
    last, following = answer.text.rfind(" ") + 1, len(answer.text) + 1
    at = answer.speech_s * OUTPUT_HZ / SAMPLES_A_CHARACTER
    assert len(answer.audio) == round(answer.speech_s * OUTPUT_HZ)
    assert last + HEARD_AS_SPOKEN <= at <= following + HEARD_AS_SPOKEN


async def test_an_eager_end_of_turn_starts_a_speculative_answer() -> None:
    stt = ScriptedStt(detects_turns=True)
    llm = ScriptedLlm(["What do you eat with it?"])
    async with Room(stt=stt, llm=llm) as room:
        stream = stt.streams[0]
        await room.run(0.8, ann=SPEECH)
        stream.says("start_of_turn")
        stream.says("partial", "I like")
        stream.says("eager_end_of_turn", "I like rice")
        await room.settle()
        assert llm.requests[0].messages[-1].text == "I like rice"
        assert room.sink.texts == {}
        stream.says("end_of_turn", "I like rice")
        room.dialogue.pause_audio("ann", room.now)
        await room.run(0.2)
        assert len(llm.requests) == 1
        assert room.state() is TutorState.SPEAKING


async def test_a_speculative_answer_is_dropped_when_the_turn_continues() -> None:
    stt = ScriptedStt(detects_turns=True)
    llm = ScriptedLlm(["Early."], ["What do you eat with it?"])
    async with Room(stt=stt, llm=llm) as room:
        stream = stt.streams[0]
        await room.run(0.8, ann=SPEECH)
        stream.says("eager_end_of_turn", "I like")
        await room.settle()
        stream.says("turn_resumed")
        await room.settle()
        assert llm.closed == 1
        stream.says("end_of_turn", "I like rice")
        room.dialogue.pause_audio("ann", room.now)
        await room.run(3.0)
        assert room.sink.spoken == ["What do you eat with it?"]
        assert [m.text for m in llm.requests[1].messages[1:]] == ["I like rice"]


async def test_an_engine_that_forgets_to_end_the_turn_is_overruled() -> None:
    stt = ScriptedStt(detects_turns=True)
    async with Room(stt=stt) as room:
        await room.run(0.8, ann=SPEECH)
        stt.streams[0].says("partial", "I like rice")
        room.dialogue.pause_audio("ann", room.now)
        await room.run(4.0)
        assert room.sink.finals == ["I like rice"]
