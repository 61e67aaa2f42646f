"""Kinds of turns that once got an answer beside the point, each in several wordings."""

from __future__ import annotations

import re

import pytest

from ai_agent.tutor.corrector import judge
from ai_agent.tutor.scripted.english.role_play import scenarios
from tests.unit.ai_agent.tutor.scripted.talking import Conversation, talk_after

OPEN = "What do you usually do after dinner?"


def answered(*said: str, level: str = "B1", after: str = OPEN) -> str:
    talk = Conversation(level, "food")
    talk.tutor_said(after)
    return [talk.say(text, judged=judge(text)) for text in said][-1]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        # demands that nothing can do
        ("give me a recipe of something easy", "can't do that|more than I can do"),
        ("write me a letter to my boss", "can't do that|more than I can do|too much for me"),
        ("give me three phrasal verbs about computers", "can't do that|more than I can do"),
        # goodbyes
        ("ok i go, thanks", "See you|[Bb]ye|Take care"),
        ("okay let's stop here today, have a nice day", "See you|[Bb]ye|Take care"),
        ("Alright, I must leave you. Until tomorrow!", "See you|[Bb]ye|Take care"),
        # clauses that only look like questions
        ("What I don't like is the noise in my street", r"^(?!.*can't answer|.*no answer)"),
        ("when you wait for the picture and you are excited", r"^(?!.*I'm a program|.*computer program)"),
        # about the talk and its tutor
        ("can we just have a normal conversation?", "let's talk"),
        ("Oh right, I forgot that you are a computer", "program"),
        ("you are not very smart, are you", "sorry"),
        ("sorry, I was only joking", "joke|all right"),
        ("I don't understand this word", "Which word|the word"),
        # hard on oneself
        ("I know, I'm so stupid", "hard on yourself|Be kind|You are not"),
        # what a word is, with a question mark alone
        ("A kettle?", "pot"),
        # sounds, and words that need another preposition
        ('The sound "th" is difficult, can you help me to pronounce it?', "tongue"),
        ('Which is right, "discuss about" or "discuss"?', "without about"),
        ('is it "in the end" or "at the end"?', "finally"),
        ("what's the opposite of boring?", "interesting"),
        ('How can I say in a more natural way "she is closed to me"?', r"^(?!.*translate)"),
        # something to judge, in the same turn
        ("Can you listen to my opening? Good morning everyone, I will talk about coffee", "Good morning"),
        ("flower and cat and sometimes train", "[Gg]o on|say|Tell me|hear more"),
    ],
)
def test_the_answer_is_to_the_point(said: str, expected: str) -> None:
    assert re.search(expected, answered(said)), answered(said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("You are the waitress and I'm a customer in a restaurant", "in a restaurant"),
        ("let's play, you sell a phone and I buy", "nearest.*in a clothes shop"),
        ("let's practice, you are a doctor and I am sick", "at the doctor's"),
        ("can we practice at the airport?", "no role play for that"),
    ],
)
def test_a_role_play_is_asked_for_by_its_roles(said: str, expected: str) -> None:
    assert re.search(expected, answered(said)), answered(said)


def test_a_wish_to_stop_a_role_play_does_not_begin_one() -> None:
    assert "Which one would you like" not in answered("stop the role play please")


def test_ones_mistakes_are_asked_about_within_a_role_play() -> None:
    first = next(one for one in scenarios() if one.name == "shop").steps["a"][0]
    talk = talk_after(f"Let's do a role play: in a clothes shop. {first.say}")
    assert "a simple checker" in talk.say("what did I say wrong today?", judged=judge("I am here."))


def test_a_death_in_a_film_is_no_death_in_the_family() -> None:
    said = ("It was a documentary about an octopus", "In the end she dies")
    assert "story" in answered(*said, after="Which film did you see?")
    assert "sorry" in answered("It was a documentary about cancer", "My mother died last year")


def test_a_sad_word_after_bad_news_does_not_ask_what_happened() -> None:
    news = ("my mother is in hospital, she has cancer", "I am sad but I must be strong")
    assert "What happened" not in answered(*news, level="A2")


def test_a_verb_that_does_not_agree_is_not_said_back() -> None:
    assert "son vomit" not in answered("my son he vomit on the bus", level="A2")
