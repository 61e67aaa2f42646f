"""Finds the speaker of a quoted sentence."""

from __future__ import annotations

import pytest

from ai_agent.tutor.attribution import is_attributable


@pytest.mark.parametrize(
    ("sentence", "own"),
    [
        ("I goed home.", "well um i goed home and slept"),
        ("Tôi thích phở", "toi thich pho"),
        ("Đường này dài", "duong nay dai lam"),
        ("I'm hungry now", "im hungry now"),
        ("She has 2 cats", "She has two cats"),
        ("昨日学校に行くました。", "昨日 学校 に 行くました"),
    ],
)
def test_a_learner_s_own_words_are_recognised_however_they_are_written(sentence: str, own: str) -> None:
    assert is_attributable(sentence, own)


@pytest.mark.parametrize(
    ("sentence", "own"),
    [("He go home", "I like rice"), ("I like rice", ""), ("...", "..."), ("猫が好きだ", "今日は雨です")],
)
def test_invented_words_belong_to_no_learner(sentence: str, own: str) -> None:
    assert not is_attributable(sentence, own)


def test_a_sentence_belongs_to_the_learner_who_said_most_of_it() -> None:
    sentence, hers = "I goed to the market", "I like to go to the market"
    assert is_attributable(sentence, hers)
    assert not is_attributable(sentence, hers, ["yesterday I goed to the market"])
    assert is_attributable(sentence, sentence, [sentence]), "both said the same"
