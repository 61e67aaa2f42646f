"""The scripted tutor stays with the talk, and takes complaints and choices for what they are."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from ai_agent.tutor.corrector import judge
from ai_agent.tutor.scripted.conversation import other_to_judge, sentence_to_judge
from tests.unit.ai_agent.tutor.scripted.talking import Conversation, talk_after

VAGUE = re.compile(r"[Tt]ell me|[Ww]hat else|comes to your mind")
COOKS = "Who cooks in your family?"


def say(talk: Conversation, said: str) -> str:
    return talk.say(said, judged=judge(said))


def test_vague_questions_do_not_follow_each_other() -> None:
    talk = Conversation("B1", "work")
    told = [
        say(talk, said)
        for said in (
            "It is over there",
            "They had it too",
            "This was it",
            "It has them",
            "They are it",
            "It was that",
        )
    ]
    assert all(not (VAGUE.search(a) and VAGUE.search(b)) for a, b in pairwise(told))


@pytest.mark.parametrize(
    ("said", "never"),
    [
        ("In Italy we never put cream in carbonara, that's a crime", "problem where you live|thief|court"),
        ("my grandmother is strong like a tree", "flowers|trees"),
        ("The doctor is friendly", "Are you friendly"),
        ("I call the clients when they don't pay", "What do you like about it"),
        ("cat, bird, sunflower", "cat bird"),
        ("he is 12 year old. he like play game so much", "role play"),
        ("I have day off tomorrow", "always like that"),
        ("funny, but a little shame when my mother in law comes", "your mother"),
        ("I had seen a series from Mexico", "do in Mexico"),
        ("A woman in Brittany, she keeps the light alone", "about A woman"),
        ("The final was great, I was crying with my friends", "sorry|talk to about"),
        ("When I am sad I listen to ballads and feel better", "What happened|sorry"),
        ("She is afraid of high places, so I must convince her", "worries you"),
        ("In Ukraine the state pays for the best students", "lovely|great"),
    ],
)
def test_a_figure_or_a_circumstance_is_not_asked_about(said: str, never: str) -> None:
    for level in ("A2", "B1", "C1"):
        assert not re.search(never, say(Conversation(level, "food"), said))


def test_one_word_of_another_topic_does_not_change_the_topic() -> None:
    talk = Conversation("B1", "work")
    talk.greet()
    for said in ("My colleagues fly a lot and then eat no meat", "I bike and I try to buy less"):
        assert not re.search("dish|restaurant|recipe", say(talk, said))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("film? i think we talk about sport", "Sorry|sorry"),
        ("That's not about family, I asked about phones in the school", "Sorry|sorry"),
        ("You asked me that already, didn't you?", "asked that before"),
        ("no i say my knee hurt", "sorry|Sorry"),
        ('Which is correct, "I won" or "I win"?', "past of"),
        ("Which is correct, nervous or nervously?", "how somebody does"),
        ('What is the different between "lake" and "pond"?', "And .pond. means"),
        ('Can you tell me a better word than "tired"?', "exhausted"),
        ("Could you rephrase my last sentence in a more natural way?", "can't|beyond me"),
        ("Teach me some new words about fishing", "means"),
        ("Could you give me an idiom about money?", "arm and a leg|ends meet"),
        ("Could you disagree with me so that I can practise?", "argue|debate"),
        ("Do you have a game or something fun?", "role play"),
        ("Is it better to rent or to buy a flat, what do you think?", "opinion|decide|program"),
        ("can i show you my picture?", "can't see|no eyes"),
        ("What do you know about Germany?", "Germany"),
        ("do you have grandmother?", "family"),
        ("i don't know what to do", "friend say|speaks for"),
        ("blue or black", r"^(?!.*means)"),
        ("Was that the right decision, what do you think?", "opinion|decide|program"),
        ("I asked you for your opinion, not about grammar", "yourself|see it"),
        ("Although I came here to talk about novels, not about hobbies", "[Ss]orry"),
        ("What makes a book a classic, in your view?", "opinion|decide|program"),
        ("Next topic please, something about the city", "the city"),
        ("can you ask me questions like in an interview?", "role play"),
        ("can you teach me words of kitchen", "kitchen"),
        ("what's the difference between been and gone?", "was there and is back"),
        ('what does "tears" mean?', r"^(?!.*means the process of shedding tears)"),
    ],
)
def test_a_request_or_a_complaint_is_taken_for_what_it_is(said: str, expected: str) -> None:
    talk = talk_after(COOKS, "Phones in the school are a problem", "Why do you think so?")
    assert re.search(expected, talk.say(said)), talk.message.text


@pytest.mark.parametrize(
    "said",
    [
        "Right, I have to get back to work. It was nice talking to you",
        "OK, ciao Emma, I have to go and cook now",
        "Perfect. Good night from Iran",
        "My bus is here",
        "Great, thank you. I have a meeting in five minutes",
        "That's all from me today, cheers",
    ],
)
def test_goodbyes_are_heard(said: str) -> None:
    assert re.search("[Bb]ye|See you|Take care|Until next time", talk_after(COOKS).say(said))


@pytest.mark.parametrize(
    "said", ["I have to go to work at six every day", "I must leave home early", "I go back to work in May"]
)
def test_telling_of_leaving_is_no_goodbye(said: str) -> None:
    assert not re.search("[Bb]ye|See you soon|Take care", say(talk_after(COOKS), said))


def test_both_sentences_are_judged_if_the_learner_asks_which_is_right() -> None:
    talk = talk_after(COOKS)
    talk.learner_said('Which is correct: "She don\'t like fish" or "She doesn\'t like fish"?')
    one, other = sentence_to_judge(talk.request()), other_to_judge(talk.request())
    assert (one, other) == ("she don't like fish", "she doesn't like fish")
    assert one is not None
    assert other is not None
    text = talk._answer("reply", judge(one), judge(other))
    assert "she doesn't like fish" in text


def test_a_choice_between_things_is_not_judged() -> None:
    talk = talk_after(COOKS)
    talk.learner_said("Is it better to forbid phones at school or to teach how to use them?")
    assert other_to_judge(talk.request()) is None
