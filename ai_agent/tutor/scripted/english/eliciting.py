"""Asks the learner to mend a sentence before its correction is shown, and answers what they make of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from ai_agent.providers.ports import ChatRequest, LessonFacts
from ai_agent.tutor.corrector import Judgement, Outcome, SentenceCorrection
from ai_agent.tutor.elicit.compare import Mended, Retry
from ai_agent.tutor.elicit.hints import hint
from ai_agent.tutor.level.frequency import UNLISTED, rank
from ai_agent.tutor.scripted.bank import read_data
from ai_agent.tutor.scripted.english import feelings, foreign, role_play
from ai_agent.tutor.scripted.english.intents import found_in
from ai_agent.tutor.scripted.english.talk import Talk, sentences_of

_MAX_SENTENCES = 2
"""A longer turn tells a story, which is not interrupted."""
_KINDS = {Mended.PARTLY: "praise_part", Mended.WRONG: "show", Mended.GAVE_UP: "show"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The tutor's words, in English, and the hint that the page shows in place of the correction, in the
    learner's own language where there is one."""

    correction: SentenceCorrection
    hint: str
    text: str


def asked(talk: Talk, judged: Judgement) -> Asked | None:
    """None: there is nothing to mend, or this is no moment for it: a request, a question, sad news, a role
    play.
    """
    if judged.outcome is not Outcome.CORRECTED or len(sentences_of(talk.said)) > _MAX_SENTENCES:
        return None
    if found_in(talk) or foreign.reply(talk) is not None or role_play.is_on(talk):
        return None
    if "?" in talk.said or feelings.is_bad(talk.said) or feelings.are_near(talk):
        return None
    for one in judged.corrections:
        text = hint(one.original, one.corrected, one.categories[0])
        if text is not None:
            shown = hint(one.original, one.corrected, one.categories[0], talk.native)
            asked = talk.pick_any(_texts("ask", talk)).replace("{hint}", text)
            return Asked(one, shown or text, asked.replace("?.", "?"))
    return None


def reaction(talk: Talk, retry: Retry) -> str:
    """To the learner's second try. Empty if they talk about something else."""
    if retry.outcome is Mended.OTHER:
        return ""
    kind = _KINDS.get(retry.outcome, "praise" if retry.mended and "…" not in retry.mended else "praise_whole")
    right = retry.corrected if retry.corrected.endswith((".", "!", "?")) else f"{retry.corrected}."
    return talk.pick_any(_texts(kind, talk)).replace("{mended}", retry.mended).replace("{right}", right)


def greeting(talk: Talk, lesson: LessonFacts) -> str:
    """With an exercise, or a word about the last talk. Empty if nothing is remembered."""
    if (due := lesson.exercise) is not None:
        found = hint(due.said, due.better, due.category)
        help_ = f" {found[0].upper()}{found[1:]}." if found else ""
        said = due.said if due.said.endswith((".", "!", "?")) else f"{due.said}."
        text = talk.filled(talk.pick_any(_texts("exercise", talk)))
        return text.replace("{said}", said).replace("{hint}", help_)
    talks = lesson.memory.talks if lesson.memory is not None else ()
    topic = next((t.topic.strip() for t in talks if t.topic.strip()), "")
    if not topic:
        return ""
    return talk.filled(talk.pick_any(_texts("greet_again", talk))).replace("{topic}", _in_text(topic))


def _in_text(topic: str) -> str:
    """ "Food and cooking" → "food and cooking"; names keep their capitals."""
    first, _, rest = topic.partition(" ")
    return f"{first.lower()} {rest}".strip() if first[1:].islower() and rank(first) < UNLISTED else topic


def as_if_right(request: ChatRequest, retry: Retry) -> ChatRequest:
    """The talk as if the learner had said the sentence rightly at once, so that it goes on from there."""
    *before, last = request.messages
    for at in reversed(range(len(before))):
        said = before[at]
        if said.role == "learner" and retry.original in said.text:
            mended = replace(said, text=said.text.replace(retry.original, retry.corrected))
            return replace(request, messages=(*before[:at], mended))
    return replace(request, messages=(*before, replace(last, text=retry.corrected)))


def _texts(kind: str, talk: Talk) -> list[str]:
    found: list[str] = _data()[kind][talk.band]
    return found


@cache
def _data() -> dict[str, Any]:
    return dict(read_data("en/try_again.toml"))
