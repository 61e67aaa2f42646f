"""The scripted tutor: its answers, and that it does not repeat questions."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.providers.ports import ChatMessage, ChatRequest, LessonFacts
from ai_agent.tutor.scripted.bank import LEVELS, languages, load_bank
from ai_agent.tutor.scripted.conversation import answer
from ai_agent.tutor.scripted.mirror import mirrored
from tests.fakes.fuzzing import fuzz

REPLIES = {
    "en": (
        "yes",
        "i think that it is good for my family",
        "i don't know",
        "my mother cooks noodles every sunday",
        "no",
        "we went there by train with some friends",
        "it was very difficult for me",
    ),
    "vi": ("dạ", "tôi thích ăn phở", "tôi không biết", "không", "tôi đi biển với gia đình"),
}

PAGE = Path(__file__).parents[4] / "web/src/components/tutor/topics.ts"
PAGE_TOPICS = re.findall(r'^  \w+: "(.+)",$', PAGE.read_text("utf-8"), re.MULTILINE)


class Conversation:
    """A conversation from its start. `say` returns the answer."""

    def __init__(self, level: str = "A2", topic: str = "", language: str = "en") -> None:
        self.level, self.topic, self.language = level, topic, language
        self.messages: list[ChatMessage] = []

    def say(self, text: str, *, corrected: str | None = None) -> str:
        self.messages.append(ChatMessage("learner", text, "Linh"))
        return self._answer("reply", corrected)

    def greet(self) -> str:
        return self._answer("greet")

    def _answer(self, purpose: str, corrected: str | None = None) -> str:
        lesson = LessonFacts(self.language, self.level, self.topic, "Linh", None, purpose)  # type: ignore[arg-type]
        text = answer(ChatRequest("", tuple(self.messages), lesson), corrected=corrected)
        self.messages.append(ChatMessage("tutor", text))
        return text


def questions(text: str) -> list[str]:
    """The questions of `text`, without tags such as "What happened?" that may follow any question."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return [s for s in sentences if s.endswith("?") and len(s.split()) > 2 and not s.startswith("Why, or")]


def asked_about(topic_language: str, topic: str) -> str:
    """All questions of level A2 on a topic."""
    return " ".join(load_bank(topic_language).topics[topic].questions["A2"])


@pytest.mark.parametrize("language", sorted(languages()))
def test_no_question_is_repeated_in_twenty_turns(language: str) -> None:
    for level, topic in product(LEVELS, load_bank(language).topics):
        talk = Conversation(level, topic, language)
        asked = questions(talk.greet())
        replies = REPLIES[language]
        for turn in range(28):
            for question in questions(talk.say(replies[(turn * 3 + turn // 7) % len(replies)])):
                assert question not in asked[-20:], f"{level} {topic}: {question}"
                asked.append(question)


def test_the_scripted_tutor_greets_by_name_and_asks_about_the_topic() -> None:
    text = Conversation("A1", "Travel").greet()
    assert "Linh" in text
    assert "Emma" in text
    assert questions(text)[-1] in load_bank("en").topics["travel"].questions["A1"]


@pytest.mark.parametrize(("language", "topic"), list(product(sorted(languages()), PAGE_TOPICS)))
def test_each_language_has_questions_on_the_topics_of_the_page(language: str, topic: str) -> None:
    subject = load_bank("en").topic_of(topic)
    assert subject is not None
    assert questions(Conversation("A2", topic, language).greet())[-1] in asked_about(language, subject.name)


def test_a_topic_may_be_named_in_the_language_of_the_page() -> None:
    assert questions(Conversation("A2", "Du lịch", "en").greet())[-1] in asked_about("en", "travel")


def test_a_follow_up_question_uses_the_learner_s_word() -> None:
    talk = Conversation("B1", "everyday")
    talk.greet()
    assert "sister" in talk.say("yesterday i met my sister")
    assert questions(talk.say("i go to work by train"))[-1] in {
        "What do you do on the way?",
        "What do you think of the traffic where you live?",
    }


def test_a_thing_without_a_written_follow_up_gets_a_question_too() -> None:
    talk = Conversation("A2", "everyday")
    assert "telescope" in talk.say("i like my telescope")


def test_a_corrected_sentence_is_repeated_in_the_second_person() -> None:
    talk = Conversation("A2", "travel")
    text = talk.say("yesterday i go there with my sister", corrected="i went there with my sister")
    assert "you went there with your sister" in text.lower()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I am happy with my new job", "you are happy with your new job"),
        ("i was at home on sunday with my brother", "you were at home on Sunday with your brother"),
        ("my brother works in a hospital", "your brother works in a hospital"),
        ("yesterday i went to the park", "yesterday you went to the park"),
        ("do you like my house very much", None),
        ("i went i went to the shop", None),
        ("i stayed because it was raining hard", None),
        ("yes i do", None),
    ],
)
def test_only_plain_statements_are_repeated(said: str, expected: str | None) -> None:
    assert mirrored(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("what is your name", "Emma"),
        ("are you a robot", "program"),
        ("how are you", "fine|well"),
        ("can you help me", "talk with you"),
        ("let's talk about music", "music"),
        ("can we change the topic", "talk about"),
        ("thank you very much", "welcome"),
    ],
)
def test_a_question_to_the_tutor_is_answered_and_another_question_follows(said: str, expected: str) -> None:
    talk = Conversation("A2", "food")
    talk.greet()
    text = talk.say(said)
    assert re.search(expected, text)
    assert questions(text)


def test_only_the_question_is_repeated_on_request() -> None:
    talk = Conversation("A2", "food")
    asked = questions(talk.greet())[-1]
    assert asked in talk.say("sorry can you say that again")


def test_a_goodbye_ends_without_a_question() -> None:
    assert questions(Conversation("A2", "food").say("goodbye")) == []


def test_sad_news_gets_no_cheerful_answer() -> None:
    assert "sorry" in Conversation("A2", "family").say("my dog died last week").lower()


def test_higher_levels_get_longer_questions() -> None:
    topics = load_bank("en").topics.values()
    lengths = [sum(len(q) for t in topics for q in t.questions[level]) for level in LEVELS]
    assert lengths == sorted(lengths)


def test_every_topic_names_related_ones_and_has_questions_for_its_levels() -> None:
    for language in languages():
        bank = load_bank(language)
        for topic in bank.topics.values():
            assert set(topic.next) <= set(bank.topics)
            assert all(len(topic.questions[level]) >= 3 for level in LEVELS[:4])


@pytest.mark.fuzz
@fuzz(examples=100)
@given(
    st.lists(st.text(max_size=80) | st.sampled_from([*REPLIES["en"], *REPLIES["vi"], ""]), max_size=8),
    st.sampled_from(LEVELS),
    st.sampled_from(["en", "vi", "de", ""]),
    st.text(max_size=20),
)
def test_any_text_is_answered(lines: list[str], level: str, language: str, topic: str) -> None:
    talk = Conversation(level, topic, language)
    assert talk.greet().strip()
    for line in lines:
        assert talk.say(line).strip()
