"""Requests about the talk itself: repeat, slower, another topic, easier words."""

from __future__ import annotations

import re
from functools import cache

from ai_agent.tutor.scripted.bank import LEVELS, Topic, load_bank
from ai_agent.tutor.scripted.english import asking, role_play, statement
from ai_agent.tutor.scripted.english.handlers.words import explained
from ai_agent.tutor.scripted.english.hearing import things_in, words_of
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.question_kind import help_to_answer
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk, sentences_of
from ai_agent.tutor.words import dictionary
from ai_agent.tutor.words.forms import lemmas

_LANGUAGES = frozenset(
    [
        "vietnamese",
        "spanish",
        "french",
        "german",
        "chinese",
        "japanese",
        "korean",
        "russian",
        "arabic",
        "italian",
        "portuguese",
        "hindi",
        "thai",
    ]
)
_SAME = ("Of course. {last}", "Sure, once more: {last}", "I said: {last}", "Again: {last}")


def repeat(talk: Talk, found: Found) -> Reply | None:
    if not talk.last:
        return Reply("I haven't said anything yet. Let's start.", "next")
    wants_question = re.search(r"\bquestion\b|\btalking\b|\bspeaking\b", found.sentence) is not None
    is_plain = '"' not in talk.last
    last = talk.open_question if wants_question or is_plain else ""
    last = last or _without_lead(talk.last)
    return Reply(talk.pick_any(_SAME).replace("{last}", last))


def slower(talk: Talk, found: Found) -> Reply | None:
    del found
    last = talk.open_question
    return Reply(f"OK, I'll speak more slowly. {last}".strip(), "nothing" if last else "next", "slower")


def faster(talk: Talk, found: Found) -> Reply | None:
    del found
    last = talk.open_question
    return Reply(
        f"All right, I'll speak a little faster. {last}".strip(), "nothing" if last else "next", "faster"
    )


def explain_question(talk: Talk, found: Found) -> Reply | None:
    """At first the question again with its hardest word explained, then an easier question."""
    question = talk.open_question or _without_lead(talk.last)
    if not question:
        return Reply("No problem.", "next")
    was_explained = any("The question was" in told or "In other words" in told for told in talk.told[-3:])
    wants_easier = re.search(r"\beasier|difficult|hard\b", found.sentence) is not None
    hard = _hardest_word(question)
    text = explained(hard, talk) if hard else None
    if not was_explained and not wants_easier:
        return Reply(
            f"No problem. The question was: {question} {text or ''} {help_to_answer(question)}".replace(
                "  ", " "
            )
        )
    level = LEVELS[max(LEVELS.index(talk.level) - 1, 0)]
    lead = talk.pick_any(statement.texts("easier", talk))
    return Reply(f"No problem. {lead} {asking.topic_question(talk, level=level)}")


def unsure(talk: Talk, found: Found) -> Reply | None:
    if re.search(
        r"\bi (?:like|love|think|want|work|go|live)\b|\bforgot (?:that )?(?:you|i|we|he|she|they|to)\b",
        found.sentence,
    ):
        return None
    kind = next((kind for kind in _UNSURE if kind in found.sentence), None)
    if kind is not None:
        return Reply(talk.pick_any(_UNSURE[kind]))
    lead = talk.pick(statement.texts("unsure", talk)) or ""
    return Reply(lead, "next")


_UNSURE = {
    "depends": (
        "What does it depend on?",
        "Can you give me an example of each case?",
        "On what does it depend?",
    ),
    "forgot": (
        "That happens to everybody. Tell me what you do remember about it.",
        "No problem, the name is not so important. What do you remember about it?",
    ),
}


def avoid_topic(talk: Talk, found: Found) -> Reply | None:
    del talk
    if (
        re.search(r"\bi (?:don't|do not) (?:like|want)\b", found.sentence)
        and "about" not in found.sentence
        and not re.search(r"talk|speak|answer|discuss|say", found.sentence)
    ):
        return None  # "I don't like it" is an answer
    return Reply("That's all right, we don't have to talk about it. What would you like to talk about?")


def new_topic(talk: Talk, found: Found) -> Reply | None:
    if re.match(r"you(?:r|rself)?\b", found.group("wish")):
        return Reply(
            "I'm a program, so there is little to tell about me. I'd like to hear about you instead!", "next"
        )
    return _about_wish(talk, _ARTICLES.sub("", found.group("wish")))


def _about_wish(talk: Talk, wish: str) -> Reply | None:
    if wish in _LANGUAGES:
        return None
    if wish in {"me", "myself"}:
        return Reply("Good idea! Tell me three things about you.")
    if not wish or _ANY.fullmatch(wish):
        topic = _another_topic(talk)
        return Reply(f"{_moved(talk, topic.title)} {asking.topic_question(talk, topic)}")
    if (question := _question_about(talk, wish)) is not None:
        return Reply(f"{_moved(talk, _short(wish))} {question}")
    if (question := asking.about_wish(talk, wish)) is not None:
        return Reply(f"{_moved(talk, _short(wish))} {_NO_QUESTIONS} {question}")
    near = " or ".join(t.title for t in list(load_bank("en").topics.values())[1:4])
    return Reply(
        f"I have no questions about {_short(wish)} without a language model. "
        f"You can tell me about it, or we can talk about {near}."
    )


def _question_about(talk: Talk, wish: str) -> str | None:
    about = list(asking.about_words(talk, wish))
    named = [q for q in about if words_of(wish)[-1].removesuffix("s") in q.lower()]
    question = talk.pick(named, 200)
    if question is None and (known := load_bank("en").topic_of(wish)) is not None:
        question = asking.topic_question(talk, known)
    return question or talk.pick(about, 200)


def _another_topic(talk: Talk) -> Topic:
    """The lesson's if it was just chosen on the page; else one that is neither the lesson's nor the last one,
    and was not named lately.
    """
    if (chosen := asking.new_lesson_topic(talk)) is not None:
        return chosen
    topics = load_bank("en").topics.values()
    used = [asking.current_topic(talk), asking.lesson_topic(talk)]
    others = [topic for topic in topics if topic not in used]
    fresh = [topic for topic in others if not talk.has_said(topic.title, 60)] or others
    return fresh[(talk.seed + talk.turn) % len(fresh)]


_NO_QUESTIONS = "I have no questions of my own about that, but I'd like to hear about it."
_ARTICLES = re.compile(
    r"^(?:(?:the|my|your|some|a|an|about|how)\s+)+|\s+(?:please|now|today|instead|then)$", re.IGNORECASE
)
_ANY = re.compile(r"(?:an)?other.*|something.*|anything.*|it|this|that|you|what.*")


def heard_wrong(talk: Talk, found: Found) -> Reply | None:
    words = found.group("words")
    if not words:
        return Reply("Sorry, I heard you wrong. Please say it once more.")
    if len(words.split()) > 6 or not re.match(
        r"(?:no |sorry |i (?:said|mean|meant) )|.*\bi (?:said|mean|meant)|not ", found.sentence
    ):
        return None
    again = talk.hearing(words)
    lead = (
        "Ah, sorry! Now I've got it."
        if not talk.has_said("Ah, sorry!")
        else "OK, thank you for saying it again."
    )
    question = asking.follow_up(again, words) or next(asking.about_words(again, words), None)
    thing = next(things_in(words), None)
    echo = f"{words[0].upper()}{words[1:]}." if thing is not None and len(words.split()) <= 3 else ""
    return Reply(f"{lead} {echo} {question or asking.topic_question(again)}".replace("  ", " "))


def quote_learner(talk: Talk, found: Found) -> Reply | None:
    del found
    if not talk.said_before:
        return Reply("You haven't said anything before that.", "next")
    return Reply(f'You said: "{talk.said_before[-1].strip()}"', "again")


def _moved(talk: Talk, title: str) -> str:
    text = talk.pick(statement.texts("new_topic", talk), 4) or talk.pick_any(
        statement.texts("new_topic", talk)
    )
    return text.replace("{topic}", title).replace("{Topic}", title[0].upper() + title[1:])


def _short(wish: str) -> str:
    return " ".join(wish.split()[:5])


def _without_lead(text: str) -> str:
    """Without "Of course." and the like, which an earlier repetition began with."""
    for lead in _SAME:
        text = text.removeprefix(lead.split("{")[0].strip()).strip()
    text = text.replace("No problem. The question was: ", "")
    sentences = sentences_of(text)
    return " ".join(sentences[-3:])


@cache
def _easy_words() -> frozenset[str]:
    """Those of the questions for A1."""
    topics = load_bank("en").topics.values()
    return frozenset(
        lemma
        for topic in topics
        for question in topic.questions["A1"]
        for word in words_of(question)
        for lemma in lemmas(word)
    )


def _hardest_word(question: str) -> str:
    """The longest word that is not among the commonest, for which there is an explanation; empty: none."""
    words = [
        w for w in dict.fromkeys(words_of(question)) if len(w) > 5 and not _easy_words() & set(lemmas(w))
    ]
    known = [w for w in words if any(entry.is_plain for entry in dictionary.look_up(w)[:1])]
    return max(known, key=len, default="")


def how_did_i_do(talk: Talk, found: Found) -> Reply | None:
    del found
    for told in reversed(talk.told[-3:]):
        if role_play.END in told:
            return Reply(told.partition(role_play.END)[2].strip())
    words = sum(len(said.split()) for said in talk.said_before)
    long = max(talk.said_before, key=lambda said: len(said.split()), default="")
    praise = f' Your longest sentence was: "{long.strip(" .")}".' if len(long.split()) >= 6 else ""
    return Reply(
        f"You have said {words} words in {len(talk.said_before)} turns.{praise} "
        "I can check some mistakes, not all: "
        "I show them beside our talk.",
        "again",
    )
