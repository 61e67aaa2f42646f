"""Hints that point at a mistake without its correction, in plain English. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ai_agent.tutor.elicit.compare import Change, changes
from ai_agent.tutor.words.forms import lemmas, past_forms

_TEXTS: Mapping[str, tuple[str, str]] = {
    "tense": ('think about the time: when is it? Look at "{word}"', "{said}"),
    "agreement": ('look at "{word}": who or what is it about?', "{said}"),
    "article": ('think about the little word before "{word}": a, an, the, or nothing', "{after}"),
    "countability": ('can we count it? Look at "{word}"', "{said}"),
    "comparative": ("think about how we compare two things", "{said}"),
    "word_order": ("think about the order of the words", "{said}{after}"),
}
"""By category: the hint, and the words that it is about; without them there is no such hint."""


def hint(original: str, corrected: str, category: str) -> str | None:
    """For the first change. None: it cannot be hinted at without the answer, or most of the sentence
    changes.
    """
    wanted = changes(original, corrected)
    if not wanted or sum(max(len(c.said), len(c.right)) for c in wanted) > 5:
        return None
    first = wanted[0]
    said, right = " ".join(first.said), " ".join(first.right)
    text = _of_category(first, said, right, category) or _of_words(first, said)
    return text if text is not None and not _tells(text, right) else None


def is_telling(text: str, original: str, corrected: str) -> bool:
    """Whether a hint has the answer in it."""
    return any(_tells(text, " ".join(change.right)) for change in changes(original, corrected))


def _of_category(change: Change, said: str, right: str, category: str) -> str | None:
    if category in {"tense", "verb_form"} and len(change.said) == 1:
        verb = _verb(said, right) or said
        which = "the past of" if right == past_forms(verb)[0] else "the form of"
        return f'think about {which} "{verb}"'
    if category == "preposition" and change.said:
        near = change.before or change.after
        return (
            f'think about the little word "{said}"'
            if right
            else f'one little word is too many, near "{near}"'
        )
    text, needed = _TEXTS.get(category, ("", ""))
    found = needed.format(said=said, after=change.after)
    return text.format(word=found) if text and found else None


def _of_words(change: Change, said: str) -> str | None:
    """For any category: where to look."""
    if said:
        return f'look at "{said}"' if change.right else f'do we need "{said}"?'
    beside = change.after or change.before
    return f'something is missing near "{beside}"' if beside else None


def _verb(said: str, right: str) -> str | None:
    """The verb of which both words are forms. None: it is the answer itself, or there is none."""
    shared = set(lemmas(right)) - {right}
    return next((lemma for lemma in lemmas(said) if lemma in shared), None)


def _tells(text: str, right: str) -> bool:
    plain = f" {''.join(c if c.isalnum() or c == ' ' else ' ' for c in text.lower())} "
    return len(right) > 1 and f" {right} " in f" {chr(32).join(plain.split())} "
