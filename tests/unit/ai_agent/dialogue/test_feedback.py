"""Feedback: whose words it may correct, and what is shown if there is none."""

from __future__ import annotations

import pytest

from ai_agent.dialogue.ports import Learner, Lesson, PastMessage
from ai_agent.errors import EngineUnavailable, ProviderError
from ai_agent.providers.chain.fallback import EngineCandidate, FallbackChain
from ai_agent.providers.chain.generation import FallbackLlm
from ai_agent.providers.local import scripted
from ai_agent.providers.ports import Llm, ToolCall
from tests.fakes.speech import Part, Room, ScriptedLlm

QUESTION = "What do you eat with it?"
ANN, BEN = Learner("ann", "Ann"), Learner("ben", "Ben")
GROUP = Lesson("Emma", "en", "B1", "food", one_to_one=False, rate=1.0)
DOWN = EngineUnavailable("mind", retry_after_s=60)


def correction(original: str, corrected: str) -> ToolCall:
    arguments = {
        "originalSentence": original,
        "correctedSentence": corrected,
        "explanation": "So it is said.",
        "category": "verb_form",
    }
    return ToolCall("give_feedback", arguments)


def a_chain(*engines: Llm) -> FallbackLlm:
    return FallbackLlm(FallbackChain([EngineCandidate(engine) for engine in engines], lambda: None))


def lesson(language: str) -> Lesson:
    return Lesson("Emma", language, "A2", "food", rate=1.0)


async def asked(room: Room, said: str) -> list[tuple[str, str]]:
    """Reasons and texts that were shown in place of a correction."""
    async with room:
        room.dialogue.say("ann", said)
        await room.run(3.0)
        room.dialogue.ask_feedback("ann")
        await room.run(1.0)
        return [(reason, text) for _, reason, text in room.sink.no_feedback]


@pytest.mark.parametrize(("language", "said"), [("vi", "Tôi có hai con mèo"), ("de", "Ich habe zwei Katze")])
async def test_a_language_without_a_corrector_gets_no_praise(language: str, said: str) -> None:
    room = Room(mind=a_chain(scripted.ScriptedLlm()), lesson=lesson(language))
    ((reason, text),) = await asked(room, said)
    assert reason == "cannot_check"
    assert "a key" in text
    assert "mistake" not in text


async def test_english_without_a_mistake_is_not_called_free_of_mistakes() -> None:
    room = Room(mind=a_chain(scripted.ScriptedLlm()), lesson=lesson("en"))
    assert await asked(room, "I like rice very much") == [
        ("right", "I found no mistake in that. I can check some mistakes, not all.")
    ]


async def test_english_too_long_to_be_checked_is_not_praised() -> None:
    room = Room(mind=a_chain(scripted.ScriptedLlm()), lesson=lesson("en"))
    ((_, text),) = await asked(room, "we went to the market and " * 9)
    assert "can't judge" in text


@pytest.mark.parametrize(
    "answer", [[DOWN], ["Well do", DOWN], [correction("He go home", "He goes home"), "That was it."]]
)
async def test_a_turn_that_could_not_be_checked_is_not_praised(answer: list[Part]) -> None:
    """Nor is a turn in which an engine found a mistake that it could not quote."""
    ((reason, text),) = await asked(Room(llm=ScriptedLlm([QUESTION], answer)), "I like rice")
    assert (reason, text) == ("not_now", "I could not check that just now. Ask me again in a moment.")


@pytest.mark.parametrize("error", [DOWN, ProviderError("mind")])
async def test_without_the_engine_that_corrects_the_language_the_local_one_does_not_praise(
    error: ProviderError,
) -> None:
    cloud = ScriptedLlm([QUESTION], [error])
    room = Room(mind=a_chain(cloud, scripted.ScriptedLlm()), lesson=lesson("vi"))
    ((reason, _),) = await asked(room, "Tôi có hai con mèo")
    assert reason == "not_now"
    assert len(cloud.requests) == 2


async def test_an_engine_that_corrects_all_languages_comes_before_one_that_does_not() -> None:
    cloud = ScriptedLlm([correction("Tôi là mệt", "Tôi mệt")])
    room = Room(mind=a_chain(scripted.ScriptedLlm(), cloud), lesson=lesson("vi"))
    assert await asked(room, "tôi là mệt") == []
    assert [c.corrected_sentence for _, c in room.sink.feedback] == ["Tôi mệt"]


async def test_a_mistake_of_another_person_is_not_shown_to_the_one_who_is_answered() -> None:
    llm = ScriptedLlm(
        [correction("I goed to the market yesterday", "I went to the market yesterday"), QUESTION]
    )
    async with Room(llm=llm, lesson=GROUP, people=(ANN, BEN), history=()) as room:
        room.dialogue.say("ben", "I goed to the market yesterday")
        await room.run(6.0)
        assert [who for who, _ in room.sink.feedback] == ["ben"]
        room.dialogue.say("ann", "Emma I like to go to the market")
        await room.run(6.0)
        assert [who for who, _ in room.sink.feedback] == ["ben"]
        room.dialogue.ask_feedback("ann")
        await room.run(1.0)
        assert [who for who, _ in room.sink.feedback] == ["ben"]
        assert [times.feedback_dropped for times in room.sink.times] == [0, 1]


async def test_a_sentence_spoken_in_two_turns_is_corrected() -> None:
    llm = ScriptedLlm([correction("Yesterday I goed to the market", "Yesterday I went to the market")])
    async with Room(llm=llm) as room:
        room.dialogue.say("ann", "yesterday I")
        room.dialogue.say("ann", "goed to the market")
        await room.run(3.0)
        assert [who for who, _ in room.sink.feedback] == ["ann"]


async def test_typed_words_without_diacritics_match_the_sentence_with_them() -> None:
    llm = ScriptedLlm([correction("Tôi thich pho", "Tôi thích phở"), QUESTION])
    history = (PastMessage("tutor", "Chào em."),)
    async with Room(llm=llm, lesson=lesson("vi"), history=history) as room:
        room.dialogue.say("ann", "toi thich pho")
        await room.run(3.0)
        assert [c.corrected_sentence for _, c in room.sink.feedback] == ["Tôi thích phở"]
