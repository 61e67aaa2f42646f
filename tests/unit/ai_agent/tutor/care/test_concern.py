"""Some words call for care: many ways to say it, and many that look alike."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ai_agent.tutor.care import Category, Mood, find_concern, mood
from ai_agent.tutor.care.signs import languages, load_signs
from ai_agent.tutor.scripted.bank import languages as scripted_languages

_HERE = Path(__file__).parent


def sections(name: str) -> Iterator[tuple[str, list[str]]]:
    """Headings with the lines under each."""
    text = re.sub(r"^#.*\n", "", (_HERE / name).read_text("utf-8"), flags=re.MULTILINE)
    for heading, body in re.findall(r"^\[(.*)\]\n((?:(?!\[).*\n?)*)", text, re.MULTILINE):
        yield heading, [line for line in body.splitlines() if line.strip()]


CONCERNS = [(*heading.split(), said) for heading, lines in sections("concerns.txt") for said in lines]
HARMLESS = [(heading, said) for heading, lines in sections("harmless.txt") for said in lines]


@pytest.mark.parametrize("case", CONCERNS, ids=lambda case: case[-1])
def test_words_that_call_for_care_are_found(case: tuple[str, ...]) -> None:
    lesson, name, *spoken, said = case
    found = find_concern(said, lesson)
    assert found is not None
    assert found.category == Category(name.rstrip("*"))
    assert found.is_other is name.endswith("*")
    assert found.language == (spoken[0] if spoken else lesson)
    assert mood(said, lesson) is Mood.CARE


@pytest.mark.parametrize(("language", "said"), HARMLESS)
def test_words_that_only_look_alike_are_not(language: str, said: str) -> None:
    assert find_concern(said, language) is None
    assert mood(said, language) is not Mood.CARE


def test_the_lists_are_long_enough_to_mean_something() -> None:
    assert len(CONCERNS) >= 400
    assert len(HARMLESS) >= 300


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "I lost my job"),
        ("en", "I failed"),
        ("en", "I failed my driving test again."),
        ("en", "My wife and I got divorced"),
        ("en", "I am not happy"),
        ("en", "i am sick today"),
        ("en", "I don't have money"),
        ("en", "My girlfriend broke up with me"),
        ("en", "I had an accident"),
        ("en", "My grandfather died in 1990"),
        ("en", "I was fired yesterday"),
        ("en", "I couldn't sleep"),
        ("en", "I miss my family"),
        ("en", "my mother is in hospital"),
        ("en", "I'm worried about my exam"),
        ("en", "She doesn't love me"),
        ("vi", "Tôi vừa chia tay bạn gái"),
        ("vi", "Hôm nay em buồn"),
        ("es", "Estoy triste"),
        ("fr", "Je suis malade"),
        ("de", "Ich bin traurig"),
        ("ja", "仕事を失いました。悲しいです"),
        ("ko", "시험에 떨어졌어요"),
        ("zh", "我很难过"),
    ],
)
def test_bad_news_is_neither_plain_nor_a_matter_of_care(language: str, said: str) -> None:
    assert mood(said, language) is Mood.BAD


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "I like rice"),
        ("en", "I went to the beach with my sister"),
        ("en", "My brother is a teacher"),
        ("en", "I passed my exam!"),
        ("en", "Yesterday I watched a film"),
        ("en", "Every day I walk to work with my dog"),
        ("vi", "Em thích ăn phở"),
        ("es", "Me gusta el café"),
        ("fr", "J'aime la musique"),
        ("de", "Ich trinke gern Tee"),
        ("ja", "寿司が好きです"),
        ("ko", "커피를 좋아해요"),
        ("zh", "我喜欢咖啡"),
    ],
)
def test_a_plain_sentence_is_plain(language: str, said: str) -> None:
    assert mood(said, language) is Mood.PLAIN


def test_a_language_without_signs_is_compared_with_the_others() -> None:
    found = find_concern("I want to kill myself", "sw")
    assert found is not None
    assert found.language == "en"
    assert mood("I lost my job", "sw") is Mood.BAD


def test_every_language_with_a_prompt_or_a_script_has_signs_of_every_category() -> None:
    prompts = {path.stem for path in (_HERE.parents[4] / "ai_agent/tutor/prompts/languages").glob("*.md")}
    assert prompts | scripted_languages() <= languages()
    for language in languages():
        signs = load_signs(language)
        assert set(signs.own) == set(Category)
        assert signs.hard is not None


@pytest.mark.parametrize(
    "unit", ["i want to ", "my mother ", "not ", "i am so very ", "he she they ", "i i i "]
)
def test_a_long_text_takes_no_long_time(unit: str) -> None:
    find_concern("warm up", "en")
    began = time.process_time()
    find_concern(unit * (4_000 // len(unit)), "en")
    assert time.process_time() - began < 1.0


def test_no_sentence_reads_the_disk_once_the_signs_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    mood("I like tea.", "en")
    monkeypatch.setattr(Path, "glob", lambda *_: pytest.fail("reads the disk in the loop of all sessions"))
    mood("I like tea.", "en")
