"""The corrector's tables and the language of its patterns."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ai_agent.tutor import corrector
from ai_agent.tutor.corrector import explanations
from ai_agent.tutor.corrector.hearing import is_within_hearing
from ai_agent.tutor.corrector.parser import Parser
from ai_agent.tutor.corrector.phrases import phrase
from ai_agent.tutor.feedback_tool import CATEGORIES

RULES = Path(corrector.__file__).parent / "rules"
REASON_AT = {"replace": 2, "insert": 2, "remove": 1, "table": 0, "phrase": 2}


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser()


def named_reasons() -> set[str]:
    """Of all calls with a literal reason."""
    found = set()
    for file in RULES.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                at = REASON_AT.get(node.func.id)
                if at is not None and len(node.args) > at and isinstance(node.args[at], ast.Constant):
                    found.add(str(node.args[at].value))  # type: ignore[attr-defined]
    return found


def test_each_reason_has_a_category_and_a_text_in_each_language() -> None:
    reasons = explanations.categories()
    assert named_reasons() - reasons.keys() == set()
    assert set(reasons.values()) <= set(CATEGORIES)
    assert {"en", "vi"} <= explanations.languages()
    for language in explanations.languages():
        assert explanations.texts(language).keys() == reasons.keys()


def test_the_lexicons_word_lists_are_all_read() -> None:
    code = "".join(file.read_text("utf-8") for file in Path(corrector.__file__).parent.rglob("*.py"))
    lexicon = (Path(corrector.__file__).parent / "lexicon.toml").read_text("utf-8")
    names = [line.split(" = ")[0] for line in lexicon.splitlines() if " = " in line]
    assert [name for name in names if name not in code] == []


@pytest.mark.parametrize(
    ("pattern", "text", "said", "expected"),
    [
        ("=depend [of|from]", "on", "it depends of you", "it depends on you"),
        ("=listen [] music", "to", "I listened music", "I listened to music"),
        ("=enjoy [to #VB]", "{ing}", "I enjoy to swim", "I enjoy swimming"),
        ("[=say&#VBD] me", "{as_tell}", "he said me that", "he told me that"),
        ("^ [is] raining $", "it is", "is raining", "it is raining"),
        ("go back? [to] home", "", "I go back to home", "I go back home"),
        ("in [] morning !of", "the", "in morning", "in the morning"),
    ],
)
def test_a_phrase_replaces_what_is_in_its_brackets(
    parser: Parser, pattern: str, text: str, said: str, expected: str
) -> None:
    parse = parser(said)
    (edit,) = phrase(pattern, text, "depend_on")(parse)
    assert edit.apply(parse.text) == expected


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("^ [is] raining $", "it is raining"),
        ("^ [is] raining $", "is raining cats"),
        ("in [] morning !of", "in morning of May"),
        ("=enjoy [to #VB]", "I enjoy it"),
    ],
)
def test_a_phrase_that_does_not_match_changes_nothing(parser: Parser, pattern: str, said: str) -> None:
    assert list(phrase(pattern, "x", "depend_on")(parser(said))) == []


def test_a_pattern_without_brackets_is_refused() -> None:
    with pytest.raises(ValueError, match="brackets"):
        phrase("depend of", "on", "depend_on")


@pytest.mark.parametrize(
    ("said", "corrected", "weak"),
    [
        ("she like it", "she likes it", True),
        ("i am student", "i am a student", True),
        ("he study hard", "he studies hard", True),
        ("i walk home yesterday", "i walked home yesterday", True),
        ("she have it", "she has it", False),
        ("i go home yesterday", "i went home yesterday", False),
        ("why you are sad", "why are you sad", False),
    ],
)
def test_a_change_of_an_article_or_an_ending_needs_a_sure_ear(said: str, corrected: str, weak: bool) -> None:
    assert is_within_hearing(said, corrected, 0.8) is not weak
    assert is_within_hearing(said, corrected, 0.9)
    assert not is_within_hearing(said, corrected, 0.7)


def test_a_parse_says_who_does_what(parser: Parser) -> None:
    parse = parser("my brother does not like it")
    verb = next(token for token in parse if token.low == "like")
    subject = parse.subject(verb)
    assert subject is not None
    assert subject.low == "brother"
    assert parse.finite(verb).low == "does"
    assert parse.left(subject) == 0
    assert (parse.at(-1).text, parse.at(99).text) == ("", "")
