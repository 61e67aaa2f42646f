"""The tool that an LLM calls to correct a learner, and the validation of its calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ai_agent.providers.ports import ToolSpec
from ai_agent.tutor.elicit.hints import is_telling
from server.protocol.tutor import NoFeedbackReason

CATEGORIES = (
    "verb_form",
    "tense",
    "agreement",
    "article",
    "countability",
    "preposition",
    "comparative",
    "word_order",
    "word_choice",
    "pronoun",
    "spelling",
    "diacritics",
    "classifier",
    "other",
)
"""Equal to FeedbackCategory in `server.protocol`."""

MAX_SENTENCE_CHARS = 500
MAX_EXPLANATION_CHARS = 400

_PROPERTIES: Mapping[str, object] = {
    "originalSentence": {"type": "string", "description": "The learner's sentence, word for word."},
    "correctedSentence": {
        "type": "string",
        "description": "The same, with as little changed as needed.",
    },
    "explanation": {
        "type": "string",
        "description": (
            "Why, in one or two short sentences of plain words with a short example, in the"
            " learner's first language if you were told it, else in English at their level."
        ),
    },
    "category": {"type": "string", "enum": list(CATEGORIES)},
}
GIVE_FEEDBACK = ToolSpec(
    name="give_feedback",
    description=(
        "Correct one mistake in the learner's last words. Call it once for each sentence with a clear"
        " mistake in grammar or word choice, three times at the most; never for punctuation or capitals (the"
        " words were spoken), and never if the sentence is right. Only the learner reads it."
    ),
    schema={
        "type": "object",
        "properties": _PROPERTIES,
        "required": ["originalSentence", "correctedSentence", "explanation", "category"],
        "additionalProperties": False,
    },
)
GIVE_FEEDBACK_OR_HINT = replace(
    GIVE_FEEDBACK,
    schema={
        **GIVE_FEEDBACK.schema,
        "properties": {
            **_PROPERTIES,
            "hint": {
                "type": "string",
                "description": (
                    "Only if your spoken answer asks the learner to try this sentence again: where to"
                    " look, in at most ten words, in the language of the explanation, without the"
                    " correction, in place of which it is shown."
                ),
            },
        },
    },
)
"""While the learner may be asked to mend a sentence before its correction is shown."""
MAX_HINT_CHARS = 120


class BadFeedback(ValueError):
    """The call is not a correction. The text says why and holds no words of learners."""


@dataclass(frozen=True, slots=True)
class CheckedFeedback:
    """`hint`: empty if the learner is not asked to try again."""

    original: str
    corrected: str
    explanation: str
    category: str
    hint: str = ""


def checked_feedback(arguments: Mapping[str, object]) -> CheckedFeedback:
    """Raises BadFeedback. An unknown category becomes "other"."""
    original = _text(arguments, "originalSentence", MAX_SENTENCE_CHARS)
    corrected = _text(arguments, "correctedSentence", MAX_SENTENCE_CHARS)
    explanation = _text(arguments, "explanation", MAX_EXPLANATION_CHARS)
    if _letters(original) == _letters(corrected):
        raise BadFeedback("only punctuation or capitals change")
    category = arguments.get("category")
    known = category if isinstance(category, str) and category in CATEGORIES else "other"
    return CheckedFeedback(original, corrected, explanation, known, _hint(arguments, original, corrected))


def _hint(arguments: Mapping[str, object], original: str, corrected: str) -> str:
    """Empty if there is none, or one that gives the answer away."""
    try:
        hint = _text(arguments, "hint", MAX_HINT_CHARS)
    except BadFeedback:
        return ""
    return "" if is_telling(hint, original, corrected) else hint


def _text(arguments: Mapping[str, object], name: str, max_chars: int) -> str:
    value = arguments.get(name)
    if not isinstance(value, str):
        raise BadFeedback(f"{name} is not a string")
    text = " ".join(value.split())
    if not 1 <= len(text) <= max_chars:
        raise BadFeedback(f"{name} must have 1 to {max_chars} characters")
    if not any(letter.isalpha() for letter in text) or not text.isprintable():
        raise BadFeedback(f"{name} has no words or is not printable")
    return text


def _letters(text: str) -> list[str]:
    words = "".join(letter if letter.isalnum() or letter == "'" else " " for letter in text.lower())
    return words.replace("'", "").split()


_NOTHING_FOUND = "I can check some mistakes, not all."
_NOTHING_WRONG = {
    "A1": f"I found no mistake. {_NOTHING_FOUND}",
    "A2": f"I found no mistake in that. {_NOTHING_FOUND}",
    "B1": f"I found no mistake in your last turn. {_NOTHING_FOUND}",
}
_NOT_CHECKED: Mapping[NoFeedbackReason, str] = {
    NoFeedbackReason.NOTHING_SAID: "Say something first, then ask me again.",
    NoFeedbackReason.CANNOT_CHECK: (
        "I cannot check this language: the server needs a key for a language model to do that."
    ),
    NoFeedbackReason.NOT_SURE: (
        "I am not sure that I heard you right. Mend your words on the page, then ask again."
    ),
    NoFeedbackReason.NOT_NOW: "I could not check that just now. Ask me again in a moment.",
}


def no_feedback_text(level: str, reason: NoFeedbackReason) -> str:
    """Used if the engine gives no text itself. Says that nothing is wrong only if the turn was checked."""
    if reason is NoFeedbackReason.RIGHT:
        return _NOTHING_WRONG.get(level, f"I found no mistake there. {_NOTHING_FOUND}")
    return _NOT_CHECKED[reason]
