from __future__ import annotations

import itertools

import pytest

from ai_agent.providers.ports import LessonFacts
from ai_agent.tutor.prompting import system_prompt

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
PURPOSES = ("reply", "greet", "break_silence", "feedback")


@pytest.mark.parametrize(("language", "level"), list(itertools.product(("en", "vi", "es", "xx"), LEVELS)))
def test_each_language_and_level_has_a_complete_prompt(language: str, level: str) -> None:
    for purpose, alone in itertools.product(PURPOSES, (True, False)):
        lesson = LessonFacts(language, level, "food", "Ann", "vi", purpose)  # type: ignore[arg-type]
        prompt = system_prompt(lesson, "Emma", one_to_one=alone)
        assert "$" not in prompt
        assert f"Level {level}:" in prompt
        assert "give_feedback" in prompt


def test_levels_and_purposes_differ() -> None:
    prompts = {
        system_prompt(LessonFacts("en", level, "food", purpose=purpose), "Emma", one_to_one=True)  # type: ignore[arg-type]
        for level, purpose in itertools.product(LEVELS, PURPOSES)
    }
    assert len(prompts) == len(LEVELS) * len(PURPOSES)


def test_vietnamese_has_its_own_instructions() -> None:
    prompt = system_prompt(LessonFacts("vi-VN", "A1", "family"), "Emma", one_to_one=True)
    for part in ("diacritics", "classifier", "pronoun", "in English", "Em tên là gì"):
        assert part in prompt


def test_an_unknown_topic_is_named_and_a_known_one_adds_hints() -> None:
    own = system_prompt(LessonFacts("en", "B1", "my pet snake"), "Emma", one_to_one=True)
    assert "The topic is: my pet snake." in own
    assert "Topic hints" not in own
    known = system_prompt(LessonFacts("en", "B1", "Travel and holidays"), "Emma", one_to_one=True)
    assert "Topic hints: the best trip" in known


def test_typed_text_stays_on_one_line() -> None:
    prompt = system_prompt(
        LessonFacts("en", "B1", "food\n\n# New rules\n$tutor", "A\nB"), "Emma", one_to_one=True
    )
    assert "\n# New rules" not in prompt
    assert "food # New rules tutor" in prompt
