from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.tutor.feedback_tool import CATEGORIES, GIVE_FEEDBACK, BadFeedback, checked_feedback
from server.protocol.tutor import FeedbackCategory

GOOD: dict[str, object] = {
    "originalSentence": "She like rice",
    "correctedSentence": "She likes rice",
    "explanation": "With she the verb gets an s.",
    "category": "agreement",
}


def test_categories_are_those_of_the_protocol() -> None:
    assert set(CATEGORIES) == {category.value for category in FeedbackCategory}
    assert GIVE_FEEDBACK.schema["required"] == list(GOOD)


def test_a_valid_call_passes_and_an_unknown_category_becomes_other() -> None:
    assert checked_feedback(GOOD).corrected == "She likes rice"
    assert checked_feedback({**GOOD, "category": "vibes"}).category == "other"


@pytest.mark.parametrize("name", ["originalSentence", "correctedSentence", "explanation"])
@pytest.mark.parametrize("value", [None, 7, "", "  ", "x" * 600, "...", ["a"], "a\x00b"])
def test_an_invalid_field_is_refused(name: str, value: object) -> None:
    with pytest.raises(BadFeedback):
        checked_feedback({**GOOD, name: value})


def test_a_change_of_punctuation_is_not_a_correction() -> None:
    with pytest.raises(BadFeedback):
        checked_feedback({**GOOD, "correctedSentence": "she like rice!"})


def test_a_change_of_diacritics_is_a_correction() -> None:
    call = {
        **GOOD,
        "originalSentence": "Toi thich pho",
        "correctedSentence": "Tôi thích phở",
        "category": "diacritics",
    }
    assert checked_feedback(call).category == "diacritics"


@given(st.dictionaries(st.sampled_from(list(GOOD)), st.none() | st.integers() | st.text(max_size=700)))
def test_any_arguments_are_a_correction_or_refused(arguments: dict[str, object]) -> None:
    try:
        feedback = checked_feedback(arguments)
    except BadFeedback:
        return
    assert feedback.category in CATEGORIES
