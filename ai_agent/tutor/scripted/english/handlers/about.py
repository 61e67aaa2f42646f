"""Answers about the tutor itself, about opinions, and when people greet or criticise it
(`data/en/about.toml`).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ai_agent.tutor.scripted.bank import read_data
from ai_agent.tutor.scripted.english import hearing, told
from ai_agent.tutor.scripted.english.handlers.words import explained
from ai_agent.tutor.scripted.english.intents import Found
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk
from ai_agent.tutor.words import dictionary

_LIKING = re.compile(
    r"(?:do|did|don't|have|can) you (?:ever )?"
    r"(?:like|love|enjoy|prefer|eaten|eat|drink|play|watch|read|cook|tried) (?:to )?(?P<what>[\w' -]+)"
)


_ALTERNATIVES = re.compile(
    r"\b(?:better|worse|right|best|prefer|should)\b.* or \w+|\b(?:whether|do you think|should) .* or \w+"
)
"""A question with two sides: "is it better to forbid phones or to teach how to use them?" """
_NAMED_IN_FULL = 4
"""Words; what a longer question is about cannot be told from one of them."""
_DO_SOMETHING = re.compile(
    r"(?:can|could|will|would) you (?:also |just |now |maybe )?"
    r"(?!(?:speak|talk|swim|sing|dance|hear|see|understand|eat|drink|cook|drive|feel|sleep|think|remember"
    r"|learn|like|love|be|live|go|travel|play|read|know|want)\b)"
    r"|(?:do you have|have you got) (?:a |an |any |many )?+(?!(?:names?|your|hobby|hobbies|family|families"
    r"|child|children|kids?|jobs?|husband|wife|sons?|daughters?|brothers?|sisters?|siblings|boyfriend"
    r"|girlfriend|grand\w+|mother|father|parents|cats?|dogs?|pets?|dreams?|body|heart|brain|friends?"
    r"|best|favou?rite|feelings|free|time|emotions|age|to)\b)"
)
"""Asks for something that only its own intent could do."""


def about_you(talk: Talk, found: Found) -> Reply | None:
    sentence = found.sentence
    if _DO_SOMETHING.match(sentence) or ("?" not in talk.said and told.CLAUSE.match(sentence)):
        return None
    if re.match(
        r"(?:can|could|will|would|do|did|are) you (?:help|tell|explain|say|repeat|teach|give|show|mean)\b"
        r"|how (?:do|can|should) you (?:call|say|make|use|write|cook|do|spell|get|play)\b",
        sentence,
    ):
        return None
    text = talk.pick_any(next(a["say"] for a in _data()["about_you"] if re.search(a["pattern"], sentence)))
    liked = _LIKING.search(sentence)
    if liked and re.search(rf"\b{re.escape(liked['what'].split()[0].title())}\b", talk.said):
        liked = None  # a name: "do you like Harry Potter?"
    if (
        liked
        and (thing := next(hearing.things_in(liked["what"]), None)) is not None
        and len(liked["what"].split()) <= 3
    ):
        return Reply(
            f"{text} What do you like about {thing.phrase}?"
            if not talk.has_said("What do you like about")
            else text,
            "nothing" if not talk.has_said("What do you like about") else "next",
        )
    question = talk.open_question
    return (
        Reply(f"{text} And you?")
        if _is_turned(sentence, talk) and not told.told_part(talk.said, talk.tutor)
        else Reply(text, "next" if not question else "again")
    )


def and_you(talk: Talk, found: Found) -> Reply | None:
    """The question was the tutor's own, so the answer says what a program can say about it. The rest of what
    the learner said is answered too: a question about it follows.
    """
    if "?" not in talk.said and told.CLAUSE.match(found.sentence):
        return None  # "when you wait and you are nervous"
    question = talk.open_question.lower()
    is_well = re.search(r"\b(?:fine|good|well|ok|great|bad)(?: thanks| thank you)? and you\b", found.sentence)
    if is_well or "how are you" in f"{found.sentence} {question}":
        return Reply(talk.pick_any(_say("fine")), "next")
    is_bare = (
        re.fullmatch(r"(?:.* )?(?:what|how|and)(?: about)? you(?:rself)?(?: .{0,12})?", found.sentence)
        is not None
    )
    told_first = talk.said if len(talk.said.split()) > len(found.sentence.split()) + 1 else ""
    about = told_first.lower() or (question if is_bare and question else found.sentence)
    texts = next(a["say"] for a in _data()["about_you"] if re.search(a["pattern"], about))
    return Reply(talk.pick_any([*texts, *_data()["about_you"][-1]["say"]]), "next")


def opinion(talk: Talk, found: Found) -> Reply | None:
    named = found.group("about")
    if not named or re.fullmatch(r"(?:it|that|this|them|him|her|so)(?: .*)?", named):
        named = f"{found.sentence} {' '.join(talk.said_before[-1:])}"
    own = talk.pick_any(_data()["opinion"]["say"])
    if _ALTERNATIVES.search(found.sentence):
        return Reply(f"{own} {talk.pick_any(_data()['opinion']['either'])}")
    about = set(hearing.words_of(named))
    if len(named.split()) > _NAMED_IN_FULL:
        return Reply(f"{own} {talk.pick(_data()['opinion']['ask']) or 'What do you think yourself?'}")
    nearest = max(_data()["view"], key=lambda view: len(about & set(view["words"].split())))
    view = talk.pick(nearest["say"], 60) if about & set(nearest["words"].split()) else None
    ask = talk.pick(_data()["opinion"]["ask"]) or "What do you think yourself?"
    return Reply(f"{own} {view} What do you think?" if view else f"{own} {ask}")


def world_knowledge(talk: Talk, found: Found) -> Reply | None:
    about = found.group("about")
    tells = re.match(r"i (?:don't|do not|didn't|know|knew|read|heard|saw|learned|told)\b", found.sentence)
    if tells or re.match(r"(?:you|your|i|my)\b", about) or about in {"what", "why"}:
        return None
    if found.sentence.startswith(("you know", "do you know", "have you heard", "what do you know")):
        if (
            re.match(r"(?:how|why|if|when|where|any|some|an?|many|other|good)\b", about)
            or len(about.split()) > 4
        ):
            return Reply(talk.pick_any(_say("unknown")), "nothing")
        if re.fullmatch(r"(?:him|her|it|them|that|this)(?: .*)?", about):
            return Reply(
                f"No, I know nothing about {about.split()[0]} without a language model. Tell me more."
            )
        if about in talk.said and (means := explained(about, talk)):
            return Reply(f"I know the word. {means} Tell me more about it.")
        name = _as_said(talk.said, re.sub(r"^(?:what |who )?(?:is|are|was) ", "", about))
        return Reply(_say("named")[0].replace("{thing}", name))
    return Reply(talk.pick_any(_say("unknown")), "again")


def other_language(talk: Talk, found: Found) -> Reply | None:
    language = found.group("language")
    if "vietnamese" in language or (language == "my language" and talk.native == "vi"):
        return Reply(
            _say("vietnamese")[0],
            "again",
        )
    return Reply(
        _say("only_english")[0],
        "again",
    )


def criticism(talk: Talk, found: Found) -> Reply | None:
    """Calm, whatever was said. A complaint about the tutor's answers is taken as one."""
    if re.match(r"(?:oh |really |what )?you (?:don't|do not) know\b", found.sentence):
        return Reply(
            talk.pick_any(_UNKNOWN_TO_IT), "on" if told.told_part(talk.said, talk.tutor) else "nothing"
        )
    if re.search(
        r"\b(?:smart|clever|useful|nothing|little|answer|dodging|avoiding|understand|listen|what i)\b",
        found.sentence,
    ):
        return Reply(talk.pick_any(_say("limits")))
    if re.search(r"\bboring\b|\bquestion\b|\banswer\b", found.sentence):
        return Reply("Sorry about that. What would you like to talk about?")
    return Reply(talk.pick_any(_say("calm")), "again")


_UNKNOWN_TO_IT = (
    "No, I don't know it, sorry. I'm a small program.",
    "No, sorry, it is new to me: I only know words and some grammar.",
)


def how_are_you(talk: Talk, found: Found) -> Reply | None:
    del found
    if not talk.said_before and not re.search(r"how are you", talk.last):
        return Reply(f"{talk.pick_any(_say('fine'))} How are you today?")
    return Reply(talk.pick_any(_say("fine")), "again")


def am_fine(talk: Talk, found: Found) -> Reply | None:
    del found
    is_answer = "how are you" in talk.open_question.lower()
    return Reply(talk.pick_any(_say("well")), "next" if is_answer else "again")


def hello(talk: Talk, found: Found) -> Reply | None:
    del found
    return Reply(talk.filled(talk.pick_any(_say("hello"))), "again")


def nice_to_meet_you(talk: Talk, found: Found) -> Reply | None:
    del found
    return Reply(talk.filled(talk.pick_any(_say("met"))), "again")


def my_name_is(talk: Talk, found: Found) -> Reply | None:
    name = found.group("who")
    is_said_so = re.match(r"(?:my name|call me|name is)", found.sentence) is not None
    if not is_said_so and dictionary.is_known(name) and name.capitalize() not in talk.said:
        return None  # "i am tired"
    return Reply(f"Nice to meet you, {_as_said(talk.said, name)}!", "again")


def _say(kind: str) -> list[str]:
    found: list[str] = _data()["say"][kind]
    return found


def _is_turned(sentence: str, talk: Talk) -> bool:
    """Whether "And you?" makes sense after the answer: the learner asked something that they have not
    spoken of.
    """
    if re.search(r"\b(?:it|that|this|them|there|him|her)\b", sentence):
        return False
    is_personal = re.match(r"(?:where|what|when|which|do|have|can|are|how old)\b", sentence) is not None
    about_program = re.search(
        r"\b(?:hear|see|understand|remember|made|bored|language|know|smart|teach|help|there|listening|ready|feel)\b",
        sentence,
    )
    heard = {word for said in talk.said_before for word in hearing.words_of(said)}
    small = hearing.word_set("not_things") | hearing.word_set("auxiliaries") | hearing.word_set("pronouns")
    is_told = any(word in heard and len(word) > 3 for word in set(hearing.words_of(sentence)) - small)
    return is_personal and not about_program and not is_told and not talk.has_said("And you?", 6)


def _as_said(said: str, name: str) -> str:
    """The name with the capitals that the learner used, or as a title."""
    found = re.search(re.escape(name), said, re.IGNORECASE)
    text = found[0] if found else name
    return (
        text if text != text.lower() or len(text.split()) > 1 or dictionary.is_known(text) else text.title()
    )


@cache
def _data() -> dict[str, Any]:
    return read_data("en/about.toml")
