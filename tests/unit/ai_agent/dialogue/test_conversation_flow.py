"""Whole conversations with scripted engines, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np
import pytest

from ai_agent.audio import OUTPUT_HZ, Pcm
from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.errors import EngineUnavailable
from ai_agent.providers.ports import ToolCall
from ai_agent.turns.endpointing import DELAY_S
from ai_agent.vad.finished import OnJudgement
from server.protocol.tutor import TutorState
from tests.fakes.speech import HUM, SPEECH, STILL, Room, ScriptedLlm, ScriptedStream, ScriptedStt, ScriptedTts

MISTAKE = ToolCall(
    "give_feedback",
    {
        "originalSentence": "She like rice",
        "correctedSentence": "She likes rice",
        "explanation": "With she, he and it the verb gets an s.",
        "category": "agreement",
    },
)


class SlowStt(ScriptedStt):
    """Connects when the test permits it."""

    def __init__(self, *hears: str) -> None:
        super().__init__(*hears)
        self.may_open = asyncio.Event()

    async def open(self, language: str, *, hints: Sequence[str] = ()) -> ScriptedStream:
        await self.may_open.wait()
        return await super().open(language, hints=hints)


QUESTION = "What do you eat with it?"


async def test_a_spoken_turn_is_answered_aloud() -> None:
    async with Room(stt=ScriptedStt("I like rice"), llm=ScriptedLlm([QUESTION])) as room:
        await room.speak(then=4.0)
        assert room.sink.finals == ["I like rice"]
        assert [kept.text for kept in room.sink.kept] == ["I like rice", QUESTION]
        assert room.sink.states == [
            TutorState.IDLE,
            TutorState.LISTENING,
            TutorState.THINKING,
            TutorState.SPEAKING,
            TutorState.IDLE,
        ]
        assert room.heard_s == pytest.approx((len(QUESTION) + 1) * 0.06, abs=0.05)
        assert room.llm.requests[0].messages[-1].text == "I like rice"
        assert room.sink.spoken == [QUESTION]


@pytest.mark.parametrize(
    ("confidence", "shown"), [(0.4, "low"), (0.7, "middle"), (0.9, "high"), (None, None)]
)
async def test_a_final_transcript_says_how_sure_the_recogniser_is(
    confidence: float | None, shown: str | None
) -> None:
    stt = ScriptedStt("I like rice")
    async with Room(stt=stt) as room:
        stt.streams[0].confidence = confidence
        await room.speak(then=2.0)
        assert room.sink.finals == ["I like rice"]
        assert room.sink.confidences[-1] == room.sink.kept[0].confidence == shown
        room.dialogue.say("ann", "And tea")
        assert room.sink.finals[-1] == "And tea"
        assert room.sink.confidences[-1] is None


async def test_the_tutors_messages_are_stored_with_their_audio() -> None:
    async with Room(stt=ScriptedStt("I like rice"), llm=ScriptedLlm([QUESTION])) as room:
        await room.speak(then=4.0)
        learner, tutor = room.sink.kept
        assert learner.audio is None
        assert tutor.audio is not None
        assert tutor.speech_s == pytest.approx(len(tutor.audio) / OUTPUT_HZ)
        assert tutor.speech_s > 1


async def test_a_learners_audio_is_stored_only_with_consent() -> None:
    people = (Learner("ann", "Ann", keep_audio=True),)
    async with Room(stt=ScriptedStt("I like rice"), people=people) as room:
        await room.speak(1.0, then=2.0)
        audio = room.sink.kept[0].audio
        assert audio is not None
        assert 0.9 < len(audio) / 16_000 < 2.0


async def test_a_track_without_speech_does_not_run_the_vad() -> None:
    async with Room(stt=ScriptedStt()) as room:
        await room.run(2.0, ann=STILL)
        assert room.vad.windows == 0
        await room.run(0.5, ann=HUM)
        assert room.vad.windows > 0
        assert room.state() is TutorState.IDLE


async def test_a_pause_within_the_turn_does_not_end_it() -> None:
    stt = ScriptedStt("I went to the market", "and I bought some fish")
    async with Room(stt=stt) as room:
        await room.speak(1.0, then=0.6)
        await room.speak(1.0, then=2.0)
        assert room.sink.finals == ["I went to the market and I bought some fish"]


async def test_an_unfinished_sentence_gets_a_longer_wait() -> None:
    async with Room(stt=ScriptedStt("I went to the")) as room:
        await room.speak(1.0, then=1.3)
        assert room.state() is TutorState.LISTENING
        await room.run(0.6)
        assert room.sink.finals == ["I went to the"]


async def test_a_turn_whose_last_words_are_late_is_answered() -> None:
    stt = ScriptedStt("I like rice")
    async with Room(stt=stt) as room:
        stt.streams[0].holds_flushes = True
        await room.speak(1.0, then=1.5)
        assert room.state() is TutorState.LISTENING
        stt.streams[0].answer()
        await room.run(0.2)
        assert room.sink.finals == ["I like rice"]
        assert room.state() in {TutorState.THINKING, TutorState.SPEAKING}


async def test_speech_after_a_flush_is_flushed_again() -> None:
    stt = ScriptedStt("Ann", "what did you eat")
    async with Room(stt=stt) as room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.speak(0.6, then=0.5)
        assert stream.flushes == 1
        await room.run(0.3, ann=SPEECH)
        stream.answer()
        stream.holds_flushes = False
        await room.speak(0.6, then=3.0)
        assert room.sink.finals == ["Ann what did you eat"]


async def test_a_short_sound_without_words_gets_no_reply() -> None:
    async with Room(stt=ScriptedStt()) as room:
        await room.speak(0.5, then=2.0)
        assert room.sink.finals == [""]
        assert room.state() is TutorState.IDLE
        assert not room.llm.requests


async def test_a_recogniser_that_never_answers_does_not_block_the_dialogue() -> None:
    stt = ScriptedStt("late")
    async with Room(stt=stt) as room:
        stt.streams[0].holds_flushes = True
        await room.speak(1.0, then=4.0)
        assert room.state() is TutorState.IDLE
        room.dialogue.say("ann", "Can you hear me?")
        await room.run(0.2)
        assert room.state() is TutorState.SPEAKING


async def test_typed_words_interrupt_the_tutor_and_are_answered() -> None:
    async with Room(llm=ScriptedLlm(["One two three four five six."], ["Seven."])) as room:
        room.dialogue.say("ann", "Count, please.")
        await room.run(0.5)
        room.dialogue.say("ann", "Stop, now from seven.")
        await room.run(2.0)
        assert room.sink.finals == ["Count, please.", "Stop, now from seven."]
        assert room.sink.spoken[0] in {"One two", "One two three"}
        assert room.sink.spoken[1] == "Seven."


async def test_the_tutor_greets_once_and_only_in_a_one_to_one_lesson() -> None:
    async with Room(history=()) as room:
        await room.run(1.0)
        assert [request.lesson.purpose for request in room.llm.requests] == ["greet"]
        await room.run(5.0)
        assert len(room.llm.requests) == 1
    lesson = Lesson("Emma", "en", "B1", "food", one_to_one=False)
    async with Room(history=(), lesson=lesson) as room:
        await room.run(1.0)
        assert not room.llm.requests


async def test_a_silent_learner_alone_with_the_tutor_is_helped_once() -> None:
    async with Room(stt=ScriptedStt("I like rice"), history=()) as room:
        await room.run(40.0)
        assert [request.lesson.purpose for request in room.llm.requests] == ["greet", "break_silence"]
        await room.speak(then=40.0)
        purposes = [request.lesson.purpose for request in room.llm.requests]
        assert purposes[2:] == ["reply", "break_silence"]


async def test_a_learner_who_speaks_slowly_is_not_helped_in_between() -> None:
    async with Room(stt=ScriptedStt("I like rice"), history=()) as room:
        await room.run(8.0)
        await room.run(15.0, ann=SPEECH)
        assert [request.lesson.purpose for request in room.llm.requests] == ["greet"]


async def test_a_continued_conversation_gets_no_second_greeting() -> None:
    async with Room() as room:
        await room.run(2.0)
        assert not room.llm.requests


async def test_corrections_go_to_the_speaker() -> None:
    async with Room(stt=ScriptedStt("She like rice"), llm=ScriptedLlm([MISTAKE, MISTAKE, QUESTION])) as room:
        await room.speak(then=1.0)
        assert [(who, c.corrected_sentence, c.category) for who, c in room.sink.feedback] == [
            ("ann", "She likes rice", "agreement")
        ]


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {**MISTAKE.arguments, "correctedSentence": "she like rice."},
        {**MISTAKE.arguments, "explanation": 7},
    ],
)
async def test_a_bad_correction_is_dropped(arguments: dict[str, object]) -> None:
    llm = ScriptedLlm([ToolCall("give_feedback", arguments), ToolCall("drop_tables", {}), QUESTION])
    async with Room(llm=llm) as room:
        room.dialogue.say("ann", "She like rice")
        await room.run(3.0)
        assert room.sink.feedback == []
        assert room.sink.spoken == [QUESTION]


async def test_feedback_on_request_covers_the_last_turn_and_is_not_spoken() -> None:
    async with Room(llm=ScriptedLlm([QUESTION], [MISTAKE, "You write well."])) as room:
        room.dialogue.say("ann", "She like rice")
        await room.run(3.0)
        before = room.heard_s
        room.dialogue.ask_feedback("ann")
        await room.run(1.0)
        assert room.llm.requests[1].lesson.purpose == "feedback"
        assert room.llm.requests[1].messages[-1].text == "She like rice"
        assert [c.corrected_sentence for _, c in room.sink.feedback] == ["She likes rice"]
        assert room.heard_s == before


async def test_feedback_on_a_correct_turn_says_so() -> None:
    async with Room(llm=ScriptedLlm([QUESTION], [])) as room:
        room.dialogue.ask_feedback("ann")
        room.dialogue.say("ann", "She likes rice")
        await room.run(3.0)
        room.dialogue.ask_feedback("ann")
        await room.run(1.0)
        assert [reason for _, reason, _ in room.sink.no_feedback] == ["nothing_said", "right"]


async def test_without_an_answering_engine_the_tutor_apologises_and_is_ready_again() -> None:
    llm = ScriptedLlm([EngineUnavailable("mind")], ["I am back."])
    async with Room(llm=llm) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(6.0)
        assert "Sorry" in "".join(room.sink.texts.values())
        assert room.state() is TutorState.IDLE
        assert [kept.role for kept in room.sink.kept] == ["learner"]
        room.dialogue.say("ann", "And now?")
        await room.run(2.0)
        assert room.sink.spoken[-1] == "I am back."


async def test_an_answer_that_breaks_off_is_spoken_as_far_as_it_was_received() -> None:
    async with Room(llm=ScriptedLlm(["I like it. ", EngineUnavailable("mind")])) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(2.0)
        assert room.sink.spoken == ["I like it."]
        assert room.state() is TutorState.IDLE


@pytest.mark.parametrize("broken", [True, False])
async def test_without_a_speech_engine_the_answer_is_text(broken: bool) -> None:
    tts = ScriptedTts(fails_after=0) if broken else None
    async with Room(tts=tts, voiceless=not broken, llm=ScriptedLlm([QUESTION])) as room:
        room.dialogue.say("ann", "I like rice")
        await room.run(0.5)
        assert room.heard_s == 0
        assert room.sink.spoken == [QUESTION]
        assert room.state() is TutorState.IDLE


async def test_a_hanging_engine_is_given_up() -> None:
    llm = ScriptedLlm([QUESTION])
    llm.gate.clear()
    async with Room(llm=llm) as room:
        room.dialogue.say("ann", "Hello?")
        await room.run(21.0)
        assert room.state() is TutorState.IDLE
        assert llm.closed == 1


async def test_leaving_stops_everything() -> None:
    room = Room(llm=ScriptedLlm(["A long answer that takes many seconds to say aloud, as all can see here."]))
    async with room:
        room.dialogue.say("ann", "Hello?")
        await room.run(0.5)
    assert room.llm.closed == 1
    assert room.dialogue.tick(room.now) is None
    await room.dialogue.aclose()
    assert room.sink.spoken[0] != ""


async def test_held_speech_ends_at_the_release_and_not_at_a_pause() -> None:
    stt = ScriptedStt("I think", "that it is good")
    async with Room(stt=stt) as room:
        room.dialogue.hold("ann", True)
        await room.speak(0.6, then=3.0)
        assert room.state() is TutorState.LISTENING
        await room.run(0.6, ann=SPEECH)
        released = room.now
        room.dialogue.hold("ann", False)
        await room.run(0.4, ann=STILL)
        assert room.sink.finals
        assert room.now - released < 0.5
        assert room.sink.kept[0].speech_s > 3


async def test_holding_silences_the_tutor_at_once() -> None:
    async with Room(stt=ScriptedStt("yes"), llm=ScriptedLlm(["One two three four five six seven."])) as room:
        room.dialogue.say("ann", "Count")
        await room.run(0.6)
        assert room.state() is TutorState.SPEAKING
        room.dialogue.hold("ann", True)
        assert room.state() is TutorState.LISTENING
        await room.run(0.2)
        assert room.played[-1] is None


async def test_words_from_the_browser_become_a_turn() -> None:
    async with Room(people=(Learner("ann", "Ann", recognition="browser"),)) as room:
        room.dialogue.recognized("ann", "I like", is_final=False)
        await room.run(0.2)
        room.dialogue.recognized("ann", "I like rice", is_final=True)
        await room.run(1.0)
        assert room.sink.transcripts[0] == ("ann", "I like", False)
        assert room.sink.finals == ["I like rice"]
        assert room.state() in {TutorState.THINKING, TutorState.SPEAKING}


async def test_the_browsers_words_after_the_release_belong_to_the_same_turn() -> None:
    async with Room(people=(Learner("ann", "Ann", recognition="browser"),)) as room:
        room.dialogue.hold("ann", True)
        room.dialogue.recognized("ann", "I like", is_final=False)
        await room.run(1.0)
        room.dialogue.hold("ann", False)
        await room.run(1.0)
        assert room.sink.finals == []
        room.dialogue.recognized("ann", "I like rice", is_final=True)
        await room.run(0.1)
        assert room.sink.finals == ["I like rice"]


async def test_a_browser_without_a_final_does_not_block_the_turn() -> None:
    async with Room(people=(Learner("ann", "Ann", recognition="browser"),)) as room:
        room.dialogue.hold("ann", True)
        room.dialogue.recognized("ann", "I like rice", is_final=True)
        await room.run(1.0)
        room.dialogue.hold("ann", False)
        await room.run(1.0)
        assert room.sink.finals == ["I like rice"]
        room.dialogue.hold("ann", True)
        room.dialogue.recognized("ann", "with", is_final=False)
        room.dialogue.hold("ann", False)
        await room.run(3.0)
        assert room.sink.finals == ["I like rice", "with"]


async def test_words_of_a_page_that_does_not_use_browser_recognition_are_ignored() -> None:
    async with Room(stt=ScriptedStt()) as room:
        room.dialogue.recognized("ann", "I like rice", is_final=True)
        room.dialogue.recognized("nobody", "I like rice", is_final=True)
        await room.run(2.0)
        assert room.sink.transcripts == []


async def test_a_failed_recogniser_is_announced_and_typing_still_works() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt) as room:
        stt.streams[0].fails(EngineUnavailable("stt"))
        await room.settle()
        assert room.sink.changes == 1
        assert "cannot hear you" in "".join(room.sink.texts.values())
        await room.speak(1.0, then=3.0)
        assert room.state() is TutorState.IDLE
        room.dialogue.say("ann", "Hello?")
        await room.run(0.3)
        assert room.state() is TutorState.SPEAKING


async def test_speech_before_the_recogniser_was_connected_is_not_lost() -> None:
    stt = SlowStt("I like rice")
    async with Room(stt=stt) as room:
        await room.run(0.6, ann=SPEECH)
        assert not stt.streams
        stt.may_open.set()
        await room.run(0.4, ann=SPEECH)
        room.dialogue.pause_audio("ann", room.now)
        await room.run(1.5)
        assert stt.streams[0].pushed >= 16_000
        assert room.sink.finals == ["I like rice"]


async def test_a_recogniser_that_ignores_a_flush_is_used_again() -> None:
    stt = ScriptedStt()
    async with Room(stt=stt) as room:
        stream = stt.streams[0]
        stream.holds_flushes = True
        await room.speak(0.5, then=4.0)
        await room.run(5.0)
        stream.holds_flushes = False
        stream.answers.append("Hello again")
        await room.speak(0.5, then=2.0)
        assert room.sink.finals == ["", "Hello again"]


async def test_topic_and_level_can_change_during_the_conversation() -> None:
    async with Room() as room:
        room.dialogue.set_lesson(Lesson("Emma", "en", "A1", "travel"))
        room.dialogue.say("ann", "Hello")
        await room.run(0.2)
        request = room.llm.requests[0]
        assert (request.lesson.level, request.lesson.topic) == ("A1", "travel")
        assert "Level A1" in request.system
        assert "trip" in request.system


async def test_times_of_a_turn_are_reported() -> None:
    async with Room(stt=ScriptedStt("I like rice"), llm=ScriptedLlm([QUESTION])) as room:
        await room.speak(then=3.0)
        times, pause_ms = room.sink.times[0], DELAY_S["B1"] * 1000
        assert times.endpointing_ms == pytest.approx(pause_ms, abs=60)
        assert times.voice_to_voice_ms == pytest.approx(pause_ms, abs=100)
        assert times.began_ms_ago == pytest.approx(pause_ms + (len(QUESTION) + 1) * 60, abs=120)
        assert (times.stt, times.llm, times.tts) == ("scripted stt", "scripted llm", "scripted tts")


@pytest.mark.parametrize("name", ["silence", "noise", "clipping", "short", "empty", "square"])
async def test_invalid_audio_never_blocks_the_loop(name: str) -> None:
    rng = np.random.default_rng(5)
    pcm = {
        "silence": STILL,
        "noise": rng.integers(-32768, 32767, 320).astype(np.int16),
        "clipping": np.full(320, 32767, np.int16),
        "short": SPEECH[:7],
        "empty": SPEECH[:0],
        "square": np.where(np.arange(320) % 2, 32767, -32768).astype(np.int16),
    }[name]
    async with Room(stt=ScriptedStt()) as room:
        await room.run(3.0, ann=pcm)
        room.dialogue.pause_audio("ann", room.now)
        await room.run(4.0)
        assert room.state() is TutorState.IDLE
        room.dialogue.say("ann", "Hello")
        await room.run(0.3)
        assert room.state() is TutorState.SPEAKING


class Judge:
    """Keeps what it was asked, answers when the test does."""

    def __init__(self) -> None:
        self.asked: list[tuple[Pcm, OnJudgement]] = []

    def judge(self, speech: Pcm, on_judgement: OnJudgement) -> None:
        self.asked.append((speech, on_judgement))

    def answer(self, probability: float) -> None:
        self.asked[-1][1](probability)


async def test_each_pause_is_judged_once_and_what_sounds_unfinished_gets_a_longer_one() -> None:
    judge = Judge()
    async with Room(stt=ScriptedStt("I like", "rice"), judge=judge) as room:
        await room.speak(1.0, then=0.5)
        assert len(judge.asked) == 1
        judge.answer(0.1)
        await room.run(0.8)
        assert not room.llm.requests
        await room.speak(1.0, then=0.5)
        assert len(judge.asked) == 2
        judge.answer(0.99)
        await room.run(0.4)
        assert room.sink.finals == ["I like rice"]


async def test_a_judgement_that_comes_after_the_learner_spoke_on_is_ignored() -> None:
    judge = Judge()
    async with Room(stt=ScriptedStt("I like", "rice"), judge=judge) as room:
        await room.speak(1.0, then=0.5)
        late = judge.asked[-1][1]
        await room.speak(1.0, then=0.5)
        late(0.0)
        await room.run(0.5)
        assert room.sink.finals == ["I like rice"]


async def test_held_speech_is_not_judged() -> None:
    judge = Judge()
    async with Room(stt=ScriptedStt("I like rice"), judge=judge) as room:
        room.dialogue.hold("ann", True)
        await room.speak(1.0, then=0.5)
        room.dialogue.hold("ann", False)
        await room.run(1.0)
        assert judge.asked == []
