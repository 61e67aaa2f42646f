"""Requests for another topic, and what the talk was about."""

from __future__ import annotations

import re

from ai_agent.tutor.scripted.bank import Topic, load_bank
from ai_agent.tutor.scripted.english import about_words, asking, feelings, statement, told, topic_questions
from ai_agent.tutor.scripted.english.hearing import plain, words_of
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk, said_sentences, sentences_of

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
_MOST_WORDS_QUOTED = 20
_MOST_TOPICS = 5
_MOST_TOPIC_WORDS = 2
_NO_QUESTIONS = "I have no questions of my own about that, but I'd like to hear about it."
_ARTICLES = re.compile(
    r"^(?:(?:the|my|your|some|a|an|about|how)\s+)+|\s+(?:please|now|today|instead|then)$", re.IGNORECASE
)
_LEADS_TO_QUESTION = re.compile(r"(?:an)?(?:other|one|next|last|new)(?: more)? question")
_INNER = re.compile(
    r"\b(?:an)?(?:other|new|different|more|next) (?P<wish>[a-z]{3,15})"
    r" (?:topics?|questions?|subjects?|themes?)\b"
    r"|\bsomething (?:else|different|new) (?:about|in|on) (?P<about>[a-z ]{3,20})"
)
_ANY_KIND = frozenset(
    [
        "easy",
        "easier",
        "hard",
        "harder",
        "difficult",
        "interesting",
        "good",
        "nice",
        "simple",
        "new",
        "different",
        "one",
        "fun",
        "happy",
        "happier",
        "nicer",
        "positive",
        "funny",
        "lighter",
        "cheerful",
    ]
)
_BESIDE = re.compile(
    r"(?:i (?:really |also |would )?(?:like|love|prefer|enjoy|am interested in|want)|i'd like"
    r"|for example|how about|what about|(?:can you |please )?tell me about your|(?:please )?ask me about"
    r"|about|maybe|perhaps) (?:to (?:talk|speak) about )?(?P<wish>[\w' -]{3,40})$"
)
_TELL_ABOUT = re.compile(r"\b(?:tell|ask) me about (?:your |the )?(?P<wish>[\w' -]{3,40})$")
_OF_KIND = re.compile(
    r"(?:(?:something|sth|anything|more|a|some)\s+)*(?P<wish>\w+)(?P<about>)(?:\s+(?:things?|stuff|topics?|one))?"
)
_PRESENTS = re.compile(r"\b(?:going to|will|'ll|gonna) (?:talk|speak) about\b")
"""The beginning of a presentation."""
_LIKES_IT = re.compile(r"\b(?:like|love|enjoy) (?:to )?(?:talk|speak|chat)")
"""With a pronoun after it: "I like talking about her"."""
_NO_WISH = re.compile(r"(?:her|him|it|this|that|them|these|those|my \w+)\b")
_ANY = re.compile(r"(?:an)?other.*|something.*|anything.*|it|this|that|you|what.*")


def new_topic(talk: Talk, found: Found) -> Reply | None:
    if re.match(r"you(?:r|rself)?\b", found.group("wish")):
        return Reply(
            "I'm a program, so there is little to tell about me. I'd like to hear about you instead!", "next"
        )
    if _PRESENTS.search(found.sentence) or (
        _LIKES_IT.search(found.sentence) and _NO_WISH.match(found.group("wish"))
    ):
        return None
    wish = _wish(talk, found)
    if wish and (name := _name(talk, wish)):
        return Reply(
            f"{_moved(talk, name)} What should somebody know about {name} who has never heard of it?"
        )
    if not wish or _ANY.fullmatch(wish):
        if _LEADS_TO_QUESTION.fullmatch(found.sentence) and any(
            told.asks(s, talk.tutor) and plain(s, talk.tutor) != found.sentence
            for s in said_sentences(talk.said)
        ):
            return None
        if after := _told_after(talk, found):
            here = talk.hearing(after)
            return Reply(f"Sure! {asking.follow_up(here, after) or topic_questions.topic_question(here)}")
    return _about_wish(talk, wish)


def _told_after(talk: Talk, found: Found) -> str:
    """Return what the learner tells after the request, the new topic: "Something else! I bought a car." """
    said = said_sentences(talk.said)
    at = next((number for number, s in enumerate(said) if plain(s, talk.tutor) == found.sentence), len(said))
    return told.told_part(" ".join(said[at + 1 :]), talk.tutor)


def _wish(talk: Talk, found: Found) -> str:
    """The topic that the turn names: in the request ("another food topic"), or beside it ("another topic. I
    like football"). Empty: none.
    """
    wish = _ARTICLES.sub("", _until_comma(talk.said, found.group("wish")))
    if inner := _INNER.search(wish or found.sentence) or _OF_KIND.fullmatch(wish):
        kind = inner["wish"] or inner["about"]
        if kind in _ANY_KIND or inner.re is _INNER:
            return "" if kind in _ANY_KIND else kind
    if wish and not _ANY.fullmatch(wish):
        return wish
    for sentence in reversed(said_sentences(talk.said)):
        text = plain(sentence, talk.tutor)
        if text != found.sentence and (beside := _BESIDE.match(text)):
            return _ARTICLES.sub("", beside["wish"])
        if asked := _TELL_ABOUT.search(text):
            return asked["wish"]
        if (
            text != found.sentence
            and len(text.split()) <= _MOST_TOPIC_WORDS
            and load_bank("en").topic_of(text)
        ):
            return text
    return wish


def _until_comma(said: str, wish: str) -> str:
    """The wish without what follows after a comma: "talk about cars, I bought one"."""
    words = r"\W+".join(re.escape(word) for word in wish.split())
    found = re.search(words, said.replace("’", "'"), re.IGNORECASE)
    return plain(re.split(r"[,;:–]", found[0])[0]) if found is not None else wish


def _name(talk: Talk, wish: str) -> str:
    """The wish as it was written, if it is the name of a place or the like: "ask me about Turkey". Else
    empty.
    """
    found = re.search(rf"\b{re.escape(wish)}\b", talk.said, re.IGNORECASE)
    is_name = found is not None and all(word[0].isupper() for word in found[0].split())
    is_start = found is not None and not talk.said[: found.start()].strip()
    return (
        found[0]
        if found is not None and is_name and not is_start and not load_bank("en").topic_of(wish)
        else ""
    )


def _about_wish(talk: Talk, wish: str) -> Reply | None:
    if wish in _LANGUAGES:
        return None
    if wish in {"me", "myself"}:
        return Reply("Good idea! Tell me three things about you.")
    if not wish or _ANY.fullmatch(wish):
        topic = _another_topic(talk)
        return Reply(f"{_moved(talk, topic.title)} {topic_questions.topic_question(talk, topic)}")
    article = re.search(rf"\b(?:my|the) (?={re.escape(wish)}\b)", talk.said.lower())
    title = f"{article[0].replace('my', 'your') if article else ''}{_short(wish)}"
    if (question := _question_about(talk, wish)) is not None:
        return Reply(f"{_moved(talk, title)} {question}")
    if (question := about_words.about_wish(talk, wish)) is not None:
        return Reply(f"{_moved(talk, title)} {_NO_QUESTIONS} {question}")
    near = " or ".join(t.title for t in list(load_bank("en").topics.values())[1:4])
    return Reply(
        f"I have no questions about {_short(wish)} without a language model. "
        f"You can tell me about it, or we can talk about {near}."
    )


def _question_about(talk: Talk, wish: str) -> str | None:
    about = list(about_words.about_words(talk, wish))
    named = [q for q in about if words_of(wish)[-1].removesuffix("s") in q.lower()]
    question = talk.pick(named, 200)
    if question is None and (known := load_bank("en").topic_of(wish)) is not None:
        question = topic_questions.topic_question(talk, known)
    return question or talk.pick(about, 200)


def _another_topic(talk: Talk) -> Topic:
    """The lesson's if it was just chosen on the page; else one that is neither the lesson's nor the last one,
    and was not named lately.
    """
    if (chosen := topic_questions.new_lesson_topic(talk)) is not None:
        return chosen
    topics = load_bank("en").topics.values()
    used = [topic_questions.current_topic(talk), topic_questions.lesson_topic(talk)]
    others = [topic for topic in topics if topic not in used]
    fresh = [topic for topic in others if not talk.has_said(topic.title, 60)] or others
    return fresh[(talk.seed + talk.turn) % len(fresh)]


def sum_up(talk: Talk, found: Found) -> Reply | None:
    """The topics of the talk, and the learner's longest sentence."""
    del found
    topics = _topics_of(talk)
    if not topics:
        return Reply("We have only just begun. We have no topic yet.", "again")
    listed = " and ".join(filter(None, (", ".join(topics[:-1]), topics[-1])))
    heard = [told.told_part(text, talk.tutor) for text in talk.said_before if not feelings.is_bad(text)]
    said = [sentence for text in heard for sentence in sentences_of(text)]
    said = [s for s in said if len(s.split()) <= _MOST_WORDS_QUOTED]
    long = max(said, key=lambda one: len(one.split()), default="")
    told_me = f' You told me, for example: "{long.strip(" .")}".' if len(long.split()) >= 6 else ""
    return Reply(f"We talked about {listed}.{told_me}", "next")


def _topics_of(talk: Talk) -> list[str]:
    """The titles of what the talk was about, in order: topics of questions, and of the learner's words."""
    bank = load_bank("en")
    found = [topic_questions.topic_of_question(bank, [told]) for told in talk.told]
    heard = [bank.topic_of(said) for said in talk.said_before]
    often = [topic for topic in heard if topic is not None and heard.count(topic) > 1]
    return list(dict.fromkeys(topic.title for topic in (*found, *often) if topic is not None))[:_MOST_TOPICS]


def _moved(talk: Talk, title: str) -> str:
    text = talk.pick(statement.texts("new_topic", talk), 4) or talk.pick_any(
        statement.texts("new_topic", talk)
    )
    return text.replace("{topic}", title).replace("{Topic}", title[0].upper() + title[1:])


def _short(wish: str) -> str:
    return " ".join(wish.split()[:5])
