"""A class that the tutor teaches: sentence by sentence, interrupted, steered, with questions at its end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ai_agent.classes.course import Question, SubTopic
from ai_agent.classes.teaching import ANSWER_WITHIN_S, Style, Taught
from ai_agent.classes.words import class_words
from ai_agent.dialogue.ports import Learner, Lesson
from server.protocol.classes import ClassAction, ClassPhase, ClassPlace, ClassRef
from server.protocol.tutor import Confidence, TutorState
from tests.fakes.speech import SPEECH, Room, ScriptedLlm, ScriptedStt, ScriptedTts

ANN, BEN = Learner("ann", "Ann", is_host=True), Learner("ben", "Ben")
GROUP = Lesson("Emma", "en", "B1", "food", one_to_one=False, rate=1.0)
REF = ClassRef(course_id="1", module_index=0, sub_topic_index=2)
MARKET = SubTopic(
    "At the market",
    ("Welcome.", "Here you can buy fresh fruit today.", "Ask for a kilo.", "Bye."),
    (
        Question("What can you buy?", ("fruit", "apples")),
        Question("What do you like to eat?"),
    ),
    (2, 2),
)
WORDS = class_words("en")
QUIET = Style(announces=False)
STARTED, ASKED = ClassPlace(sentence=1), ClassPlace(sentence=3, question=0)


def in_class(
    *hears: str,
    llm: ScriptedLlm | None = None,
    at: ClassPlace | None = None,
    people: tuple[Learner, ...] = (ANN, BEN),
    topic: SubTopic = MARKET,
    style: Style | None = None,
    tts: ScriptedTts | None = None,
    voiceless: bool = False,
) -> ClassRoom:
    taught = Taught("class1", REF, topic, at or ClassPlace(), style or Style())
    stt = ScriptedStt(*hears)
    room = ClassRoom(stt=stt, llm=llm, lesson=GROUP, people=people, history=(), tts=tts, voiceless=voiceless)
    room.taught = taught
    return room


class ClassRoom(Room):
    taught: Taught

    async def __aenter__(self) -> ClassRoom:
        await super().__aenter__()
        self.dialogue.teach(self.taught)
        return self

    @property
    def said(self) -> list[str]:
        """Return what the tutor began to say, in order."""
        return [text.strip() for text in self.sink.texts.values()]

    @property
    def heard(self) -> list[int]:
        return [index for move in self.sink.moves for index in move.heard]

    @property
    def place(self) -> ClassMoveView:
        last = self.sink.moves[-1]
        return last.phase, last.sentence, last.question

    async def until_said(self, text: str, within_s: float = 40.0) -> None:
        """Runs until the tutor has begun to say this."""
        end = self.now + within_s
        while self.said[-1:] != [text]:
            assert self.now < end, (text, self.said)
            await self.run(0.1)

    async def until_speaking(self) -> None:
        end = self.now + 10.0
        while self.state() is not TutorState.SPEAKING:
            assert self.now < end, self.said
            await self.run(0.02)


ClassMoveView = tuple[ClassPhase, int, int | None]


async def test_a_class_is_said_sentence_by_sentence_and_then_asks_its_questions() -> None:
    async with in_class() as room:
        await room.until_said(f"{WORDS.questions} What can you buy?")
        assert room.said[:-1] == [WORDS.opening.format(title="At the market"), *MARKET.sentences]
        assert room.heard == [0, 1, 2, 3]
        assert room.place == (ClassPhase.ASKING, 3, 0)
        assert not room.llm.requests
        assert room.heard_s > 60 * sum(map(len, MARKET.sentences)) / 1_000


async def test_a_question_of_a_learner_stops_the_class_is_answered_and_the_sentence_said_again() -> None:
    llm = ScriptedLlm(["Fruit grows on trees."])
    async with in_class("What is fruit please", llm=llm, at=ClassPlace(sentence=1)) as room:
        await room.until_said("Here you can buy fresh fruit today.")
        await room.until_speaking()
        await room.run(0.3)
        await room.speak(1.0, then=1.0, who="ben")
        assert room.said[-1] == "Fruit grows on trees."
        taught = room.llm.requests[0].lesson.taught
        assert taught is not None
        assert taught.said[-1] == "Here you can buy fresh fruit today."
        assert "The class goes on by itself" in room.llm.requests[0].system
        await room.until_said("Ask for a kilo.")
        assert room.said.count("Here you can buy fresh fruit today.") == 2
        assert room.heard == [1]


async def test_talk_to_another_learner_is_not_answered_and_the_class_goes_on() -> None:
    async with in_class("Ben do you have a pen", at=STARTED) as room:
        await room.until_said("Here you can buy fresh fruit today.")
        await room.speak(1.0, then=2.5, who="ann")
        await room.until_said("Ask for a kilo.")
        assert not room.llm.requests


@pytest.mark.parametrize("words", ["Ben go on", "say that again please", "What does kilo mean"])
async def test_nothing_is_said_while_somebody_speaks(words: str) -> None:
    async with in_class(words, at=STARTED) as room:
        await room.until_said("Ask for a kilo.")
        await room.run(1.0, ben=SPEECH)
        said = len(room.said)
        await room.run(4.0, ben=SPEECH)
        assert len(room.said) == said


@pytest.mark.parametrize(
    ("heard_s", "again"), [(1.7, "Here you can buy fresh fruit today."), (0.3, "Welcome.")]
)
async def test_again_says_the_sentence_again_or_at_its_beginning_the_one_before(
    heard_s: float, again: str
) -> None:
    async with in_class(style=QUIET) as room:
        await room.until_said("Here you can buy fresh fruit today.")
        await room.until_speaking()
        await room.run(heard_s)
        room.dialogue.say("ben", "Emma, can you say that again please?")
        await room.run(0.2)
        assert room.said[-1] == again
        assert not room.llm.requests


async def test_a_pause_lasts_until_somebody_says_to_go_on() -> None:
    async with in_class("wait a moment", "okay go on please", at=STARTED) as room:
        await room.until_said("Here you can buy fresh fruit today.")
        await room.until_speaking()
        await room.speak(1.0, then=6.0, who="ben")
        assert room.said[-1] == WORDS.paused
        assert room.place[0] is ClassPhase.PAUSED
        await room.run(12.0)
        assert room.said[-1] == WORDS.paused
        await room.speak(1.0, then=1.0, who="ben")
        await room.until_said("Ask for a kilo.")
        assert room.said[-2] == "Here you can buy fresh fruit today."


async def test_in_a_pause_people_talk_among_themselves() -> None:
    async with in_class("I want to buy a lot of fruit today") as room:
        room.dialogue.control_class(ClassAction.PAUSE)
        await room.speak(1.0, then=3.0, who="ben")
        assert not room.llm.requests
        room.dialogue.say("ben", "What is a kilo?")
        await room.run(1.0)
        assert len(room.llm.requests) == 1


async def test_the_buttons_pause_and_go_on_at_once() -> None:
    async with in_class(at=STARTED) as room:
        await room.until_said("Here you can buy fresh fruit today.")
        await room.until_speaking()
        room.dialogue.control_class(ClassAction.PAUSE)
        await room.run(0.2)
        assert room.state() is TutorState.IDLE
        room.dialogue.control_class(ClassAction.GO_ON)
        await room.run(0.5)
        assert room.said[-1] == "Here you can buy fresh fruit today."
        assert room.state() is TutorState.SPEAKING


async def test_only_the_host_stops_the_class_by_words() -> None:
    async with in_class(at=STARTED) as room:
        await room.until_said("Here you can buy fresh fruit today.")
        room.dialogue.say("ben", "Stop the class, please.")
        await room.run(1.0)
        assert room.said[-1] == WORDS.only_host
        await room.until_said("Here you can buy fresh fruit today.")
        room.dialogue.say("ann", "Stop the class.")
        await room.run(8.0)
        assert room.said[-1] == WORDS.stopped
        assert room.place[0] is ClassPhase.ENDED
        await room.run(20.0)
        assert room.said[-1] == WORDS.stopped


async def test_a_class_that_is_ended_is_silent_at_once() -> None:
    async with in_class(at=STARTED) as room:
        await room.until_said("Here you can buy fresh fruit today.")
        await room.until_speaking()
        room.dialogue.end_class()
        await room.run(10.0)
        assert room.said[-1] == "Here you can buy fresh fruit today."
        assert room.state() is TutorState.IDLE


async def asked(room: ClassRoom) -> None:
    """Until the first question was asked to its end."""
    await room.until_said("What can you buy?")
    await room.run(1.3)


async def test_a_right_answer_is_praised_and_the_next_question_asked() -> None:
    async with in_class("I think you can buy apples there", at=ASKED) as room:
        await asked(room)
        await room.speak(1.0, then=1.0, who="ben")
        assert room.said[-1] == WORDS.praise[0]
        await room.until_said("What do you like to eat?")
        assert not room.llm.requests


async def test_a_doubtful_answer_with_the_right_words_is_right() -> None:
    async with in_class("apples", at=ASKED) as room:
        await asked(room)
        room.dialogue.heard("ben", "turn9", "apples and pears", Confidence.LOW, 1.0)
        await room.run(1.0)
        assert room.said[-1] == WORDS.praise[0]


async def test_another_answer_is_tried_once_more_and_then_given_kindly() -> None:
    async with in_class("you can buy a car", "or a very big house", at=ASKED) as room:
        await asked(room)
        await room.speak(1.0, then=1.0, who="ben")
        assert room.said[-1] == WORDS.try_again.format(question="What can you buy?")
        await room.run(8.0)
        await room.speak(1.0, then=1.0, who="ann")
        assert room.said[-1] == WORDS.answer_is.format(answer="Fruit")
        await room.until_said("What do you like to eat?")


@pytest.mark.parametrize("words", ["I don't know.", "Sorry, no idea", "skip it please"])
async def test_who_does_not_know_is_helped_at_once(words: str) -> None:
    async with in_class(at=ASKED) as room:
        await asked(room)
        room.dialogue.say("ben", words)
        await room.run(1.0)
        assert room.said[-1] == WORDS.answer_is.format(answer="Fruit")


async def test_a_question_about_the_question_is_answered_and_it_is_asked_again() -> None:
    async with in_class("What does buy mean", llm=ScriptedLlm(["You give money."]), at=ASKED) as room:
        await asked(room)
        await room.speak(1.0, then=1.0, who="ben")
        assert room.said[-1] == "You give money."
        assert "What can you buy?" in room.llm.requests[0].system
        await room.until_said("What can you buy?")


async def test_a_question_that_nobody_answers_is_answered_by_the_tutor() -> None:
    async with in_class(at=ASKED) as room:
        await asked(room)
        await room.run(ANSWER_WITHIN_S)
        assert WORDS.nobody_answered.format(answer="Fruit") in room.said
        await room.until_said("What do you like to eat?")
        await room.until_said(WORDS.on_your_own)
        await room.until_said(WORDS.closing)
        await room.run(10.0)
        assert room.place[0] is ClassPhase.ENDED


async def test_an_open_question_is_answered_by_the_engine_and_ends_the_class() -> None:
    llm = ScriptedLlm(["Soup is a good choice, Ben."])
    async with in_class("I like soup best", llm=llm, at=ClassPlace(sentence=3, question=1)) as room:
        await room.run(6.0)
        await room.speak(1.0, then=1.0, who="ben")
        assert room.said[-1] == "Soup is a good choice, Ben."
        await room.until_said(WORDS.closing)
        await room.run(10.0)
        assert room.place == (ClassPhase.ENDED, 3, 2)
        assert room.dialogue.class_line is None


async def test_go_on_leaves_a_question_without_an_answer() -> None:
    async with in_class("go on", at=ASKED) as room:
        await asked(room)
        room.dialogue.say("ben", "Next question, please.")
        await room.until_said("What do you like to eat?")


async def test_words_of_despair_in_a_class_are_met_with_care() -> None:
    async with in_class(at=ASKED) as room:
        await asked(room)
        room.dialogue.say("ben", "I want to kill myself.")
        await room.run(1.0)
        assert "fruit" not in room.said[-1].lower()
        assert room.sink.helplines


async def test_a_class_goes_on_where_another_worker_was() -> None:
    async with in_class(at=ClassPlace(sentence=2)) as room:
        await room.until_said("Bye.")
        assert room.said == list(MARKET.sentences[2:])
    async with in_class(at=ClassPlace(phase=ClassPhase.PAUSED, sentence=2)) as room:
        await room.run(20.0)
        assert room.said == []
        room.dialogue.control_class(ClassAction.GO_ON)
        await room.until_said("Ask for a kilo.")


async def test_a_sentence_that_reached_nobody_is_said_again() -> None:
    away = tuple(replace(person, is_reached=False) for person in (ANN, BEN))
    async with in_class(at=STARTED) as room:
        await room.until_said("Ask for a kilo.")
        await room.until_speaking()
        await room.run(0.5)
        room.dialogue.set_people(away)
        await room.run(6.0)
        said = len(room.said)
        room.dialogue.set_people((ANN, BEN))
        await room.until_said("Bye.")
        assert "Here you can buy fresh fruit today." in room.said[said:]


async def test_without_a_voice_the_text_is_shown_for_as_long_as_it_takes_to_read() -> None:
    async with in_class(voiceless=True) as room:
        await room.run(3.0)
        assert len(room.said) <= 2
        await room.until_said("Bye.")


async def test_a_sentence_that_no_engine_can_speak_does_not_stop_the_class() -> None:
    async with in_class(tts=ScriptedTts(fails_after=2)) as room:
        await room.until_said("Bye.")
        assert room.said.count("Here you can buy fresh fruit today.") == 1


async def test_a_class_without_questions_or_words_of_its_own_ends_with_its_text() -> None:
    bare = Style(announces=False, asks=lambda: False, pause_s=0.0)
    async with in_class(style=bare) as room:
        await room.until_said("Bye.")
        await room.run(1.5)
        assert room.said == list(MARKET.sentences)
        assert room.place[0] is ClassPhase.ENDED
        assert room.heard == [0, 1, 2, 3]


async def test_a_long_sentence_of_a_class_is_said_whole_whatever_the_level() -> None:
    hard = " ".join(["The quintessential idiosyncrasies of jurisprudence notwithstanding"] * 6) + "."
    topic = SubTopic("Law", (hard, "It is over."))
    lesson = replace(GROUP, level="A1")
    room = ClassRoom(llm=None, lesson=lesson, people=(ANN,), history=())
    room.taught = Taught("class1", REF, topic, ClassPlace(), Style(announces=False, asks=lambda: False))
    async with room:
        await room.until_said("It is over.", within_s=60.0)
        assert room.said == [hard, "It is over."]
