"""Questions that follow from what the parser reads in the learner's sentence."""

from __future__ import annotations

import re

import pytest

from ai_agent.tutor.corrector import judge
from tests.unit.ai_agent.tutor.scripted.talking import Conversation

OPEN = "What do you usually do after dinner?"


def answered(*said: str, level: str = "A2", after: str = OPEN) -> str:
    talk = Conversation(level, "food")
    talk.tutor_said(after)
    replies = [talk.say(text, judged=judge(text)) for text in said]
    return replies[-1]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I lost my passport in Rome", "Oh no"),
        ("I passed my driving test", "[Cc]ongratulations|good news"),
        ("I don't like spicy food", "Why not|like more"),
        ("She has pain in her leg", "[Ss]orry"),
        ("it's boring sometimes but I like numbers", "numbers|like most|like about|likes it too"),
        ("I am a nurse", "work|job"),
        ("we are from Aleppo", "Aleppo"),
        ("I play football in the park", "football|like about it"),
        ("My boss wants to see me on Monday", "feel about that|your boss|Why"),
        ("the exam was easy but maths is very difficult for me", "so difficult|hardest"),
        ("I think that the city is too big", "Why do you think so|example"),
        ("I should learn to cook", "Why|help you"),
    ],
)
def test_the_question_fits_what_was_said(said: str, expected: str) -> None:
    assert re.search(expected, answered(said)), answered(said)


@pytest.mark.parametrize(
    ("said", "never"),
    [
        ("I went to Da Lat with my sister", "Who did you go with"),
        ("I play tennis every day", "[Hh]ow often"),
        ("I bought a bag at the market", "Where did you buy"),
        ("My hobby is drawing", "What is your hobby"),
    ],
)
def test_what_was_said_is_not_asked(said: str, never: str) -> None:
    for seed in range(6):
        talk = Conversation("A2", "food", seed=seed)
        talk.tutor_said(OPEN)
        assert not re.search(never, talk.say(said, judged=judge(said)))


def test_a_short_answer_stays_with_the_sentence_before() -> None:
    talk = Conversation("B1", "hobbies")
    talk.tutor_said(OPEN)
    talk.say("I play football every Saturday", judged=judge("I play football every Saturday"))
    before = judge("I play football every Saturday")
    assert re.search("play football|done that|about it|start", talk.say("midfielder", before=before))


def test_without_a_parser_the_talk_goes_on() -> None:
    talk = Conversation("A2", "food")
    talk.tutor_said(OPEN)
    assert talk.say("I went to Da Lat with my sister").endswith(("?", "."))


def test_a_question_after_a_comma_is_answered() -> None:
    assert "program" in answered("I have just finished a long book, have you read it?")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Could you ask me an IELTS question?", "no real exam questions|don't know the exam"),
        ("Can you tell me if my answer was good?", "no mistake|can't judge|whole sentence"),
        ("what about my grammar is it good?", "words in"),
        ("que significa spicy", "hot, strong taste"),
        ("Can we practice a meeting?", "no role play for that"),
        ("do you get money?", "nobody pays"),
        ("can you give me advice about my boss", "know too little|a program"),
        ("xin chao", "Hello|Hi"),
        ("cam on em", "welcome|pleasure|Not at all|Any time|Happy|No problem"),
        ("em khong hieu", "The question was"),
        ("hahaha", "laugh|Ha ha|Laughing"),
        ("Can you explain me present perfect?", "not finished or not said"),
        ("what do you think is better?", "opinion|program"),
        ("like 'give up', do you know what it means?", "stop trying"),
        ("is 'sour' the opposite of sweet?", 'opposite of "sweet" is'),
        ("i am fine thanks god", "Good|glad|good"),
        ("hi, i want to practice english with you", "let's talk|Good idea"),
    ],
)
def test_loosely_worded_requests_are_met(said: str, expected: str) -> None:
    assert re.search(expected, answered(said)), answered(said)


@pytest.mark.parametrize(
    "said",
    [
        "is about a rich man and a poor girl",
        "I'm nervous but happy",
        "No I wasn't angry",
        "I am not tired",
        "I want to change my job",
        "We have a new thing at work",
    ],
)
def test_a_statement_that_looks_like_a_feeling_or_a_request_is_neither(said: str) -> None:
    assert not re.search("That's not nice|not a nice|rest, I think|talk about|model", answered(said))


def test_a_question_is_explained_with_an_answer_to_start_from() -> None:
    assert 'Say a place, for example: "At home"' in answered("I don't understand", after="Where do you eat?")


def test_and_you_is_not_asked_again() -> None:
    talk = Conversation("A2", "food")
    talk.tutor_said(OPEN)
    assert "And you?" in talk.say("how old are you?")
    assert "And you?" not in talk.say("please speak more slowly")


def test_a_word_is_added_to_the_question_before() -> None:
    talk = Conversation("A2", "food")
    talk.tutor_said(OPEN)
    assert '"ate"' in talk.say("what is the past of 'eat'?")
    assert '"slept"' in talk.say("ok thanks. and 'sleep'?")
    assert "slept" not in talk.say("and you?")


@pytest.mark.parametrize("said", ["I want to go Japan", "I went to mall with my sister"])
def test_a_sentence_that_is_still_wrong_is_not_repeated(said: str) -> None:
    talk = Conversation("A2", "food")
    talk.tutor_said(OPEN)
    assert "ou want to go" not in talk.say(said, judged=judge(said))
    assert "ou went to mall" not in talk.message.text
