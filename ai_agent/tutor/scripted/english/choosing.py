"""Answers to "which is right, A or B?": by the form of the words that differ, else by the corrector's
judgements, and honest where neither decides.
"""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import Judgement, Outcome
from ai_agent.tutor.scripted.english.handlers.grammar import alone_explained, pair_explained
from ai_agent.tutor.scripted.english.hearing import words_of
from ai_agent.tutor.scripted.english.intents import Found, found_in
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk
from ai_agent.tutor.words import dictionary, forms

_MIN_WORDS = 3
"""Of a sentence that the corrector may judge."""
_FEW = 4
_QUOTED = re.compile('["“”„]\\S')
_PAST = re.compile(r"\b(?:yesterday|ago|last \w+|in the past|past)\b")
_UNDECIDED = (
    "I can't decide that without a language model, sorry. I can check whole sentences: say one, and ask me."
)
_NEITHER = (
    "I find no mistake in either of them, but I can't check everything, so I can't say which one is better."
)


def asked(talk: Talk) -> Found | None:
    """The question of which of two is right."""
    found = next((found for found in found_in(talk) if found.intent.do == "choose"), None)
    return found if found is not None and _is_about_language(talk, found) else None


def _is_about_language(talk: Talk, found: Found) -> bool:
    """Whether it is no choice of another kind: "Is it better to rent or to buy?" """
    short = max(len(found.group(name).split()) for name in ("one", "other")) <= _FEW
    return (
        _QUOTED.search(talk.said) is not None
        or re.search(r"\b(?:correct|say|write|(?:i|we) use|you use)\b", found.sentence) is not None
        or (short and re.search(r"\bright\b", found.sentence) is not None)
    )


def options(talk: Talk) -> tuple[str, str] | None:
    """Two sentences that the corrector can judge. None: there is no such question, or these are words."""
    found = asked(talk)
    if found is None:
        return None
    one, other = found.group("one"), found.group("other")
    return (one, other) if min(len(one.split()), len(other.split())) >= _MIN_WORDS else None


def reply(found: Found, judged: Judgement | None, other: Judgement | None) -> Reply:
    """`judged` and `other`: of the two sentences, if they are `options`."""
    one, second = found.group("one"), found.group("other")
    text = _by_form(one, second, found.sentence) or _by_judgement(one, second, judged, other) or _UNDECIDED
    return Reply(text, "again")


def _by_form(one: str, other: str, sentence: str) -> str | None:
    if (text := alone_explained(one, other)) is not None:
        return text
    here, there = words_of(one), words_of(other)
    only_here = [word for word in here if word not in there]
    only_there = [word for word in there if word not in here]
    if (text := pair_explained({*only_here, *only_there})) is not None:
        return text
    if len(only_here) != 1 or len(only_there) != 1:
        return None
    a, b = only_here[0], only_there[0]
    return _of_verb(a, b, sentence) or _of_verb(b, a, sentence) or _of_adverb(a, b) or _of_adverb(b, a)


def _of_verb(base: str, form: str, sentence: str) -> str | None:
    if not dictionary.is_verb(base) or base == form:
        return None
    past, participle = forms.past_forms(base)
    if form == past:
        use = f' For yesterday, use "{form}".' if _PAST.search(sentence) else ""
        return (
            f'"{_shown(form)}" is the past of "{base}". Use "{form}" for a finished time, '
            f'and "{base}" for now or always.{use}'
        )
    if form == participle:
        return (
            f'"{_shown(form)}" is the third form of "{base}". It needs have or be before it: "I have {form}".'
        )
    return None


def _of_adverb(adjective: str, adverb: str) -> str | None:
    if adverb not in (adjective + "ly", adjective.removesuffix("y") + "ily"):
        return None
    return (
        f'"{_shown(adjective)}" says how somebody or something is: "I am {adjective}". '
        f'"{_shown(adverb)}" says how somebody does something, so it goes with a verb.'
    )


def _by_judgement(one: str, other: str, judged: Judgement | None, second: Judgement | None) -> str | None:
    if judged is None or second is None:
        return None
    wrong = [judgement.outcome is Outcome.CORRECTED for judgement in (judged, second)]
    if all(wrong):
        return None
    if not any(wrong):
        return _NEITHER
    right, found = (other, judged) if wrong[0] else (one, second)
    reasons = " ".join(dict.fromkeys(reason for c in found.corrections for reason in c.reasons))
    return f'I\'d say "{right}". {reasons}'.strip()


def _shown(word: str) -> str:
    return word[0].upper() + word[1:]
