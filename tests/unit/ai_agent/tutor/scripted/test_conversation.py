"""The scripted tutor's conversation: its questions and reactions, over many turns, in each language."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.tutor.scripted.bank import LEVELS, languages, load_bank
from ai_agent.tutor.scripted.english.mirror import mirrored
from ai_agent.tutor.scripted.english.statement import texts
from ai_agent.tutor.scripted.english.talk import talk_of
from tests.fakes.fuzzing import fuzz
from tests.unit.ai_agent.tutor.scripted.talking import Conversation, corrected, questions

REPLIES = {
    "en": (
        "yes",
        "i think that it is good for my family",
        "i don't know",
        "my mother cooks noodles every sunday",
        "no",
        "we went there by train with some friends",
        "football",
        "it was very difficult for me",
        "we have a small house near the river",
    ),
    "vi": ("dạ", "tôi thích ăn phở", "tôi không biết", "không", "tôi đi biển với gia đình"),
}

PAGE = Path(__file__).parents[5] / "web/src/components/tutor/topics.ts"
PAGE_TOPICS = re.findall(r'^  \w+: "((?!Role play).+)",$', PAGE.read_text("utf-8"), re.MULTILINE)


def asked_about(language: str, topic: str) -> str:
    """All questions of level A2 on a topic."""
    return " ".join(load_bank(language).topics[topic].questions["A2"])


@pytest.mark.parametrize("language", sorted(languages()))
def test_no_question_is_repeated_in_twenty_turns(language: str) -> None:
    for level, topic in product(LEVELS[::2], load_bank(language).topics):
        talk = Conversation(level, topic, language)
        asked = questions(talk.greet())
        replies = REPLIES[language]
        for turn in range(28):
            for question in questions(talk.say(replies[(turn * 3 + turn // 7) % len(replies)])):
                assert question not in asked[-20:], f"{level} {topic}: {question}"
                asked.append(question)


REACTIONS = ("plain", "neutral", "good", "yes", "no", "unsure", "shift", "short", "unclear")


@pytest.mark.parametrize("level", LEVELS)
def test_no_reaction_is_repeated_in_fifteen_turns(level: str) -> None:
    for seed in range(5):
        talk = Conversation(level, "everyday", seed=seed)
        talk.greet()
        kinds = {text for kind in REACTIONS for text in texts(kind, talk_of(talk.request(), "Emma"))}
        told = list[str]()
        for turn in range(45):
            replies = REPLIES["en"]
            text = talk.say(replies[(turn * 5 + turn // 9 + seed) % len(replies)])
            for kind in kinds:
                start = kind.removesuffix(".").removesuffix("!")
                said = re.search(rf"(?:^|[.!?] ){re.escape(start)}[.!?]", text)
                again = any(re.search(rf"(?:^|[.!?] ){re.escape(start)}[.!?]", old) for old in told[-14:])
                assert not (said and again), f"{kind} again at turn {turn}: {text}"
            told.append(text)


def test_lessons_on_the_same_topic_do_not_open_alike() -> None:
    assert len({Conversation("B1", "Travel", seed=seed).greet() for seed in range(40)}) >= 10


def test_the_same_request_gets_the_same_answer() -> None:
    first, second = (Conversation("B1", "Travel", seed=7) for _ in range(2))
    assert [first.greet(), first.say("i like trains")] == [second.greet(), second.say("i like trains")]


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


def test_a_topic_that_has_no_questions_is_asked_about_all_the_same() -> None:
    assert "dinosaurs" in Conversation("B1", "dinosaurs").greet()


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("yesterday i met my sister", "sister"),
        ("i am from Nagoya", "Nagoya"),
        ("we saw a panda there", "the panda"),
        ("i eat mangoes", "fruit"),
        ("i study philosophy", "philosophy"),
    ],
)
def test_a_follow_up_question_uses_the_learner_s_word(said: str, word: str) -> None:
    talk = Conversation("B1", "everyday")
    talk.greet()
    assert word in questions(talk.say(said))[-1]


@pytest.mark.parametrize(
    ("said", "unwanted"),
    [
        ("i play football every sunday", "how often"),
        ("my brother is ten years old", "how old"),
        ("i live in a big city", "big city?"),
        ("i don't like football", "team"),
        ("he taught me to fish", "fish"),
        ("his parents are old", "your parents"),
        ("i love spring rolls", "season"),
        ("i have never tried it", "when"),
    ],
)
def test_a_question_does_not_ask_what_was_just_said(said: str, unwanted: str) -> None:
    for level, seed in product(("A2", "B1"), range(6)):
        talk = Conversation(level, "everyday", seed=seed)
        talk.greet()
        assert unwanted not in talk.say(said).lower()


@pytest.mark.parametrize(
    "said",
    [
        "purple seven window lamp",
        "the the the score is",
    ],
)
def test_words_without_sense_are_asked_for_again(said: str) -> None:
    talk = Conversation("B1", "everyday")
    talk.greet()
    assert re.search(r"understand|heard|get that", talk.say(said))


@pytest.mark.parametrize(
    "said",
    ["i very like music", "yesterday i go to school", "my father he is driver", "i am boring in class"],
)
def test_a_sentence_that_was_not_judged_is_not_mirrored(said: str) -> None:
    for seed in range(8):
        talk = Conversation("A2", "everyday", seed=seed)
        talk.greet()
        assert said.split(maxsplit=1)[1] not in talk.say(said).lower()


def test_a_corrected_sentence_is_repeated_in_the_second_person() -> None:
    talk = Conversation("A2", "travel")
    judged = corrected("yesterday i go there with my sister", "i went there with my sister")
    text = talk.say("yesterday i go there with my sister", judged=judged)
    assert "you went there with your sister" in text.lower()


def test_bad_news_is_not_repeated_even_if_it_was_corrected() -> None:
    talk = Conversation("A2", "family")
    text = talk.say("i losed my job last week", judged=corrected("i losed my job", "i lost my job last week"))
    assert "you lost" not in text.lower()


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
def test_only_plain_statements_are_turned_round(said: str, expected: str | None) -> None:
    assert mirrored(said) == expected


@pytest.mark.parametrize(
    ("said", "praise"),
    [
        (said, praise)
        for said in (
            "my dog died last week",
            "my grandmother passed away",
            "i failed my exam",
            "i lost my job",
            "my boyfriend left me",
            "i feel very lonely here",
            "i am very sad today",
            "my son is in hospital",
        )
        for praise in (
            "great",
            "lovely",
            "nice!",
            "interesting",
            "good to",
            "wonderful",
            "fun",
            "glad to hear",
        )
    ],
)
def test_bad_news_gets_no_cheerful_answer(said: str, praise: str) -> None:
    for seed in range(4):
        talk = Conversation("B1", "family", seed=seed)
        talk.greet()
        assert praise not in talk.say(said).lower()


def test_after_a_death_the_tutor_stays_with_it_until_the_learner_turns_away() -> None:
    talk = Conversation("B1", "family")
    talk.greet()
    assert "sorry" in talk.say("my grandfather died last week")
    for said in ("he was eighty five", "i lived with him", "he had a garden"):
        assert re.search(r"\b(?:he|you|those|listening)\b", talk.say(said))
    assert "What would you like to talk about?" in talk.say("i don't want to talk about it")


def test_higher_levels_get_longer_questions() -> None:
    topics = load_bank("en").topics.values()
    lengths = [mean(len(q) for t in topics for q in t.questions[level]) for level in LEVELS]
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
