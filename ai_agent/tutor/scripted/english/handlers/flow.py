"""Requests about the talk itself: repeat, slower, another topic, easier words."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from ai_agent.tutor.scripted.bank import LEVELS, load_bank
from ai_agent.tutor.scripted.english import (
    about_words,
    asking,
    feelings,
    role_play,
    statement,
    told,
    topic_questions,
)
from ai_agent.tutor.scripted.english.handlers.words import explained
from ai_agent.tutor.scripted.english.hearing import things_in, words_of
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.question_kind import help_to_answer
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk, last_question, sentences_of
from ai_agent.tutor.words import dictionary
from ai_agent.tutor.words.forms import lemmas

_LEAD = 12
"""Words before a question that only lead to it: "I see. Let me ask you something else." """
_MUCH = 5
"""Words told besides "I'm not sure" that are the answer after all."""
_FIRST_QUESTION = re.compile(r"\bfirst (?:one|question)\b|\bquestion (?:one|1|number one)\b")
_EASY_QUESTION = re.compile(
    r"\b(?:easy|easier|simple|simpler|not so (?:hard|difficult)) (?:questions?|one)\b"
)
_IS_FAST = re.compile(r"(?:(?:it|that|this)(?:'s| is) )?(?:very|so) (?:fast|quick)(?:ly)?")
_NOT_SURE = re.compile(
    r"\bi(?:'m| am)? (?:really )?(?:don't|do not|dont|didn't|not|can't|have no|forgot)\b|\bno idea\b"
)
_LEAD_IN = 3
"""Words before "I don't know" that tell nothing yet."""
_NOT_MEANT = re.compile(
    r"(?:him|her|them|me|us|you|to|something|nothing|hello|hi|sorry|goodbye|thank\w*|yes|no|that|it|what)\b"
)
"""After "I said": what was said to somebody, in a story."""
_SAME = ("Of course. {last}", "Sure, once more: {last}", "I said: {last}", "Again: {last}")


def repeat(talk: Talk, found: Found) -> Reply | None:
    if not talk.last:
        return Reply("I haven't said anything yet. Let's start.", "next")
    if _FIRST_QUESTION.search(found.sentence):
        return Reply(f"My first question was: {_first_question(talk)}")
    wants_question = re.search(r"\bquestion\b|\btalking\b|\bspeaking\b", found.sentence) is not None
    last = talk.open_question if wants_question else ""
    last = last or _without_lead(talk.last)
    question = talk.open_question
    if question and last.endswith(question) and len(last.split()) - len(question.split()) <= _LEAD:
        last = question
    return Reply(talk.pick_any(_SAME).replace("{last}", last))


def slower(talk: Talk, found: Found) -> Reply | None:
    """With the question that is asked for in the same turn: the first one, or an easier one."""
    rest = told.told_part(talk.said, talk.tutor)
    if rest and _IS_FAST.fullmatch(found.sentence):
        return None  # what is told is fast, not the tutor
    said, last = talk.said.lower(), "" if rest else talk.open_question
    if _FIRST_QUESTION.search(said):
        last = _first_question(talk)
    elif _EASY_QUESTION.search(said):
        last = _easier_question(talk)
    if not last:
        return Reply("OK, I'll speak more slowly.", "on", "slower")
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
    if _EASY_QUESTION.search(talk.said.lower()):
        lead = talk.pick_any(statement.texts("easier", talk))
        pace: Literal["slower"] | None = "slower" if re.search(r"\bslow", talk.said.lower()) else None
        return Reply(f"No problem. {lead} {_easier_question(talk)}", pace=pace)
    if feelings.are_near(talk) or feelings.is_bad(told.told_part(talk.said, talk.tutor)):
        return Reply(f"No problem, you don't have to answer. {feelings.gentle_question(talk)}")
    if not question or not talk.open_question:
        again = _without_lead(talk.last)
        return Reply(f"Sorry. Once more: {again}" if again else "No problem.", "nothing" if again else "next")
    was_explained = any("The question was" in one or "In other words" in one for one in talk.told[-3:])
    wants_easier = re.search(r"\beasier|difficult|hard\b", found.sentence) is not None
    hard = _hardest_word(question)
    text = explained(hard, talk) if hard else None
    if not was_explained and not wants_easier:
        return Reply(
            f"No problem. The question was: {question} {text or ''} {help_to_answer(question)}".replace(
                "  ", " "
            )
        )
    lead = talk.pick_any(statement.texts("easier", talk))
    return Reply(f"No problem. {lead} {_easier_question(talk)}")


def _easier_question(talk: Talk) -> str:
    level = LEVELS[max(LEVELS.index(talk.level) - 1, 0)]
    return topic_questions.topic_question(talk, level=level)


def _first_question(talk: Talk) -> str:
    return next((question for text in talk.told if (question := last_question(text))), talk.open_question)


def asked_already(talk: Talk, found: Found) -> Reply | None:
    """An apology, and never the same question again."""
    if found.sentence.startswith(("are you listening", "do you listen")):
        has_told = re.search(r"\b(?:told|said|already)\b", talk.said.lower())
        lead = "Yes, I'm here. Sorry, you did tell me that." if has_told else "Yes, I'm here."
    elif re.search(r"\byou\b.*\b(?:asked|ask|repeat\w*|same)\b|^why|same question", found.sentence):
        lead = "You are right, I asked that before. Sorry."
    else:
        lead = "Sorry, you did tell me that."
    is_told = told.told_part(talk.said, talk.tutor) or told.was_answered(talk, talk.open_question)
    return Reply(lead, "on" if is_told else "next")


def unsure(talk: Talk, found: Found) -> Reply | None:
    if len(told.told_part(talk.said, talk.tutor).split()) > _MUCH:
        return None  # "I'm not sure. On one hand it's safer, on the other …"
    if (begun := _NOT_SURE.search(found.sentence)) and len(
        found.sentence[: begun.start()].split()
    ) > _LEAD_IN:
        return None  # "she is a nurse now, although I'm not sure it's better"
    if re.search(
        r"\bi (?:like|love|think|want|work|go|live)\b|\bforgot (?:that )?(?:you|i|we|he|she|they|to)\b",
        found.sentence,
    ):
        return None
    if re.search(r"\bi (?:don't|do not|dont) know (?:anything|much|a lot|many)\b", found.sentence):
        return None
    kind = next((kind for kind in _UNSURE if kind in found.sentence), None)
    if kind is not None:
        return Reply(talk.pick_any(_UNSURE[kind]))
    lead = talk.pick(statement.texts("unsure", talk)) or ""
    return Reply(lead, "next")


_UNSURE = {
    "what to do": (
        "That's not an easy place to be in. What would a good friend say to you?",
        "You don't have to know it today. What speaks for it, and what against?",
    ),
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


def heard_wrong(talk: Talk, found: Found) -> Reply | None:
    words = found.group("words")
    if re.match(r"\W*(?:yes|yeah|sure)\b", talk.said.lower()):
        return None  # "Yes, I said yes" is told
    if not words:
        return Reply("Sorry, I heard you wrong. Please say it once more.")
    if len(words.split()) > 6 or not re.match(
        r"(?:no |sorry |i (?:said|say|mean|meant) )|.*\bi (?:said|say|mean|meant)|not ", found.sentence
    ):
        return None
    if _NOT_MEANT.match(words) and not found.sentence.startswith("no "):
        return None
    again = talk.hearing(words)
    lead = (
        "Ah, sorry! Now I've got it."
        if not talk.has_said("Ah, sorry!")
        else "OK, thank you for saying it again."
    )
    if (felt := feelings.of(again)) is not None:
        return Reply(f"{lead} {felt.text}")
    question = asking.follow_up(again, words) or next(about_words.about_words(again, words), None)
    thing = next(things_in(words), None)
    echo = f"{words[0].upper()}{words[1:]}." if thing is not None and len(words.split()) <= 3 else ""
    return Reply(f"{lead} {echo} {question or topic_questions.topic_question(again)}".replace("  ", " "))


def off_track(talk: Talk, found: Found) -> Reply | None:
    """An apology, and back to what the learner says that it is about."""
    wish = re.sub(r"^(?:the|a|an|my|our)\s+", "", found.group("wish"))
    known = load_bank("en").topic_of(wish) if wish else topic_questions.lesson_topic(talk)
    lead = talk.pick_any(_OFF_TRACK)
    if wish and any(
        wish in said.lower() or set(words_of(wish)) <= set(words_of(said)) for said in talk.said_before[-4:]
    ):
        return Reply(f"{lead} Let's go back to that. {talk.pick_any(_BACK_TO_IT)}")
    about = list(about_words.written(talk, wish)) if wish else []
    question = talk.pick(about, 200) or topic_questions.topic_question(talk, known)
    return Reply(f"{lead} {question}")


_OFF_TRACK = ("Sorry, I mixed that up.", "You are right, sorry. I lost the thread.", "Sorry, my mistake.")
_BACK_TO_IT = (
    "What do you think about it yourself?",
    "What is the most important thing about it for you?",
    "How do you see it?",
)


def quote_learner(talk: Talk, found: Found) -> Reply | None:
    del found
    if not talk.said_before:
        return Reply("You haven't said anything before that.", "next")
    return Reply(f'You said: "{talk.said_before[-1].strip()}"', "again")


def _without_lead(text: str) -> str:
    """Without "Of course." and the like, which an earlier repetition began with."""
    for lead in _SAME:
        text = text.removeprefix(lead.split("{")[0].strip()).strip()
    text = text.replace("No problem. The question was: ", "")
    sentences = sentences_of(text)
    return " ".join(sentences[-3:])


@cache
def _easy_words() -> frozenset[str]:
    """Return the words of the questions for A1."""
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
    for text in reversed(talk.told[-3:]):
        if role_play.END in text:
            return Reply(text.partition(role_play.END)[2].strip())
    words = sum(len(said.split()) for said in talk.said_before)
    long = max(talk.said_before, key=lambda said: len(said.split()), default="")
    praise = f' Your longest sentence was: "{long.strip(" .")}".' if len(long.split()) >= 6 else ""
    return Reply(
        f"You have said {words} words in {len(talk.said_before)} turns.{praise} "
        "I can check some mistakes, not all: "
        "I show them beside our talk.",
        "again",
    )
