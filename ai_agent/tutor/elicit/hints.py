"""Hints that point at a mistake without its correction, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ai_agent.tutor.elicit.compare import Change, changes
from ai_agent.tutor.words.forms import lemmas, past_forms

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "tense": 'think about the time: when is it? Look at "{word}"',
        "agreement": 'look at "{word}": who or what is it about?',
        "article": 'think about the little word before "{word}": a, an, the, or nothing',
        "countability": 'can we count it? Look at "{word}"',
        "comparative": "think about how we compare two things",
        "word_order": "think about the order of the words",
        "past": 'think about the past of "{word}"',
        "form": 'think about the form of "{word}"',
        "little_word": 'think about the little word "{word}"',
        "too_many": 'one little word is too many, near "{word}"',
        "look": 'look at "{word}"',
        "need": 'do we need "{word}"?',
        "missing": 'something is missing near "{word}"',
    },
    "vi": {
        "tense": 'hãy nghĩ về thời gian: chuyện xảy ra khi nào? Xem lại "{word}"',
        "agreement": 'xem lại "{word}": đang nói về ai hoặc cái gì?',
        "article": 'hãy nghĩ về từ nhỏ đứng trước "{word}": a, an, the hay không cần từ nào',
        "countability": 'có đếm được không? Xem lại "{word}"',
        "comparative": "hãy nghĩ về cách so sánh hai thứ",
        "word_order": "hãy nghĩ về thứ tự các từ",
        "past": 'hãy nghĩ về dạng quá khứ của "{word}"',
        "form": 'hãy nghĩ về dạng của "{word}"',
        "little_word": 'hãy nghĩ về từ nhỏ "{word}"',
        "too_many": 'thừa một từ nhỏ, gần "{word}"',
        "look": 'xem lại "{word}"',
        "need": 'có cần "{word}" không?',
        "missing": 'thiếu một từ, gần "{word}"',
    },
}
"""By language and kind."""
_NEEDED: Mapping[str, str] = {
    "tense": "{said}",
    "agreement": "{said}",
    "article": "{after}",
    "countability": "{said}",
    "comparative": "{said}",
    "word_order": "{said}{after}",
}
"""By category of the same name: the words that the hint is about; without them there is no such hint."""


def hint(original: str, corrected: str, category: str, language: str = "en") -> str | None:
    """For the first change, in that language or else in English. None: it cannot be hinted at without the
    answer, or most of the sentence changes.
    """
    wanted = changes(original, corrected)
    if not wanted or sum(max(len(c.said), len(c.right)) for c in wanted) > 5:
        return None
    first = wanted[0]
    said, right = " ".join(first.said), " ".join(first.right)
    found = _of_category(first, said, right, category) or _of_words(first, said)
    if found is None:
        return None
    kind, word = found
    texts = [_TEXTS[tag][kind].format(word=word) for tag in (language, "en") if tag in _TEXTS]
    return next((text for text in texts if not _tells(text, right)), None)


def is_telling(text: str, original: str, corrected: str) -> bool:
    """Whether a hint has the answer in it."""
    return any(_tells(text, " ".join(change.right)) for change in changes(original, corrected))


def _of_category(change: Change, said: str, right: str, category: str) -> tuple[str, str] | None:
    """The kind of the hint, and the word that it is about."""
    if category in {"tense", "verb_form"} and len(change.said) == 1:
        verb = _verb(said, right) or said
        return ("past" if right == past_forms(verb)[0] else "form"), verb
    if category == "preposition" and change.said:
        return ("little_word", said) if right else ("too_many", change.before or change.after)
    word = _NEEDED.get(category, "").format(said=said, after=change.after)
    return (category, word) if word else None


def _of_words(change: Change, said: str) -> tuple[str, str] | None:
    """For any category: where to look."""
    if said:
        return ("look" if change.right else "need"), said
    beside = change.after or change.before
    return ("missing", beside) if beside else None


def _verb(said: str, right: str) -> str | None:
    """The verb of which both words are forms. None: it is the answer itself, or there is none."""
    shared = set(lemmas(right)) - {right}
    return next((lemma for lemma in lemmas(said) if lemma in shared), None)


def _tells(text: str, right: str) -> bool:
    plain = f" {''.join(c if c.isalnum() or c == ' ' else ' ' for c in text.lower())} "
    return len(right) > 1 and f" {right} " in f" {chr(32).join(plain.split())} "
