"""The next message of the scripted tutor, in the language of the lesson."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from ai_agent.providers.ports import ChatRequest
from ai_agent.tutor.corrector import Judgement, Outcome, SentenceCorrection
from ai_agent.tutor.scripted import simple
from ai_agent.tutor.scripted.bank import primary
from ai_agent.tutor.scripted.english import choosing, eliciting
from ai_agent.tutor.scripted.english.answer import answer as answer_in_english
from ai_agent.tutor.scripted.english.answer import first_question
from ai_agent.tutor.scripted.english.checking import asked_about as sentence_asked
from ai_agent.tutor.scripted.english.checking import asks_about_mistakes
from ai_agent.tutor.scripted.english.talk import talk_of
from ai_agent.tutor.scripted.english.told import told_part

Pace = Literal["slower", "faster"]
_SHORT_ANSWER = 4
"""Words."""
_LAST_QUESTION = re.compile(r"(?<=[.!。！])\s*[^.!?。！？]*[?？]\s*$")


@dataclass(frozen=True, slots=True)
class Message:
    """`pace`: the learner asked to change how fast the tutor speaks. `asked`: the correction that the learner
    is asked to find first, with the `hint` at it.
    """

    text: str
    pace: Pace | None = None
    asked: SentenceCorrection | None = None
    hint: str = ""


def sentence_to_judge(request: ChatRequest, *, tutor: str = "Emma") -> str | None:
    """The sentence that the learner asks about ("was that right?"), which `answer` needs the judgement of."""
    if primary(request.lesson.language) != "en" or request.lesson.purpose != "reply":
        return None
    talk = talk_of(request, tutor)
    options = choosing.options(talk)
    return options[0] if options is not None else sentence_asked(talk)


def other_to_judge(request: ChatRequest, *, tutor: str = "Emma") -> str | None:
    """The second of two sentences of which the learner asks which one is right: the first is
    `sentence_to_judge`.
    """
    options = choosing.options(talk_of(request, tutor))
    return options[1] if options is not None else None


def wants_mistakes(request: ChatRequest, *, tutor: str = "Emma") -> bool:
    """Whether the learner asks for their mistakes: `answer` needs all their messages judged together."""
    lesson = request.lesson
    is_reply = primary(lesson.language) == "en" and lesson.purpose == "reply"
    return is_reply and asks_about_mistakes(talk_of(request, tutor))


def tells(request: ChatRequest, said: str, *, tutor: str = "Emma") -> bool:
    """Whether a message is more than a request or a question to the tutor."""
    return told_part(said, tutor) != "" and sentence_asked(talk_of(request, tutor).hearing(said)) is None


def message_before(request: ChatRequest) -> str | None:
    """The learner's message before, if the last one is only a short answer that belongs to it."""
    learner = [message.text for message in request.messages if message.role == "learner"]
    if request.lesson.purpose != "reply" or len(learner) < 2 or len(learner[-1].split()) > _SHORT_ANSWER:
        return None
    return learner[-2]


def answer(
    request: ChatRequest,
    *,
    judged: Judgement | None = None,
    before: Judgement | None = None,
    tutor: str = "Emma",
) -> Message:
    """`judged`: of the sentence of `sentence_to_judge`, of all their messages if `wants_mistakes`, or of
    their last words. `before`: of `message_before` or `other_to_judge`. In a class, which goes on by itself,
    it asks nothing back.
    """
    found = _answer(request, judged, before, tutor)
    if request.lesson.taught is None:
        return found
    return replace(found, text=_LAST_QUESTION.sub("", found.text))


def _answer(request: ChatRequest, judged: Judgement | None, before: Judgement | None, tutor: str) -> Message:
    if primary(request.lesson.language) != "en":
        return Message(simple.answer(request, tutor))
    lesson, lead = request.lesson, ""
    if lesson.retry is not None and (lead := eliciting.reaction(talk_of(request, tutor), lesson.retry)):
        request, judged = eliciting.as_if_right(request, lesson.retry), Judgement(Outcome.RIGHT)
    talk = talk_of(request, tutor)
    if lesson.may_elicit and judged is not None and (asked := eliciting.asked(talk, judged)):
        return Message(asked.text, asked=asked.correction, hint=asked.hint)
    if lesson.purpose == "greet" and (greeting := eliciting.greeting(talk, lesson)):
        return Message(greeting if lesson.exercise else f"{greeting} {first_question(talk)}")
    if lead and lesson.retry is not None and lesson.retry.is_exercise:
        return Message(f"{lead} {first_question(talk)}")
    reply = answer_in_english(talk, lesson.purpose, judged, before)
    return Message(f"{lead} {reply.text}".strip(), reply.pace)
