"""Questions about grammar and learning: written answers (`data/en/grammar.toml`), and forms of words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ai_agent.tutor.scripted.bank import read_data
from ai_agent.tutor.scripted.english.hearing import words_of
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk
from ai_agent.tutor.words import dictionary, forms


def pair_explained(words: set[str]) -> str | None:
    """The written difference between two of the words."""
    known = _grammar()["differences"].items()
    return next((text for pair, text in known if len(set(pair.split()) & words) >= 2), None)


def alone_explained(one: str, other: str) -> str | None:
    """The written answer about one of two phrases: "discuss" or "discuss about"."""
    known = _grammar()["alone"].items()
    return next((text for phrase, text in known if any(_has(said, phrase) for said in (one, other))), None)


def _has(said: str, phrase: str) -> bool:
    return f" {phrase} " in f" {' '.join(words_of(said))} "


def sound(name: str) -> str | None:
    """How a sound such as "th" is made."""
    found: str | None = _grammar()["sounds"].get(name.lower().strip(" -\"'"))
    return found


def opposite_of(word: str) -> str | None:
    found: str | None = _grammar()["opposites"].get(word)
    return found


def difference(talk: Talk, found: Found) -> Reply | None:
    del talk
    one, other = (re.sub(r"^(?:the|a|an|to|word|words) ", "", found.group(name)) for name in ("one", "other"))
    text = alone_explained(one, other) or pair_explained(set(words_of(f"{one} {other}")))
    text = text or _rule_of(one, least=2)  # "used to" is explained with "be used to"
    if text is not None:
        return Reply(text, "again")
    if not re.search(r"differen|same|similar|equal|which|versus|\bvs\b", found.sentence):
        return None  # "blue or black" is an answer
    named = [word for part in (one, other) for word in re.split(r" (?:and|or|with) ", part)]
    known = [[e for e in dictionary.look_up(word)[:1] if e.word == word] for word in named]
    if all(known):
        texts = [f'"{word}" means {entry[0].definition}' for word, entry in zip(named, known, strict=True)]
        return Reply(
            f"{texts[0][0]}{texts[0][1].upper()}{texts[0][2:]}. And {', and '.join(texts[1:])}.", "again"
        )
    if len(one.split()) <= 3 and len(other.split()) <= 3:
        return Reply("I can't explain that difference without a language model, sorry.", "again")
    return None


def rule(talk: Talk, found: Found) -> Reply | None:
    asked = found.group("rule")
    if (text := _rule_of(asked)) is not None:
        return Reply(text, "again")
    if not asked:
        text = next((t for said in reversed(talk.said_before[-2:]) if (t := _rule_of(said, least=2))), None)
        return Reply(text, "again") if text is not None else None
    is_short = len(asked.split()) <= _NAME_OF_RULE
    if is_short and (found.sentence.startswith(("explain", "teach")) or " use " in f" {found.sentence} "):
        return Reply(
            "I have no rule about that, sorry. I know the tenses, articles, prepositions and some pairs.",
            "again",
        )
    return None


def _rule_of(asked: str, *, least: int = 1) -> str | None:
    """The rule that the words name, by a name of at least so many words."""
    said = words_of(asked)
    for name, text in _grammar()["rules"].items():
        parts = name.split()
        if len(parts) >= least and all(any(w.startswith(part) for w in said) for part in parts):
            found: str = text
            return found
    return None


def past_form(talk: Talk, found: Found) -> Reply | None:
    del talk
    verb = next(
        (
            w
            for w in forms.lemmas(found.group("word"))
            if dictionary.is_verb(w) and not forms.is_irregular_form(w)
        ),
        None,
    )
    if verb is None:
        return Reply(f'I don\'t know the verb "{found.group("word")}", sorry.', "again")
    past, participle = forms.past_forms(verb)
    return Reply(f'The past of "{verb}" is "{past}", and the third form is "{participle}".', "again")


def plural_form(talk: Talk, found: Found) -> Reply | None:
    del talk
    noun = found.group("word")
    if noun in forms.UNCOUNTABLE:
        return Reply(f'"{noun.capitalize()}" has no plural: we can\'t count it.', "again")
    return Reply(f'The plural of "{noun}" is "{forms.plural(noun)}".', "again")


def advice(talk: Talk, found: Found) -> Reply | None:
    """About what was asked for; if nothing was named, about what the talk is about."""
    aim = found.group("aim")
    if aim in {"that", "this", "it", "with that", "with this", "with it"}:
        text = next((t for said in reversed(talk.said_before[-3:]) if (t := _rule_of(said))), None)
        if text is not None:
            return Reply(text, "again")
    if _OTHERS.search(found.sentence):
        return Reply(talk.pick_any(_NO_ADVICE))
    is_about_life = re.search(r"\bwould you\b", found.sentence) is not None  # "… do in my place?"
    before = "" if is_about_life else " ".join(talk.said_before[-2:])
    for about in [aim] if aim else [found.sentence, before]:
        asked = set(words_of(about))
        for entry in _grammar()["advice"]:
            if asked & set(entry["words"].split()):
                return Reply(talk.pick_any(entry["say"]), "again")
    return Reply(talk.pick_any(_NO_ADVICE))


_NAME_OF_RULE = 2
"""Words; more are no name of a rule: "use my phone less"."""
_OTHERS = re.compile(
    r"\b(?:him|her|them|boss|parents|mother|father|wife|husband|son|daughter|kids?|children)\b"
)
"""Advice about other people is none about English."""
_NO_ADVICE = (
    "I can give advice about learning English, but about other things I know too little, sorry. "
    "Who could you ask?",
    "I'm only a program, so I can't tell you what is best there. What would a good friend say to you?",
)


@cache
def _grammar() -> dict[str, Any]:
    return read_data("en/grammar.toml")
