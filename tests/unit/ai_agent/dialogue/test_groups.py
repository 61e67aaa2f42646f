"""Several people and one tutor."""

from __future__ import annotations

from dataclasses import replace

from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.providers.ports import ToolCall
from server.protocol.tutor import TutorState
from tests.fakes.speech import SPEECH, Room, ScriptedLlm, ScriptedStt

ANN, BEN = Learner("ann", "Ann", is_host=True), Learner("ben", "Ben")
GROUP = Lesson("Emma", "en", "B1", "food", one_to_one=False, rate=1.0)
COUNT = "One two three four five six seven eight nine ten."


def group(*hears: str, llm: ScriptedLlm | None = None, lesson: Lesson = GROUP) -> Room:
    return Room(stt=ScriptedStt(*hears), llm=llm, lesson=lesson, people=(ANN, BEN), history=())


async def test_the_tutor_answers_a_person_who_names_it_and_no_talk_between_others() -> None:
    async with group("Ben what did you eat", "Emma what is the past of eat") as room:
        await room.speak(then=2.0, who="ann")
        assert room.state() is TutorState.IDLE
        assert not room.llm.requests
        await room.speak(then=2.0, who="ben")
        assert room.state() is TutorState.SPEAKING
        assert [(m.name, m.text) for m in room.llm.requests[0].messages] == [
            ("Ann", "Ben what did you eat"),
            ("Ben", "Emma what is the past of eat"),
        ]
        assert room.llm.requests[0].lesson.learner == "Ben"


async def test_the_tutor_waits_while_others_speak() -> None:
    async with group("Emma what is the past of eat", "I ate soup") as room:
        await room.run(1.0, ann=SPEECH)
        await room.run(0.6, ann=SPEECH, ben=SPEECH)
        room.dialogue.pause_audio("ann", room.now)
        await room.run(2.0, ben=SPEECH)
        assert room.llm.requests
        assert room.heard_s == 0
        room.dialogue.pause_audio("ben", room.now)
        await room.run(4.0)
        assert room.heard_s > 1
        assert len(room.llm.requests) == 1


async def test_words_of_any_learner_interrupt_the_tutor() -> None:
    async with group("Emma count please", "Ann let us go home now", llm=ScriptedLlm([COUNT])) as room:
        await room.speak(then=1.6, who="ann")
        assert room.state() is TutorState.SPEAKING
        await room.speak(1.0, then=1.5, who="ben")
        assert room.state() is TutorState.IDLE
        assert room.sink.spoken[0] not in {"", COUNT}
        assert len(room.llm.requests) == 1


async def test_the_button_lets_the_tutor_answer_the_last_words() -> None:
    async with group("I do not know the word for it") as room:
        await room.speak(then=1.5, who="ann")
        assert not room.llm.requests
        room.dialogue.ask_tutor("ben")
        await room.run(0.3)
        assert room.state() is TutorState.SPEAKING


async def test_the_button_before_speaking_addresses_the_next_turn_to_the_tutor() -> None:
    async with group("I do not know the word for it", "me neither") as room:
        room.dialogue.ask_tutor("ann")
        await room.speak(then=4.0, who="ann")
        assert len(room.llm.requests) == 1
        await room.run(10.0)
        await room.speak(then=2.0, who="ben")
        assert len(room.llm.requests) == 1


async def test_a_raised_hand_addresses_the_tutor() -> None:
    async with group("I do not know the word for it") as room:
        room.dialogue.set_people((replace(ANN, hand_raised=True), BEN))
        await room.speak(then=1.5, who="ann")
        assert room.llm.requests


async def test_a_hand_that_speaking_lowers_still_addresses_the_tutor() -> None:
    async with group("I do not know the word for it") as room:
        room.dialogue.set_people((replace(ANN, hand_raised=True), BEN))
        await room.run(1.0, ann=SPEECH)
        room.dialogue.set_people((ANN, BEN))
        room.dialogue.pause_audio("ann", room.now)
        await room.run(1.5)
        assert room.llm.requests


async def test_the_tutor_breaks_a_long_silence_only_if_set_and_once() -> None:
    async with group() as room:
        await room.run(40.0)
        assert not room.llm.requests
    async with group(lesson=replace(GROUP, breaks_silence=True)) as room:
        await room.run(70.0)
        assert [request.lesson.purpose for request in room.llm.requests] == ["break_silence"]


async def test_a_learner_who_leaves_during_a_turn_leaves_no_open_turn() -> None:
    async with group("hello there everybody") as room:
        await room.run(1.0, ben=SPEECH)
        assert room.state() is TutorState.LISTENING
        room.dialogue.set_people((ANN,))
        await room.run(1.0)
        assert room.state() is TutorState.IDLE


async def test_a_correction_reaches_only_its_speaker() -> None:
    arguments = {
        "originalSentence": "He go home",
        "correctedSentence": "He goes home",
        "explanation": "With he the verb gets an s.",
        "category": "agreement",
    }
    llm = ScriptedLlm([ToolCall("give_feedback", arguments), "Good question, Ben."])
    async with group("Emma he go home is it correct", llm=llm) as room:
        await room.speak(then=1.5, who="ben")
        assert [who for who, _ in room.sink.feedback] == ["ben"]
        assert "Never tell one person's mistakes" in llm.requests[0].system


async def test_people_may_answer_each_other_before_the_tutor_does() -> None:
    async with group("how do you say that in English") as room:
        await room.speak(then=2.0, who="ann")
        assert not room.llm.requests
        await room.run(3.0)
        assert [request.lesson.learner for request in room.llm.requests] == ["Ann"]
    async with group("how do you say that in English", "it is called a pebble") as room:
        await room.speak(then=2.0, who="ann")
        await room.speak(then=8.0, who="ben")
        assert not room.llm.requests


async def test_a_cough_does_not_answer_an_open_question() -> None:
    async with group("how do you say that in English", "") as room:
        await room.speak(then=2.0, who="ann")
        await room.speak(0.6, then=6.0, who="ben")
        assert len(room.llm.requests) == 1


async def test_the_person_whom_the_tutor_asks_by_name_answers_it() -> None:
    asks = ScriptedLlm(["Nice! Ann, what do you eat?"])
    async with group("Emma I eat rice", "mostly noodles and soup", llm=asks) as room:
        await room.speak(then=5.0, who="ben")
        await room.speak(then=2.0, who="ann")
        assert [request.lesson.learner for request in room.llm.requests] == ["Ben", "Ann"]
