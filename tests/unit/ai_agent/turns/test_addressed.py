from __future__ import annotations

import pytest

from ai_agent.turns.addressed import TurnContext, is_for_tutor
from ai_agent.turns.phrases import Phrases, phrases
from tests.unit.ai_agent.turns.group_talk import utterances

ENGLISH = phrases("en")
APART = TurnContext("Emma", others=("Ben",), last_speaker="other")


def test_nine_of_ten_turns_in_groups_are_classified_correctly_both_ways() -> None:
    talk = list(utterances())
    for wanted in (True, False):
        group = [u for u in talk if u.is_for_tutor is wanted]
        wrong = [u.text for u in group if is_for_tutor(u.text, u.context, ENGLISH) is not wanted]
        assert len(group) >= 30
        assert len(wrong) <= 0.1 * len(group), wrong


@pytest.mark.parametrize("name", ["emma", "Emma", "ema", "emmer", "amma", "em ma"])
def test_the_tutors_name_is_recognised_in_the_spellings_of_recognisers(name: str) -> None:
    assert is_for_tutor(f"{name} what time is it", APART, ENGLISH)


@pytest.mark.parametrize("text", ["emma said it was right", "what did emma say", "i like emma's voice"])
def test_talk_about_the_tutor_is_not_addressed_to_it(text: str) -> None:
    assert not is_for_tutor(text, APART, ENGLISH)


def test_a_person_alone_with_the_tutor_addresses_it() -> None:
    assert is_for_tutor("i like rice", TurnContext("Emma", people=1), ENGLISH)


@pytest.mark.parametrize("change", ["wants_tutor", "interrupts_tutor"])
def test_a_button_or_an_interruption_addresses_the_tutor(change: str) -> None:
    context = TurnContext("Emma", ("Ben",), **{change: True})  # type: ignore[arg-type]
    assert is_for_tutor("i do not think so", context, ENGLISH)


def test_a_turn_that_names_another_person_is_for_them() -> None:
    assert not is_for_tutor("ben what does it mean", APART, ENGLISH)


def test_a_language_without_a_file_still_has_the_tutors_name() -> None:
    assert is_for_tutor("emma hola", APART, Phrases())
    assert not is_for_tutor("hola", APART, Phrases())


def test_vietnamese_has_its_forms_of_address_for_a_teacher() -> None:
    assert is_for_tutor("cô ơi từ này nghĩa là gì", APART, phrases("vi"))
    assert not is_for_tutor("hôm qua tôi đi chợ", APART, phrases("vi-VN"))
