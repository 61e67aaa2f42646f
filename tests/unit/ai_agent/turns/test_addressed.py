from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.turns.addressed import Address, TurnContext, addressee
from ai_agent.turns.names import calls_by_name, talk_of
from ai_agent.turns.phrases import Phrases, phrases
from tests.unit.ai_agent.turns.group_talk import utterances

ENGLISH = phrases("en")
APART = TurnContext("Emma", others=("Ben",), last_speaker="other")


def is_for_tutor(text: str, context: TurnContext, known: Phrases = ENGLISH) -> bool:
    return addressee(text, context, known) is not Address.OTHERS


@pytest.mark.parametrize("file", ["group_talk.txt", "group_talk_names.txt", "group_talk_unseen.txt"])
def test_nineteen_of_twenty_turns_in_groups_are_classified_correctly_both_ways(file: str) -> None:
    talk = list(utterances(file))
    for wanted in (True, False):
        group = [u for u in talk if u.is_for_tutor is wanted]
        wrong = [u.text for u in group if is_for_tutor(u.text, u.context) is not wanted]
        assert len(group) >= 30
        assert len(wrong) <= 0.05 * len(group), wrong


@pytest.mark.parametrize("name", ["emma", "Emma", "ema", "emmer", "amma", "em ma"])
def test_the_tutors_name_is_recognised_in_the_spellings_of_recognisers(name: str) -> None:
    assert is_for_tutor(f"{name} what time is it", APART)


@pytest.mark.parametrize("text", ["emma said it was right", "what did emma say", "i like emma's voice"])
def test_talk_about_the_tutor_is_not_addressed_to_it(text: str) -> None:
    assert not is_for_tutor(text, APART)


def test_a_person_alone_with_the_tutor_addresses_it() -> None:
    assert is_for_tutor("i like rice", TurnContext("Emma", people=1))


@pytest.mark.parametrize("change", ["wants_tutor", "interrupts_tutor"])
def test_a_button_or_an_interruption_addresses_the_tutor(change: str) -> None:
    context = TurnContext("Emma", ("Ben",), **{change: True})  # type: ignore[arg-type]
    assert is_for_tutor("i do not think so", context)


def test_a_turn_that_names_another_person_is_for_them() -> None:
    assert not is_for_tutor("ben what does it mean", APART)


def test_a_language_without_a_file_still_has_the_tutors_name() -> None:
    assert is_for_tutor("emma hola", APART, Phrases())
    assert not is_for_tutor("hola", APART, Phrases())


def test_vietnamese_has_its_forms_of_address_for_a_teacher() -> None:
    assert is_for_tutor("cô ơi từ này nghĩa là gì", APART, phrases("vi"))
    assert not is_for_tutor("hôm qua tôi đi chợ", APART, phrases("vi-VN"))


@pytest.mark.parametrize("other", ["Amy", "Omar", "Amir", "Emmy", "Ema", "Emmer"])
def test_the_exact_name_of_a_person_is_theirs_and_not_a_misheard_tutor(other: str) -> None:
    context = TurnContext("Emma", others=(other,), speaker="Ben", last_speaker="other")
    assert not is_for_tutor(f"{other} what do you think", context)
    assert not is_for_tutor(f"what do you think {other.lower()}", context)
    by_themselves = TurnContext("Emma", others=("Ben",), speaker=other, last_speaker="other")
    assert not is_for_tutor(f"{other} is my name", by_themselves)


@pytest.mark.parametrize(
    "text",
    [
        "emma's question was hard",
        "my sister emma is here",
        "My sister Emma, you know, is here.",
        "emma stone is great",
        "Emma Stone won a prize.",
        "guys can we change the topic",
        "Let us talk about food, Ben",
        "let us talk about food ben",
        "i am at home",
        "i told emma that i was late",
    ],
)
def test_others_are_spoken_to_although_a_teacher_could_be(text: str) -> None:
    assert not is_for_tutor(text, TurnContext("Emma", others=("Ben",), speaker="Ann", last_speaker="other"))


@pytest.mark.parametrize("text", ["stop emma", "Stop, Emma!", "i don't understand emma", "emma was it good"])
def test_a_name_at_either_end_calls_the_tutor(text: str) -> None:
    assert addressee(text, APART, ENGLISH) is Address.TUTOR


def test_a_teachers_question_without_a_name_is_for_anybody() -> None:
    assert addressee("how do you say that in english", APART, ENGLISH) is Address.ANYBODY
    assert addressee("emma how do you say that in english", APART, ENGLISH) is Address.TUTOR


@pytest.mark.parametrize(
    ("text", "wanted"), [("will you come", False), ("Will, you can come", True), ("will what is it", True)]
)
def test_a_name_that_is_also_a_word_calls_only_where_it_can_be_no_word(text: str, wanted: bool) -> None:
    assert calls_by_name(talk_of(text), "Will", ENGLISH) is wanted


def test_one_word_of_a_persons_name_calls_them() -> None:
    assert calls_by_name(talk_of("linh what about you"), "Linh Nguyen", ENGLISH)
    assert not calls_by_name(talk_of("what about you"), "Linh Nguyen", ENGLISH)


@given(text=st.text(max_size=80), name=st.text(max_size=20))
def test_any_words_and_names_are_judged(text: str, name: str) -> None:
    context = TurnContext("Emma", others=(name,), speaker=name, last_speaker="tutor")
    assert addressee(text, context, ENGLISH) in Address
