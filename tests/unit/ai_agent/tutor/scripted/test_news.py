"""Good and bad news in a turn get a line that fits, and gentle questions after it."""

from __future__ import annotations

import re

import pytest

from ai_agent.tutor.scripted.english.feelings import is_news
from tests.unit.ai_agent.tutor.scripted.talking import talk_after

COOKS = "Who cooks in your family?"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("She has a operation tomorrow. I have angst.", "hope that it goes well|everything goes well"),
        ("My grandmother fell in the kitchen and broke her arm, poor thing.", "sorry"),
        ("Hello, I am back! Hospital say everything is good with my mother!", "glad|good news"),
        ("My mother is not more ill!", "glad|good news"),
        ("My mother has a problem with her heart, she waits for the results.", "sorry"),
        ("I lost my wallet in the tram.", "Oh no"),
        ("My mother is very krank.", "sorry"),
        ("a motorbike hit him. he in hospital two week. i worry", "sorry"),
        ("because my father die young with stomach cancer", "sorry"),
        ("a car hit me last year", "sorry|hard"),
        ("I had one like that in my first company, it was a nightmare", "hard|easy|good time"),
        ("I think so too, but my mother is sad because she sees them rarely", "easy|hard"),
        ("he shout when we are slow", "not nice|not easy"),
        ("10 hours. very tired", "tiring|rest|easy"),
        ("I feel nervous when I speak English", "understand|feel like that"),
        ("only my arm was broken, now is ok", "better now"),
        ("My neighbour plays drums and I can't sleep.", "understand|feel like that"),
        ("I have a lot of fear.", "understand|feel like that"),
    ],
)
def test_news_gets_a_line_that_fits(said: str, expected: str) -> None:
    assert re.search(expected, talk_after(COOKS).say(said))


@pytest.mark.parametrize(
    "said",
    [
        "I broke my record in running.",
        "My phone has a good operation system.",
        "I hope she is well again soon.",
        "The doctor says she is not good.",
        "I was back home at six.",
    ],
)
def test_what_only_looks_like_news(said: str) -> None:
    assert not is_news(said)


@pytest.mark.parametrize(
    "said", ["I don't understand your question. I am afraid.", "what do you mean? my mother is in hospital"]
)
def test_help_with_a_question_fits_sad_words(said: str) -> None:
    talk = talk_after("How are you?", "My mother has an operation tomorrow.", "I see. Why do you think so?")
    text = talk.say(said)
    assert "fun" not in text
    assert "because" not in text


def test_after_serious_news_a_story_about_something_else_is_heard() -> None:
    talk = talk_after("What happened?", "My grandmother broke her arm.", "I'm sorry. How are things now?")
    text = talk.say("Now I tell you something funny, at my hotel in Naples there was a rat in the shower.")
    assert not re.search("help you a little|things now", text)
