"""Figures and abbreviations as they are said, and the voice of each stretch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.tutor.speakable import segments, spoken
from ai_agent.tutor.speakable.spoken import cardinal, ordinal, year


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("It costs $5.50 or $1,200.", "It costs five dollars fifty or one thousand two hundred dollars."),
        ("£1 and £0.50, €3 million", "one pound and fifty pence, three million euros"),
        ("Meet at 10:30 am or 7 pm.", "Meet at ten thirty a m or seven p m."),
        ("At 9:00, 2:05 and 12:00 p.m. sharp", "At nine o'clock, two oh five and noon sharp"),
        ("Call 999 now.", "Call nine nine nine now."),
        ("Samaritans, 116 123.", "Samaritans, one one six, one two three."),
        ("In 1999, 2005 and 1900", "In nineteen ninety-nine, two thousand and five and nineteen hundred"),
        ("10-15 people, 2010-2015", "ten to fifteen people, twenty ten to twenty fifteen"),
        ("50% of 20°C at 100 km/h", "fifty percent of twenty degrees at one hundred kilometres an hour"),
        (
            "the 1st, 22nd and 30th of the 1990s",
            "the first, twenty-second and thirtieth of the nineteen nineties",
        ),
        ("on 2024-05-12", "on May twelfth, twenty twenty-four"),
        ("Mr. Brown & Dr. Lee, e.g. he/she", "Mister Brown and Doctor Lee, for example he or she"),
        ("3.5 km or 1 kg", "three point five kilometres or one kilogram"),
        ("findahelpline.com", "findahelpline dot com"),
        ("I have 121 apples.", "I have one hundred and twenty-one apples."),
        ("No figures here, at all.", "No figures here, at all."),
    ],
)
def test_english_figures_are_said_in_words(shown: str, said: str) -> None:
    assert spoken(shown, "en-GB").text == said


def test_other_languages_keep_their_figures_for_the_voice() -> None:
    assert spoken("Có 50% và 121 người", "vi").text == "Có 50 phần trăm và 121 người"
    assert spoken("Gọi 096 306 1414", "vi").text == "Gọi 0 9 6 3 0 6 1 4 1 4"
    assert spoken("Das sind 20 Äpfel, z. B. rote", "de").text == "Das sind 20 Äpfel, zum Beispiel rote"
    assert spoken("Mam 20 jabłek", "pl").text == "Mam 20 jabłek"


def test_numbers_in_words() -> None:
    assert [cardinal(n) for n in (0, 13, 40, 85, 100, 999, 1_001, 20_000, 1_000_000)] == [
        *("zero", "thirteen", "forty", "eighty-five", "one hundred", "nine hundred and ninety-nine"),
        *("one thousand and one", "twenty thousand", "one million"),
    ]
    assert [ordinal(n) for n in (1, 2, 3, 5, 8, 9, 12, 20, 21, 100)] == [
        *("first", "second", "third", "fifth", "eighth", "ninth", "twelfth", "twentieth", "twenty-first"),
        "one hundredth",
    ]
    assert [year(n) for n in (1906, 2000, 2024)] == ["nineteen oh six", "two thousand", "twenty twenty-four"]


@given(st.text(max_size=60) | st.from_regex(r"[a-z $%.,:\d€/-]{0,40}", fullmatch=True))
def test_a_place_in_the_spoken_text_is_found_in_the_shown(text: str) -> None:
    said = spoken(text, "en")
    ends = [said.shown_end(end) for end in range(len(said.text) + 1)]
    assert ends == sorted(ends)
    assert ends[-1] <= len(text)
    assert said.shown_end(len(said.text)) == len(text)


def test_a_word_that_was_said_counts_as_its_figure() -> None:
    said = spoken("I paid $5 today", "en")
    assert said.text == "I paid five dollars today"
    assert [said.shown_end(said.text.index(w) + len(w)) for w in ("paid", "five", "dollars", "today")] == [
        6,
        7,
        9,
        15,
    ]


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("Xin chào means hello.", "en", [("Xin chào ", "vi"), ("means hello.", "en")]),
        ("Cảm ơn bạn rất nhiều!", "en", [("Cảm ơn bạn rất nhiều!", "vi")]),
        (
            'Say "tôi thích ăn phở" slowly.',
            "en",
            [("Say ", "en"), ('"tôi thích ăn phở" ', "vi"), ("slowly.", "en")],
        ),
        ("I ate phở in Hà Nội with Nguyễn.", "en", [("I ate phở in Hà Nội with Nguyễn.", "en")]),
        ("A café and a résumé.", "en-US", [("A café and a résumé.", "en-US")]),
        ("In Chinese 狗 means dog.", "en", [("In Chinese ", "en"), ("狗 ", "zh"), ("means dog.", "en")]),
        ("犬は英語でdogです。", "ja", [("犬は英語でdogです。", "ja")]),
        ("猫が好きです。", "ja", [("猫が好きです。", "ja")]),
        ("개는 dog 이에요.", "ko", [("개는 dog 이에요.", "ko")]),
        ("Xin chào bạn, bạn khỏe không?", "vi", [("Xin chào bạn, bạn khỏe không?", "vi")]),
        ("Ich esse gern Käse.", "de", [("Ich esse gern Käse.", "de")]),
        ("Привет means hi.", "en", [("Привет ", "ru"), ("means hi.", "en")]),
        ("12:30!", "en", [("12:30!", "en")]),
    ],
)
def test_each_stretch_gets_the_voice_of_its_language(
    text: str, language: str, parts: list[tuple[str, str]]
) -> None:
    assert [tuple(segment) for segment in segments(text, language)] == parts


@given(st.text(max_size=80), st.sampled_from(["en", "vi", "ja", "de", "en-GB"]))
def test_the_segments_add_up_to_the_text(text: str, language: str) -> None:
    assert "".join(segment.text for segment in segments(text, language)) == text
