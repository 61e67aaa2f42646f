"""Requests that only make sense after the one before, and questions that are not asked out of their place."""

from __future__ import annotations

import re

import pytest

from ai_agent.tutor.corrector import Judgement, Outcome
from ai_agent.tutor.corrector.in_process import judge
from tests.unit.ai_agent.tutor.scripted.talking import talk_after

HOBBY = "What do you do on a free evening?"


def test_another_one_repeats_the_last_request() -> None:
    talk = talk_after(HOBBY)
    first = talk.say("Can you give me an exercise with the past?")
    talk.say("Yesterday I went home.", judged=Judgement(Outcome.RIGHT))
    second = talk.say("another one please")
    assert "past" in first or "weekend" in first
    assert second != first
    assert "Let's talk about" not in second


def test_another_one_after_no_request_is_another_question() -> None:
    talk = talk_after(HOBBY)
    talk.say("I like music.")
    assert talk.say("another one please").rstrip().endswith("?")


def test_why_after_a_correction_tells_the_rule() -> None:
    talk = talk_after(HOBBY)
    talk.say("Yesterday I goed to the market.")
    talk.say("Is that right?", judged=judge("Yesterday I goed to the market."))
    text = talk.say("why?")
    assert "irregular" in text
    assert "good practice" not in text


def test_a_second_try_after_a_judgement_is_judged() -> None:
    talk = talk_after(HOBBY)
    talk.say("Where she works? is it correct?", judged=judge("Where she works?"))
    assert 'Better: "Where does she work?"' in talk.say(
        "ok. Where does she works?", judged=judge("Where does she works?")
    )
    assert 'Better: "Does she like coffee"' in talk.say(
        'thanks. and "does she likes coffee"?', judged=judge("does she likes coffee")
    )
    assert "did you see?" in talk.say("why no s?")
    assert 'Say: "Does she like coffee".' in talk.say("so how do I say it correctly?")


def test_an_example_in_a_rule_is_no_open_question() -> None:
    talk = talk_after('Better: "Where does she work?". In a question, put do first: where do you live?')
    assert "where do you live" not in talk.say("What does delicious mean?")


def test_why_after_a_refusal_tells_what_the_tutor_is() -> None:
    talk = talk_after(HOBBY)
    talk.say("Who invented the telephone, and how did he get the money for it?")
    assert "small program" in talk.say("why not?")


@pytest.mark.parametrize(
    "said", ["I said him something bad", "She is a nurse now, although I'm not sure it's safer"]
)
def test_what_only_looks_like_a_remark_to_the_tutor_is_told(said: str) -> None:
    text = talk_after(HOBBY).say(said, judged=judge(said))
    assert "sorry" not in text
    assert "No problem" not in text


def test_a_question_about_the_sentence_before_is_not_asked_again_after_an_answer() -> None:
    talk = talk_after("Thanks for telling me. What makes you say that?")
    assert "What makes you say that?" not in talk.say("What does delicious mean?")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I am father since Tuesday", "ongratulations"),
        ("cool, gotta run, cheers", "Bye|Goodbye|See you"),
        ("you don't know? it's very famous in the south", "don't know it|new to me"),
        ("What's the best way to talk to him without shouting?", "know too little|only a program"),
        ("How can I use my phone less?", "know too little|a small program|can.t answer"),
        ("Do you have a boyfriend, Emma?", "program"),
    ],
)
def test_turns_that_were_misread_at_first_contact(said: str, expected: str) -> None:
    assert re.search(expected, talk_after(HOBBY).say(said))


def test_a_presentation_is_no_wish_for_a_topic() -> None:
    said = "Let me try my opening: Good morning, today I'm going to talk about the impact of cars."
    assert "talk about" not in talk_after(HOBBY).say(said)


def test_before_we_finish_is_no_goodbye() -> None:
    text = talk_after(HOBBY).say("Before we finish, can you give me three new words about cooking?")
    assert "words" in text
    assert "Bye" not in text


def test_a_request_after_enough_is_met() -> None:
    assert "?" in talk_after(HOBBY).say("ok enough. tell me a joke").removesuffix("?")


def test_ciao_at_the_beginning_greets() -> None:
    talk = talk_after(HOBBY)
    assert "Bye" not in talk.say("Ciao Emma! Next month I go to London for the first time!")


def test_the_wish_for_a_topic_ends_at_a_comma() -> None:
    text = talk_after(HOBBY).say("Let's talk about artificial intelligence, I'm writing an essay about it")
    assert "rtificial intelligence, then." in text or "about artificial intelligence." in text
