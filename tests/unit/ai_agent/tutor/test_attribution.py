"""Whose words a quoted sentence is made of."""

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
def test_ones_own_words_are_known_however_they_are_written(sentence: str, own: str) -> None:
    assert is_attributable(sentence, own)


@pytest.mark.parametrize(
    ("sentence", "own"),
    [("He go home", "I like rice"), ("I like rice", ""), ("...", "..."), ("猫が好きだ", "今日は雨です")],
)
def test_words_that_nobody_said_are_nobodys(sentence: str, own: str) -> None:
    assert not is_attributable(sentence, own)


def test_who_said_most_of_it_is_the_one_whose_it_is() -> None:
    sentence, hers = "I goed to the market", "I like to go to the market"
    assert is_attributable(sentence, hers)
    assert not is_attributable(sentence, hers, ["yesterday I goed to the market"])
    assert is_attributable(sentence, sentence, [sentence]), "both said it"
