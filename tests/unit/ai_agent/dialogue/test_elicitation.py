"""The tutor asks a learner to mend a sentence before it shows the correction: scripted and model alike."""

from __future__ import annotations

import pytest

from ai_agent.dialogue.ports import Learner, Lesson
from ai_agent.providers.local import scripted
from ai_agent.providers.ports import ToolCall
from server.protocol.tutor import Confidence
from tests.fakes.speech import Part, Room, ScriptedLlm, ScriptedStt
from tests.unit.ai_agent.dialogue.test_feedback import ANN, BEN, GROUP, QUESTION

SAID, RIGHT = "I go to Hanoi yesterday", "I went to Hanoi yesterday"
NEARLY = "Nearly! Try that again: think about the past of go."


def found(said: str = SAID, right: str = RIGHT, hint: str = "think about the past of go") -> ToolCall:
    arguments = {
        "originalSentence": said,
        "correctedSentence": right,
        "explanation": "It is over: use the past.",
        "category": "tense",
    }
    return ToolCall("give_feedback", arguments | ({"hint": hint} if hint else {}))


def shown(room: Room) -> list[tuple[str, str | None]]:
    """Corrected sentences and their hints, in the order in which the page got them."""
    return [(item.corrected_sentence, item.hint) for _, item in room.sink.feedback]


HIDDEN, OPEN = (RIGHT, "think about the past of go"), (RIGHT, None)


async def say(room: Room, text: str) -> str:
    """The tutor's answer."""
    room.dialogue.say("ann", text)
    await room.run(12.0)
    return room.sink.spoken[-1] or ""


# models


async def test_a_model_may_ask_and_the_page_hides_the_answer_until_the_second_try() -> None:
    llm = ScriptedLlm([found(), NEARLY], ["Yes, went is right. ", QUESTION])
    async with Room(llm=llm) as room:
        assert await say(room, SAID) == NEARLY
        assert shown(room) == [HIDDEN]
        await say(room, RIGHT)
        assert shown(room) == [HIDDEN, OPEN]
        assert room.sink.feedback[0][1].id == room.sink.feedback[1][1].id
        first, second = room.llm.requests
        assert "you may let the learner mend" in first.system
        assert "hint" in first.tools[0].schema["properties"]  # type: ignore[operator]
        assert 'names what they mended ("went")' in second.system
        assert "hint" not in second.tools[0].schema["properties"]  # type: ignore[operator]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (SAID, "it is not mended yet"),
        ("I don't know", "they would like to hear the answer"),
        ("My sister likes the food in Hue", "they talk about something else"),
    ],
)
async def test_whatever_the_learner_says_next_shows_the_answer(said: str, told: str) -> None:
    async with Room(llm=ScriptedLlm([found(), NEARLY], [QUESTION])) as room:
        await say(room, SAID)
        await say(room, said)
        assert shown(room) == [HIDDEN, OPEN]
        assert told in room.llm.requests[-1].system


async def test_the_same_correction_of_the_second_try_is_not_shown_twice() -> None:
    async with Room(llm=ScriptedLlm([found(), NEARLY], [found(hint=""), QUESTION])) as room:
        await say(room, SAID)
        await say(room, SAID)
        assert shown(room) == [HIDDEN, OPEN]
        assert [times.feedback_dropped for times in room.sink.times] == [0, 0]


async def test_a_model_cannot_ask_more_often_than_the_level_allows() -> None:
    answer: list[Part] = [found("She like rice", "She likes rice", "who is it about?"), QUESTION]
    llm = ScriptedLlm([found(), NEARLY], [QUESTION], answer)
    async with Room(llm=llm) as room:
        await say(room, SAID)
        await say(room, SAID)
        await say(room, "She like rice")
        assert shown(room)[2:] == [("She likes rice", None)]
        assert "you may let the learner mend" not in room.llm.requests[-1].system


async def test_a_hint_that_tells_the_answer_hides_nothing() -> None:
    async with Room(llm=ScriptedLlm([found(hint="say went"), NEARLY])) as room:
        await say(room, SAID)
        assert shown(room) == [OPEN]


async def test_a_model_that_says_the_answer_aloud_has_it_shown() -> None:
    async with Room(llm=ScriptedLlm([found(), f"Try again: {RIGHT}."])) as room:
        await say(room, SAID)
        assert shown(room) == [HIDDEN, OPEN]


async def test_the_button_shows_the_answer() -> None:
    async with Room(llm=ScriptedLlm([found(), NEARLY], [QUESTION])) as room:
        await say(room, SAID)
        room.dialogue.ask_feedback("ann")
        assert shown(room) == [HIDDEN, OPEN]
        await say(room, RIGHT)
        assert "mended" not in room.llm.requests[-1].system
        assert shown(room) == [HIDDEN, OPEN]


async def test_mended_words_are_not_asked_about_any_more() -> None:
    async with Room(llm=ScriptedLlm([found(), NEARLY], [QUESTION])) as room:
        room.dialogue.say("ann", SAID, "turn")
        await room.run(6.0)
        room.dialogue.mend("ann", "turn", RIGHT)
        await room.run(6.0)
        assert shown(room) == [HIDDEN]
        assert "mended" not in room.llm.requests[-1].system


async def test_a_second_try_that_was_misheard_is_compared_again() -> None:
    async with Room(llm=ScriptedLlm([found(), NEARLY], [QUESTION])) as room:
        await say(room, SAID)
        room.dialogue.say("ann", "I wanted to Hanoi yesterday", "retry")
        await room.run(6.0)
        assert "it is not mended yet" in room.llm.requests[-1].system
        room.dialogue.mend("ann", "retry", RIGHT)
        await room.run(6.0)
        assert 'names what they mended ("went")' in room.llm.requests[-1].system


async def test_nobody_is_asked_before_others() -> None:
    llm = ScriptedLlm([found(), NEARLY])
    async with Room(llm=llm, lesson=GROUP, people=(ANN, BEN), history=()) as room:
        room.dialogue.say("ben", SAID)
        await room.run(6.0)
        assert shown(room) == [OPEN]
        assert "you may let the learner mend" not in llm.requests[-1].system


@pytest.mark.parametrize(("confidence", "is_asked"), [(0.99, True), (0.7, False), (None, False)])
async def test_only_words_that_were_surely_heard_are_asked_about(
    confidence: float | None, is_asked: bool
) -> None:
    stt = ScriptedStt(SAID)
    async with Room(stt=stt, llm=ScriptedLlm([found(), NEARLY])) as room:
        stt.streams[0].confidence = confidence
        await room.speak(then=6.0)
        assert [text for _, text, _ in room.sink.transcripts][-1] == SAID
        assert room.sink.confidences[-1] is (
            None if confidence is None else Confidence("high" if is_asked else "middle")
        )
        assert ("you may let the learner mend" in room.llm.requests[-1].system) is is_asked


# the scripted tutor


def scripted_room(level: str = "B1") -> Room:
    return Room(
        mind=scripted.ScriptedLlm(),
        lesson=Lesson("Emma", "en", level, "travel", rate=1.0),
        people=(Learner("ann", "Ann"),),
    )


async def test_the_scripted_tutor_asks_praises_and_goes_on_with_the_talk() -> None:
    async with scripted_room() as room:
        asked = await say(room, "Yesterday I go to Hanoi with my sister")
        assert 'think about the past of "go"' in asked
        assert "went" not in asked
        assert [item.hint for _, item in room.sink.feedback] == ['think about the past of "go"']
        praised = await say(room, "Yesterday I went to Hanoi with my sister")
        assert '"went"' in praised
        assert praised.endswith("?")
        assert [item.hint for _, item in room.sink.feedback][1:] == [None]


async def test_the_scripted_tutor_speaks_english_and_shows_the_hint_in_the_learners_language() -> None:
    async with scripted_room() as room:
        room.dialogue.set_people([Learner("ann", "Ann", native_language="vi")])
        asked = await say(room, "Yesterday I go to Hanoi with my sister")
        assert 'think about the past of "go"' in asked
        assert [item.hint for _, item in room.sink.feedback] == ['hãy nghĩ về dạng quá khứ của "go"']


@pytest.mark.parametrize("said", ["Yesterday I going to Hanoi with my sister", "I don't know"])
async def test_the_scripted_tutor_shows_the_answer_after_one_try(said: str) -> None:
    async with scripted_room() as room:
        await say(room, "Yesterday I go to Hanoi with my sister")
        shown_kindly = await say(room, said)
        assert "Yesterday I went to Hanoi with my sister." in shown_kindly
        assert shown_kindly.endswith("?")
        assert [item.hint for _, item in room.sink.feedback][-1] is None


async def test_the_scripted_tutor_follows_a_learner_who_talks_about_something_else() -> None:
    async with scripted_room() as room:
        await say(room, "Yesterday I go to Hanoi with my sister")
        answer = await say(room, "What does fluent mean?")
        assert "Fluent" in answer
        assert [item.hint for _, item in room.sink.feedback][-1] is None


@pytest.mark.parametrize(
    "said",
    [
        "Yesterday I go to Hanoi. What does rain mean?",
        "My dog die yesterday. I am very sad.",
        "Yesterday I go to Hanoi. It was hot. I eat pho. I liked it a lot.",
    ],
)
async def test_it_is_not_the_moment_to_ask(said: str) -> None:
    async with scripted_room() as room:
        room.dialogue.say("ann", said)
        await room.run(4.0)
        assert [item.hint for _, item in room.sink.feedback if item.hint] == []


async def test_beginners_are_told_first() -> None:
    async with scripted_room("A1") as room:
        for said in ("Yesterday I go to Hanoi", "She don't like rice"):
            await say(room, said)
        assert [item.hint for _, item in room.sink.feedback] == [None, None]


async def test_a_hint_that_is_a_question_ends_with_its_question_mark() -> None:
    async with Room(mind=scripted.ScriptedLlm()) as room:
        asked = await say(room, "She like rice very much")
        assert "who or what is it about?" in asked
        assert "?." not in asked
