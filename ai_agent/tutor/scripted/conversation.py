"""The next message of the scripted tutor, in the language of the lesson."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ai_agent.providers.ports import ChatRequest
from ai_agent.tutor.corrector import Judgement
from ai_agent.tutor.scripted import simple
from ai_agent.tutor.scripted.bank import primary
from ai_agent.tutor.scripted.english.answer import answer as answer_in_english
from ai_agent.tutor.scripted.english.checking import asked_about
from ai_agent.tutor.scripted.english.talk import talk_of

Pace = Literal["slower", "faster"]


@dataclass(frozen=True, slots=True)
class Message:
    """`pace`: the learner asked to change how fast the tutor speaks."""

    text: str
    pace: Pace | None = None


def sentence_to_judge(request: ChatRequest, *, tutor: str = "Emma") -> str | None:
    """The sentence that the learner asks about ("was that right?"), which `answer` needs the judgement of."""
    if primary(request.lesson.language) != "en" or request.lesson.purpose != "reply":
        return None
    return asked_about(talk_of(request, tutor))


def answer(request: ChatRequest, *, judged: Judgement | None = None, tutor: str = "Emma") -> Message:
    """`judged`: of the sentence of `sentence_to_judge`, or of the learner's last words if that is None."""
    if primary(request.lesson.language) != "en":
        return Message(simple.answer(request, tutor))
    reply = answer_in_english(talk_of(request, tutor), request.lesson.purpose, judged)
    return Message(reply.text, reply.pace)
