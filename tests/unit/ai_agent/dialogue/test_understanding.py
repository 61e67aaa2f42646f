"""Words in doubt are asked about, and speech that was not understood gets an answer. On virtual time."""

from __future__ import annotations

import pytest

from ai_agent.dialogue.notices import notices
from ai_agent.dialogue.ports import Lesson
from ai_agent.dialogue.understanding import TABLE, Heard, Move, Stage, heard_as, is_noise, without_no
from ai_agent.providers.ports import ToolCall
from ai_agent.turns.phrases import phrases
from server.protocol.tutor import Confidence, NoFeedbackReason
from tests.fakes.speech import HUM, Room, ScriptedLlm, ScriptedStt

EN = notices("en")
ASKED = EN.did_you_say.format(words="I leave in a tree")
MISTAKE = ToolCall(
    "give_feedback",
    {
        "originalSentence": "I went to market",
        "correctedSentence": "I went to the market",
        "explanation": "We say the market.",
        "category": "article",
    },
)


class Talk(Room):
    """`hear` says what the recogniser makes of a second of speech."""

    def __init__(self, *, llm: ScriptedLlm | None = None, lesson: Lesson | None = None) -> None:
        self.stt = ScriptedStt()
        super().__init__(stt=self.stt, llm=llm or ScriptedLlm(["Good."]), lesson=lesson)

    async def hear(self, text: str, confidence: float | None, *, seconds: float = 1.0) -> None:
        stream = self.stt.streams[0]
        stream.answers[:] = [text] if text else []
        stream.confidence = confidence
        await self.speak(seconds, then=8.0)

    @property
    def said(self) -> list[str | None]:
        return self.sink.spoken

    def asked_llm(self) -> list[tuple[str, str]]:
        return [(str(m.role), m.text) for m in self.llm.requests[-1].messages][1:]


async def test_words_in_doubt_are_asked_about_and_a_yes_has_them_answered() -> None:
    async with Talk() as room:
        await room.hear("I leave in a tree", 0.4)
        assert (room.said, room.llm.requests) == ([ASKED], [])
        await room.hear("Yes.", 0.9)
        assert room.said == [ASKED, "Good."]
        assert room.asked_llm() == [("learner", "I leave in a tree")]
        texts = [(kept.text, kept.confidence) for kept in room.sink.kept if kept.role == "learner"]
        assert texts[-1] == ("I leave in a tree", Confidence.HIGH)
        assert texts[-1] != texts[0]


async def test_another_sentence_replaces_the_words_in_doubt() -> None:
    async with Talk() as room:
        await room.hear("I leave in a tree", 0.4)
        await room.hear("No, I said I live in a city", 0.9)
        assert room.said == [ASKED, "Good."]
        assert room.asked_llm() == [("learner", "I live in a city")]


async def test_after_a_no_the_sentence_is_said_again() -> None:
    async with Talk() as room:
        await room.hear("I leave in a tree", 0.4)
        await room.hear("No", 0.9)
        assert room.said == [ASKED, EN.say_again]
        await room.hear("I live in a city", 0.9)
        assert room.said[-1] == "Good."
        assert ("learner", "I leave in a tree") not in room.asked_llm()


async def test_the_tutor_does_not_ask_twice_in_a_row_and_then_answers_what_it_hears() -> None:
    async with Talk() as room:
        for _ in range(3):
            await room.hear("I leave in a tree", 0.4)
        assert room.said == [ASKED, EN.say_again, "Good."]


async def test_typed_words_answer_the_question_too() -> None:
    async with Talk() as room:
        await room.hear("I leave in a tree", 0.4)
        room.dialogue.say("ann", "I live in a city")
        await room.run(4.0)
        assert room.asked_llm() == [("learner", "I live in a city")]


async def test_words_of_despair_are_not_said_back() -> None:
    async with Talk() as room:
        await room.hear("I want to kill myself", 0.4)
        assert "did you say" not in str(room.said)
        assert room.sink.helplines


async def test_speech_that_was_not_recognised_is_not_met_with_silence() -> None:
    async with Talk() as room:
        await room.hear("", None)
        assert room.said == [EN.not_caught]
        await room.hear("", None)
        assert room.said == [EN.not_caught]
        await room.run(12.0)
        assert room.said == [EN.not_caught, "Good."]  # the tutor speaks first after a silence
        await room.hear("I like rice", 0.9)
        await room.hear("", None)
        assert room.said[-1] == EN.not_caught


async def test_short_sounds_and_noise_get_no_answer() -> None:
    async with Talk() as room:
        await room.hear("", None, seconds=0.5)
        await room.run(1.5, ann=HUM)
        await room.hear("You", 0.3, seconds=0.3)
        assert room.said == []
        assert room.sink.kept == []


async def test_an_empty_turn_is_not_regretted_while_its_words_may_still_come() -> None:
    async with Talk() as room:
        stream = room.stt.streams[0]
        stream.holds_flushes = True
        await room.speak(1.0, then=4.0)
        assert room.said == []
        stream.says("flushed")
        await room.run(3.0)
        assert room.said == [EN.not_caught]


async def test_the_question_is_in_the_language_of_the_lesson() -> None:
    async with Talk(lesson=Lesson("Emma", "vi-VN", "A2", "food")) as room:
        await room.hear("tôi ăn cơm", 0.4)
        assert room.said == [notices("vi").did_you_say.format(words="tôi ăn cơm")]


@pytest.mark.parametrize(("confidence", "corrections"), [(0.4, 0), (0.7, 0), (0.95, 1), (None, 1)])
async def test_an_article_is_taught_only_if_the_words_are_sure(
    confidence: float | None, corrections: int
) -> None:
    async with Talk(llm=ScriptedLlm([MISTAKE, "Good."])) as room:
        await room.hear("I went to market", confidence)
        assert len(room.sink.feedback) == corrections


@pytest.mark.parametrize("confidence", [0.4, 0.7])
async def test_asked_for_feedback_on_words_in_doubt_the_tutor_says_so(confidence: float) -> None:
    async with Talk(llm=ScriptedLlm(["Good."], [MISTAKE])) as room:
        await room.hear("I went to market", confidence)
        room.dialogue.ask_feedback("ann")
        await room.run(1.0)
        assert [reason for _, reason, _ in room.sink.no_feedback] == [NoFeedbackReason.NOT_SURE]


async def test_the_engine_knows_how_sure_the_words_are() -> None:
    async with Talk() as room:
        await room.hear("I went to market", 0.7)
        last = room.llm.requests[-1].messages[-1]
        assert (last.spoken, last.confidence) == (True, Confidence.MIDDLE)
        room.dialogue.say("ann", "I went to market")
        await room.run(1.0)
        last = room.llm.requests[-1].messages[-1]
        assert (last.spoken, last.confidence) == (False, None)


async def test_mended_words_are_answered_anew_and_their_old_corrections_forgotten() -> None:
    async with Talk(llm=ScriptedLlm([MISTAKE, "Good."], ["Oh, a city!"])) as room:
        await room.hear("I went to market", 0.9)
        turn_id = room.sink.kept[0].turn_id
        room.dialogue.mend("ann", turn_id, "I went to the city")
        await room.run(4.0)
        assert room.asked_llm() == [("learner", "I went to the city")]
        assert room.said == ["Good.", "Oh, a city!"]
        learners = [kept for kept in room.sink.kept if kept.role == "learner"]
        assert (learners[-1].message_id, learners[-1].text) == (learners[0].message_id, "I went to the city")
        assert learners[-1].confidence is None


async def test_an_earlier_turn_is_mended_without_an_answer() -> None:
    async with Talk() as room:
        await room.hear("I like mice", 0.9)
        await room.hear("And you", 0.9)
        room.dialogue.mend("ann", room.sink.kept[0].turn_id, "I like rice")
        await room.run(3.0)
        assert len(room.llm.requests) == 2
        room.dialogue.say("ann", "Hello")
        await room.settle()
        assert room.asked_llm()[0] == ("learner", "I like rice")


async def test_nobody_mends_the_words_of_others() -> None:
    async with Talk() as room:
        await room.hear("I like mice", 0.9)
        room.dialogue.mend("ben", room.sink.kept[0].turn_id, "I like rice")
        room.dialogue.mend("ann", "no such turn", "I like rice")
        assert [kept.text for kept in room.sink.kept if kept.role == "learner"] == ["I like mice"]


def test_every_stage_has_a_move_for_all_that_may_be_heard() -> None:
    assert set(TABLE) == {(stage, heard) for stage in Stage for heard in Heard}
    assert all(move is not Move.ASK for (stage, _), (_, move) in TABLE.items() if stage is not Stage.PLAIN)


@pytest.mark.parametrize(
    ("text", "confidence", "heard"),
    [
        ("yes", "low", Heard.YES),
        ("Yes, I did.", "high", Heard.YES),
        ("Yes I live in a big city", "high", Heard.CLEAR),
        ("no", None, Heard.NO),
        ("No, I said a city", "high", Heard.CLEAR),
        ("stop", "low", Heard.CLEAR),
        ("banana", "low", Heard.NOTHING),
        ("word " * 30, "low", Heard.NOTHING),
        ("I leave in a tree", "low", Heard.DOUBTFUL),
        ("I leave in a tree", "middle", Heard.CLEAR),
        ("I leave in a tree", None, Heard.CLEAR),
    ],
)
def test_what_words_are_heard_as(text: str, confidence: str | None, heard: Heard) -> None:
    grade = Confidence(confidence) if confidence else None
    assert heard_as(text, grade, EN, phrases("en")) is heard


def test_a_single_word_in_doubt_is_noise_only_if_it_is_short() -> None:
    assert is_noise("You", Confidence.LOW, 0.3)
    assert not is_noise("You", Confidence.LOW, 0.5)
    assert not is_noise("You", Confidence.HIGH, 0.3)


@pytest.mark.parametrize(
    ("text", "meant"),
    [("No, I said I went home", "I went home"), ("No. We flew.", "We flew."), ("I went home", "I went home")],
)
def test_the_right_words_follow_a_no(text: str, meant: str) -> None:
    assert without_no(text, EN) == meant
