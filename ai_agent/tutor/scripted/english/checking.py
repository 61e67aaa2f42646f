"""Answers to "was that right?": from the corrector's judgement, and honest about what it can't see."""

from __future__ import annotations

import re

from ai_agent.tutor.corrector import Judgement, Outcome
from ai_agent.tutor.scripted.english.hearing import plain, words_of
from ai_agent.tutor.scripted.english.intents import found_in, intents, plain_sentences
from ai_agent.tutor.scripted.english.reply import Reply
from ai_agent.tutor.scripted.english.talk import Talk, said_sentences

_PRESENTS = re.compile(r"\b(?:listen to|look at|check|read|rate|hear|correct) (?:to )?my (?:\w+ )?\w+$")
"""Before a text that is to be judged whatever it says: "can you listen to my opening?" """
_JUDGED = re.compile(r"(?:Better: |I'd say |nothing wrong in )\"([^\"]+)\"")
_QUOTED_AGAIN = re.compile(r"(?:\w+[ ,.!]+){0,4}[\"“]([^\"”]+)[\"”]\W*")
_NEAR = 0.6
"""Share of the words of two sentences that are in both of them, of tries to say the same."""
_MIN_WORDS = 3
_MOST_NAMED = 2
"""Corrections of a talk that are named aloud, the last ones."""


def asked_about(talk: Talk) -> str | None:
    """The sentence that the learner wants to be judged: one in the question, or their last real sentence.
    None: it is no such question.
    """
    if asks_about_mistakes(talk):
        return None
    return again if (again := tried_again(talk)) is not None else _asked_about(talk)


def _asked_about(talk: Talk) -> str | None:
    found = next((f for f in found_in(talk) if f.intent.do == "judge"), None)
    if found is None or not _is_first(talk, found.intent.name):
        return None
    if sentence := found.group("sentence"):
        sentence = re.sub(r"^(?:to say|that) ", "", sentence)
        return _as_said(talk.said, sentence)
    here = [
        s
        for s, text in ((s, plain(s, talk.tutor)) for s in said_sentences(talk.said))
        if text not in found.sentence and found.sentence not in text
    ]
    if here and _PRESENTS.search(found.sentence):
        return " ".join(here)
    for said in [" ".join(here), *reversed(talk.said_before)]:
        if len(said.split()) >= _MIN_WORDS and not _is_request(talk, said):
            return said
    return ""


def tried_again(talk: Talk) -> str | None:
    """A sentence that the learner shows after a judgement to hear if it is right: in quotes, or much like
    the one that was judged. None: they say something else.
    """
    judged = _JUDGED.search(talk.last)
    if judged is None:
        return None
    if (quoted := _QUOTED_AGAIN.fullmatch(talk.said.strip())) and len(quoted[1].split()) >= _MIN_WORDS:
        return quoted[1]
    last = said_sentences(talk.said)[-1:]
    here, there = ({*words_of(text)} for text in (" ".join(last), judged[1]))
    is_near = len(here) >= _MIN_WORDS and len(here & there) >= len(here | there) * _NEAR
    return last[0] if is_near else None


def asks_about_mistakes(talk: Talk) -> bool:
    """Whether the learner asks for their mistakes in this talk: then all their messages are judged."""
    return any(found.intent.do == "my_mistakes" for found in found_in(talk))


def is_presented(talk: Talk) -> bool:
    """Whether the rest of the turn is a text that the learner wants to be judged."""
    return any(found.intent.do == "judge" and _PRESENTS.search(found.sentence) for found in found_in(talk))


def mistakes(judged: Judgement | None) -> Reply:
    """`judged`: of the learner's messages in this talk, together."""
    if judged is None or judged.outcome is Outcome.UNSURE:
        return Reply("I can't judge your sentences, sorry. I can check some mistakes, not all.", "again")
    found = list({one.original: one for one in judged.corrections}.values())[-_MOST_NAMED:]
    if not found:
        return Reply(
            "I have seen no mistake in this talk, but I am a simple checker and can miss some.", "again"
        )
    named = [f'You said "{_quoted(one.original)}". Better: "{_quoted(one.corrected)}".' for one in found]
    return Reply(f"{' '.join(named)} I can check some mistakes, not all.", "again")


def reply(talk: Talk, judged: Judgement | None) -> Reply:
    sentence = (asked_about(talk) or "").strip()
    if not sentence:
        return Reply("You haven't said a whole sentence yet. Say one, and ask me again.", "again")
    if judged is None or judged.outcome is Outcome.UNSURE:
        return Reply(
            f'I can\'t judge "{_quoted(sentence)}". It may be right or wrong: I am a simple checker. '
            "Try a shorter one.",
            "again",
        )
    if judged.outcome is Outcome.RIGHT:
        return Reply(
            f'I see nothing wrong in "{_quoted(sentence)}", but I am a simple checker and can miss mistakes.',
            "again",
        )
    better = " ".join(c.corrected.strip() for c in judged.corrections)
    reasons = " ".join(dict.fromkeys(reason for c in judged.corrections for reason in c.reasons))
    return Reply(f'Better: "{_quoted(better)}". {reasons}'.strip(), "again")


def _is_first(talk: Talk, name: str) -> bool:
    """Whether no intent before it in the table took the sentence, apart from those that may decline."""
    found = found_in(talk)
    return not found or found[0].intent.do == "judge" or name in {f.intent.name for f in found}


def _is_request(talk: Talk, said: str) -> bool:
    sentences = plain_sentences(said, talk.tutor)
    return bool(sentences) and all(any(i.match(s) for i in intents()) for s in sentences)


def _as_said(said: str, sentence: str) -> str:
    """The same words with the learner's own capitals and commas."""
    words = r"\W+".join(re.escape(word) for word in sentence.split())
    found = re.search(words, said.replace("’", "'"), re.IGNORECASE)
    return found[0] if found is not None else sentence


def _quoted(text: str) -> str:
    text = text.strip(' ."“”')
    return text[:160]
