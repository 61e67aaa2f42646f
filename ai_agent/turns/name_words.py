"""Words of a language that say whether a name is called or only spoken of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameWords:
    """All in the form that `phrases.plain` returns.

    `everyone_called` are names of all: "guys". `calls` precede a name that is called, `speaks_of` one that is
    spoken of: "my sister Emma". `about`, and words with one of the `about_endings` that are not among
    `no_verbs`, follow a name that is spoken of; of them `about_only` never begin a question. A question goes
    on with one of `question_subjects`, has one of `question_objects` later, or ends in one of `judgements`.
    """

    everyone_called: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    speaks_of: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    about_only: frozenset[str] = frozenset()
    about_endings: frozenset[str] = frozenset()
    no_verbs: frozenset[str] = frozenset()
    question_subjects: frozenset[str] = frozenset()
    question_objects: frozenset[str] = frozenset()
    judgements: frozenset[str] = frozenset()
