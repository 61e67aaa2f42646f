"""Decides what kind of answer a question of the tutor asks for, and an answer that learners can start
from."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal[
    "where", "who", "when", "how long", "how often", "how many", "why", "yes or no", "which", "open"
]

_KINDS: tuple[tuple[Kind, str], ...] = (
    ("how often", r"how often|how many times"),
    ("how long", r"how long|since when"),
    ("how many", r"how (?:many|much|old|far|big)"),
    ("when", r"when|(?:at )?what time|what day"),
    ("where", r"where|in which (?:city|country|town)|from where"),
    ("who", r"who\b|with whom|whose"),
    ("why", r"why|what makes|what made|for what reason"),
    ("which", r"which|what (?:kind|colour|sport|music|food|animal|subject)|what is your favou?rite"),
    ("open", r"(?:can|could) you (?:tell|say|give|describe|explain)"),
    (
        "yes or no",
        r"(?:is|are|was|were|do|does|did|can|could|would|will|have|has|had|should|shall|may)\b(?!.*\bor\b)",
    ),
)
_ANSWERS = {
    "where": 'Say a place, for example: "At home" or "In my city".',
    "who": 'Say a person, for example: "My sister" or "My friend Nam".',
    "when": 'Say a time, for example: "In the evening" or "Last year".',
    "how long": 'Say a time, for example: "For two years".',
    "how often": 'For example: "Every day" or "Once a week".',
    "how many": 'Say a number, for example: "Two" or "About ten".',
    "why": 'Begin with "because", and say one reason.',
    "which": 'Name one that you like, and say: "I like it because …".',
    "yes or no": 'You can begin with "yes" or "no".',
    "open": "One short sentence is enough.",
}


def kind_of(question: str) -> Kind:
    """Of the last question in the text."""
    asked = question.lower().strip().rstrip("? ").rsplit("? ", maxsplit=1)[-1]
    asked = re.sub(r"^(?:and|so|ok|oh[^,.!]*|now)[,.!]? ", "", asked)
    return next((kind for kind, pattern in _KINDS if re.match(pattern, asked)), "open")


def help_to_answer(question: str) -> str:
    """How an answer may look, in easy words."""
    return _ANSWERS[kind_of(question)]
