"""Words of the lists are found in every disguise that is named, and innocent words never."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.moderation.words import FOLDER, WordList, default_list, find_words, mask_words

WORDS = default_list()
_GLOSSARY = Path(__file__).parents[3] / "ai_agent" / "tutor" / "words" / "data" / "wordnet.tsv"

INNOCENT = (
    "Scunthorpe Penistone Clitheroe Essex Sussex Middlesex Lightwater Peacock Hancock Dickens Dickinson "
    "Cumming Bonner Cockburn Shiitake shitake class classes glass grass assess assassin passage embarrass "
    "bass compass cocktail cockpit peacock hitherto shift sheet beach bit pitch dung dungeon cunning "
    "country count duck fact puppy push pussyfoot whole whose horse hoarse slit slurp niggardly snigger "
    "denigrate Nigel Niger Nigeria bastion custard mustard analysis arsenal Arsène basement document "
    "cucumber circumstance title titan Phúc Phuc Phước Dung Dũng Bích Cúc Cường Cu Lộn Tít Đức Lợi Hậu "
    "Buu Fukuda Fukushima Kok Wang Ho",
    "các bạn, buổi sáng, lớn lên, đi chơi, đủ rồi, cụm từ, còn các bạn, ngủ trưa, đeo kính, bị cúm, con lợn",
    "cac ban oi, buoi sang, di choi, du roi, con cac ban thi sao, vai lon, an com chua, lon bia",
    "Samsung A55, the number 455, 80085, room 5h, b12, s3, call 911, C3PO",
    "How do you spell ship? s-h-i-p. And class? c-l-a-s-s, c l a s s. As is. a s s",
    "user@example.com, https://example.org/a55/ass.html?x=1".replace("ass.html", "class.html"),
    "👩‍👩‍👧 ❤️ class ❤️",
)


@pytest.mark.parametrize("text", INNOCENT)
def test_innocent_words_are_left_alone(text: str) -> None:
    assert mask_words(text, WORDS) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Fuck you", "**** you"),
        ("FUCK!", "****!"),
        ("fuuuuuck", "********"),
        ("fuckkk", "******"),
        ("f.u.c.k and f u c k", "******* and * * * *"),
        ("sh1t 5hit $hit sh!t", "**** **** **** ****"),
        ("fúck fůck", "**** ****"),
        ("fu\u0441k", "****"),
        ("f\u200bu\u00adck", "******"),
        ("ｆｕｃｋ", "****"),
        ("f\u0336u\u0336c\u0336k\u0336", "********"),
        ("what an asshole", "what an *******"),
        ("go kill yourself now", "go **** ******** now"),
        ("địt mẹ mày", "*** ** ***"),
        ("Cặc", "***"),
        ("lồn lôǹ LỒN lồnnn l ồ n", "*** *** *** ***** * * *"),
        ("đụ má, đm", "** **, **"),
        ("dit me may, vcl", "*** ** ***, ***"),
    ],
)
def test_words_are_found_in_disguise(text: str, shown: str) -> None:
    assert mask_words(text, WORDS) == shown


def test_the_same_text_is_found_composed_and_decomposed() -> None:
    text = "địt mẹ và các bạn"
    decomposed = unicodedata.normalize("NFD", text)
    assert find_words(text, WORDS) == find_words(decomposed, WORDS) == [(0, 6)]


def test_no_word_of_the_dictionary_is_hit_but_those_of_the_list() -> None:
    listed = {*WORDS.folded, *WORDS.plain}
    names = {line.split("\t")[0] for line in _GLOSSARY.read_text(encoding="utf-8").splitlines()}
    assert len(names) > 5_000
    assert [name for name in names if name.lower() not in listed and find_words(name, WORDS)] == []


def test_a_list_is_read_by_its_sections_and_nothing_else_is_accepted() -> None:
    assert WordList.of(["# a comment", "[exact]", "Cặc # why", ""]) == WordList(exact=("cặc",))
    for wrong in (["word"], ["[unknown]"]):
        with pytest.raises(ValueError, match="section"):
            WordList.of(wrong)


@pytest.mark.parametrize("name", ["en", "vi"])
def test_the_lists_have_no_word_twice_and_name_their_sources(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    words = WordList.of(text.splitlines())
    entries = [*words.folded, *words.exact, *words.plain]
    assert len(set(entries)) == len(entries)
    assert "LDNOOBW" in text


@given(st.text(max_size=500))
def test_any_text_is_taken_and_only_letters_of_found_words_change(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    spans = find_words(text, WORDS)
    assert all(0 <= start < end <= len(composed) for start, end in spans)
    shown = mask_words(text, WORDS)
    assert shown == text if not spans else len(shown) == len(composed)
