"""Turns that tell and ask at once: the question is answered, and what was told is not asked again."""

from __future__ import annotations

import re

import pytest

from ai_agent.tutor.corrector import Judgement, Outcome
from ai_agent.tutor.scripted.conversation import sentence_to_judge, wants_mistakes
from ai_agent.tutor.scripted.english.language_question import asked_in
from ai_agent.tutor.scripted.english.told import told_part
from tests.unit.ai_agent.tutor.scripted.talking import corrected, talk_after

COOKS = "Who cooks in your family?"


@pytest.mark.parametrize(
    "said",
    [
        'My mother cooks every day. What does "recipe" mean?',
        "My father. He likes it. Do you like cooking?",
        "My aunt cooks, she is very good. Who invented rice?",
        "My sister cooks on Sundays. How do you spell kitchen?",
    ],
)
def test_a_question_that_the_same_turn_answers_is_not_asked_again(said: str) -> None:
    assert COOKS not in talk_after(COOKS).say(said)


def test_a_question_that_an_earlier_turn_answered_is_not_asked_again() -> None:
    answered = "What makes it so famous?"
    talk = talk_after(
        answered, "There are many restaurants. What does style mean?", f'"Style" means a way. {answered}'
    )
    assert answered not in talk.say("How do you spell restaurant?")


def test_an_open_question_is_asked_again_after_a_bare_request() -> None:
    assert talk_after(COOKS).say("What does recipe mean?").endswith(COOKS)


@pytest.mark.parametrize("lead", ["I said: ", "Again: ", "No problem. The question was: "])
def test_what_stands_before_a_repeated_question_is_not_carried_on(lead: str) -> None:
    text = talk_after(f"{lead}{COOKS}").say("What does recipe mean?")
    assert text.endswith(COOKS)
    assert lead not in text


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ('Okay, I forgot it! Then a word: what does "bargain" mean? He said it.', "what does bargain mean"),
        ('No, no! I asked you the word "bargain", what does it mean?', "what does bargain mean"),
        ('She is a cook. Sorry, what does "recipe" mean in easy English?', "what does recipe mean"),
        ("Because I love her. What means 'surgery'?", "what does surgery mean"),
        ("how do you say 'goalkeeper' in a simple sentence?", "give me a sentence with goalkeeper"),
        ('I want a sentence with "market".', "give me a sentence with market"),
        ("Can you use famous in a sentence?", "give me a sentence with famous"),
        (
            'Is "I worked three years here" correct, or "I have worked"?',
            "is i worked three years here correct",
        ),
        ("ok i go now. can you say one new word for me?", "teach me a new word"),
        ("First, can you tell me which mistakes I made?", "which mistakes did i make"),
        ("It is nice. But what about my mistakes in the interview?", "which mistakes did i make"),
        ("By the way, did I say something wrong?", "which mistakes did i make"),
        ('You didn\'t tell me if "ambition" is a good word or a bad word.', "what does ambition mean"),
        ("ok. tell me the mistakes that i did today please", "which mistakes did i make"),
        ("yes i like. are my sentences correct?", "which mistakes did i make"),
        ("What is the time in English: halb acht?", "how do you say halb acht in english"),
    ],
)
def test_a_question_about_language_is_found_anywhere_in_a_turn(said: str, means: str) -> None:
    assert asked_in(said) == [means]


@pytest.mark.parametrize(
    "said",
    [
        "What do you mean?",
        "What does it mean to be happy?",
        "I know what it means.",
        "I often think about the meaning of life.",
        "I learn one new word every day.",
        "I made many mistakes in my exam.",
        "What does your job mean to you?",
        "My teacher is always right.",
        "Which is correct, nervous or nervously?",
    ],
)
def test_what_only_looks_like_a_question_about_language(said: str) -> None:
    assert asked_in(said) == []


def test_of_an_unknown_word_it_is_said_that_the_dictionary_is_small() -> None:
    text = talk_after(COOKS).say('My mother cooks. Sorry, what does "blorfing" mean? Is it a rude word?')
    assert 'I don\'t know the word "blorfing"' in text
    assert "rude" in text
    assert "Ask me about a word" not in text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("I live alone. What does rent mean?", "I live alone."),
        ("Thank you! Can you repeat that?", ""),
        ("It was not so bad, right?", "It was not so bad, right?"),
        ("Hi, I am Diego", ""),
        ("You said that, but I like it. Is it good?", ""),
    ],
)
def test_what_a_turn_tells_without_what_it_asks(said: str, told: str) -> None:
    assert told_part(said, "Emma") == told


@pytest.mark.parametrize(
    "said",
    [
        "I said it already.",
        "I already told you that.",
        "I just told you: next year.",
        "You asked that already.",
        "Why do you keep repeating the same question?",
        "You already asked me that.",
    ],
)
def test_a_complaint_about_repetition_gets_an_apology_and_a_new_question(said: str) -> None:
    text = talk_after(COOKS, "My mother.", f"I see. {COOKS}").say(said)
    assert re.search(r"[Ss]orry", text)
    assert COOKS not in text
    assert text.endswith("?")


@pytest.mark.parametrize(
    "said", ["I told my friend a secret.", "I just asked my boss.", "She repeats everything."]
)
def test_what_only_looks_like_a_complaint_about_repetition(said: str) -> None:
    assert not re.search("did tell me|asked that", talk_after(COOKS).say(said))


@pytest.mark.parametrize(
    "said",
    [
        "Can you say your first question again, please?",
        "please repeat the first question",
        "What was the first question?",
        "Your first question again please, more slowly.",
    ],
)
def test_the_first_question_is_the_real_one(said: str) -> None:
    assert "What can you cook?" in talk_after("Hello! What can you cook?", "Rice.", f"I see. {COOKS}").say(
        said
    )


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Please, other topic. I like football.", "[Ff]ootball"),
        ("Can we talk about other food topic?", "[Ff]ood"),
        ("Something else, please. Maybe music.", "[Mm]usic"),
        ("Let's talk about something happy. I bought a new car!", "car|buy|bought|it"),
        ("I said it. Please another topic. I like football.", "[Ff]ootball"),
        ("Can you ask me another travel question?", "[Tt]ravel"),
        ("I don't want to talk about traffic. Something else about food, please.", "[Ff]ood"),
    ],
)
def test_the_topic_that_is_named_in_the_turn_is_taken(said: str, expected: str) -> None:
    assert re.search(expected, talk_after("What is your mother's name?", topic="family").say(said))


@pytest.mark.parametrize(
    "said",
    [
        "do you want that I tell you about my hotel?",
        "Can I tell you a story?",
        "Would you like to hear it?",
        "you want know how?",
    ],
)
def test_an_offer_to_tell_something_is_taken(said: str) -> None:
    assert re.search("[Tt]ell me|hear it", talk_after(COOKS).say(said))


@pytest.mark.parametrize(
    "said", ["It was not so bad, right?", "So we got free wine, so not so bad, isn't it?"]
)
def test_a_statement_with_a_tag_is_no_question(said: str) -> None:
    assert not re.search("can't|language model|no answer", talk_after(COOKS).say(said))


@pytest.mark.parametrize("said", ["where do you get your information from?", "do you read the internet?"])
def test_where_its_knowledge_comes_from(said: str) -> None:
    assert re.search("people wrote", talk_after(COOKS).say(f"I am curious. {said}"))


@pytest.mark.parametrize("said", ["Could you sum up what we talked about today?", "what did we talk about"])
def test_the_topics_of_the_talk_are_summed_up(said: str) -> None:
    talk = talk_after(
        COOKS, "My mother cooks soup and rice.", "Do you play football or watch it?", "I watch it.", "OK."
    )
    assert re.search("We talked about .*food", talk.say(said))


def test_a_word_is_taught_also_at_the_end() -> None:
    text = talk_after(COOKS).say("ok i have to go now, thank you. can you say one new word for me?")
    assert " means " in text
    assert re.search("[Bb]ye|soon", text)
    assert not text.endswith("?")


@pytest.mark.parametrize(
    "said", ["which mistakes did i make", "what about my mistakes?", "Did I say something wrong?"]
)
def test_the_mistakes_of_the_talk_are_named(said: str) -> None:
    talk = talk_after(COOKS, "My mother cook.", "I see.")
    talk.learner_said(said)
    assert wants_mistakes(talk.request())
    assert sentence_to_judge(talk.request()) is None
    talk.messages.pop()
    judged = corrected("My mother cook.", "My mother cooks.")
    assert 'You said "My mother cook". Better: "My mother cooks".' in talk.say(said, judged=judged)


def test_without_a_mistake_it_says_what_it_can_check() -> None:
    text = talk_after(COOKS).say("which mistakes did i make", judged=Judgement(Outcome.RIGHT))
    assert "I have seen no mistake in this talk, but I am a simple checker" in text


def test_a_thing_that_is_fast_is_no_wish_for_slower_speech() -> None:
    talk = talk_after("What is badminton?")
    talk.say("Two people hit a ball. very fast.")
    assert talk.message.pace is None


def test_a_sentence_is_judged_with_the_words_that_look_like_fillers() -> None:
    talk = talk_after(COOKS)
    talk.learner_said("i see a whale in tv yesterday. is my sentence right?")
    assert sentence_to_judge(talk.request()) == "i see a whale in tv yesterday."


def test_a_question_is_not_turned_back_to_a_learner_who_answered_it_first() -> None:
    said = "My neighbour plays drums at night. Have you ever had noisy neighbours?"
    assert "And you?" not in talk_after("What would you change about your home?").say(said)


def test_a_word_of_the_topic_that_is_asked_for_is_taught() -> None:
    text = talk_after(COOKS).say("can you tell me one word about travel?")
    assert text != talk_after(COOKS).say("can you tell me one word?")


@pytest.mark.parametrize("said", ["can you ask me a easier question?", "give me a simple question please"])
def test_an_easier_question_is_asked(said: str) -> None:
    assert "easier question" in talk_after(COOKS).say(f"She studies languages. {said}")


def test_another_question_before_a_question_is_no_wish_for_another_topic() -> None:
    text = talk_after(COOKS).say("Another question: what is the difference between say and tell?")
    assert re.search("person", text)
    assert not re.search("[Ll]et's talk about|, then", text)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("What should I say to an angry customer in English?", "without a language model"),
        ("you can give me a phrase for buy a ticket?", "A ticket to the centre, please"),
        ("How would you tell him politely that it's not acceptable?", "I'm afraid this isn't acceptable"),
    ],
)
def test_a_wish_for_a_phrase_is_met_or_declined(said: str, expected: str) -> None:
    text = talk_after(COOKS).say(said)
    assert expected in text
    assert "say to an angry" not in text
