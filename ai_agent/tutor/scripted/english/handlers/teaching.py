"""Teaches words and idioms (`data/en/lesson_words.toml`), and gives other words for a word."""

from __future__ import annotations

import re
from dataclasses import replace

from ai_agent.tutor.scripted.bank import Topic, load_bank, read_data
from ai_agent.tutor.scripted.english import topic_questions
from ai_agent.tutor.scripted.english.handlers.practice import phrases_for
from ai_agent.tutor.scripted.english.handlers.words import (
    POINTING,
    QUOTED,
    explained,
    shown,
    stronger,
    synonym,
    word_of,
)
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk, mixed, said_sentences
from ai_agent.tutor.words import dictionary
from ai_agent.tutor.words.glossary import glossary

_ALL = 200
_MOST_WORDS = 3
"""Words that are taught at once if somebody asks for words."""


def teach_word(talk: Talk, found: Found) -> Reply | None:
    """A word that was not taught in this talk, of the topic that the request names, else of the talk's."""
    asked = next((s for s in said_sentences(talk.said) if "word" in s.lower()), found.sentence)
    named = re.search(
        r"\b(?:about|for|on|of|related to) (?:the |a |an |my )?(?P<wish>[\w -]+)", asked.lower()
    )
    if re.search(r"\bphrases?|sentences?\b", asked.lower()) and (text := phrases_for(asked, talk)):
        return Reply(text)
    if re.search(r"\b(?:idioms?|proverbs?|sayings?|expressions?|phrases?)\b", asked.lower()):
        return Reply(_idiom(talk, named["wish"] if named else ""))
    topic = load_bank("en").topic_of(named["wish"] if named else asked)
    topic = topic or topic_questions.current_topic(talk)
    wish = named["wish"].split()[-1] if named else ""
    if re.search(r"\b(?:words|vocabulary)\b", asked.lower()):
        return Reply(
            f"Here are some words. {_several(talk, topic, wish)} Choose one, and make a sentence with it."
        )
    taught = _taught_easy(talk, topic, wish) if talk.band == "a" else _taught(talk, topic)
    return Reply(f"Here is a word for you. {taught} Can you make a sentence with it?")


def _several(talk: Talk, topic: Topic, wish: str) -> str:
    """A few words, each with its meaning."""
    found = list[str]()
    for _ in range(_MOST_WORDS):
        here = replace(talk, told=(*talk.told, *found))
        found.append(_taught_easy(here, topic, wish) if talk.band == "a" else _taught(here, topic))
    return " ".join(re.sub(r" For example: .*", "", text) for text in dict.fromkeys(found))


def _idiom(talk: Talk, about: str) -> str:
    """One that is about the wish if there is one, else any."""
    rows = read_data("en/lesson_words.toml")["idioms"]["all"]
    rows = [row for row in rows if not talk.has_said(f'"{shown(row[0])}" means', _ALL)] or rows
    fits = [row for row in rows if set(about.split()) & set(row[3].split())] or (rows if not about else [])
    lead = "Here is one."
    if not fits:
        lead, fits = f"I know none about {about}, sorry, but here is another one.", rows
    idiom, means, sentence, _ = fits[mixed(talk.seed, talk.turn) % len(fits)]
    return f'{lead} "{shown(idiom)}" means: {means}. For example: "{sentence}"'


def _taught(talk: Talk, topic: Topic) -> str:
    """From B1: of our own list (`data/en/lesson_words.toml`)."""
    words = read_data("en/lesson_words.toml")
    names = [name for name in (topic.name, *topic.next, "everyday") if name in words]
    rows = [row for name in names for row in words[name][talk.band]]
    word, means, sentence = next(
        (row for row in rows if not talk.has_said(f'"{shown(row[0])}" means', _ALL)), rows[0]
    )
    return f'"{shown(word)}" means {means}. For example: "{sentence}"'


def _taught_easy(talk: Talk, topic: Topic, wish: str) -> str:
    """At A1 and A2: of the glossary, first words that are explained with the wish."""
    named = [p for p in glossary() if wish and wish in p.meaning.split() and p.word != wish]
    words = named or [pair for pair in glossary() if pair.meaning and pair.word in topic.words]
    words = words or [
        pair for pair in glossary() if pair.part in "nva" and pair.meaning and len(pair.word) > 4
    ]
    fresh = [pair for pair in words if not talk.has_said(f'"{shown(pair.word)}" means', _ALL)] or words
    return explained(fresh[mixed(talk.seed, talk.turn) % len(fresh)].word, talk) or ""


def rephrase(talk: Talk, found: Found) -> Reply | None:
    """Another way to say something: other words for a word, no rewriting of a sentence."""
    asked = word_of(found)
    if re.search(r"\bhow\b.*\bpolite", found.sentence) and (text := phrases_for(found.sentence, talk)):
        return Reply(text)
    if asked and len(asked.split()) <= 2 and asked.split()[0] not in POINTING:
        if asked in stronger() or any(entry.synonyms for entry in dictionary.look_up(asked)):
            return synonym(talk, found)
        return Reply(f'I know no better word for "{asked}", sorry. My dictionary is small.', "again")
    if asked and QUOTED.search(talk.said):
        return Reply(
            f'I know no other way to say "{asked}", sorry. I only know words, no longer phrases.', "again"
        )
    return Reply(talk.pick_any(_NO_STYLE), "again")


_NO_STYLE = (
    "I can't find a better wording without a language model, sorry. Say it in your own words, and "
    "ask me if it is right.",
    "Style is beyond me without a language model, sorry. I can check a sentence for mistakes, or tell you "
    "other words for a single word.",
)
