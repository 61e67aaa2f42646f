"""A conversation with the scripted tutor from its start."""

from __future__ import annotations

import re

from ai_agent.providers.ports import ChatMessage, ChatRequest, LessonFacts
from ai_agent.tutor.corrector import Judgement, Outcome, SentenceCorrection
from ai_agent.tutor.scripted.conversation import Message, answer


class Conversation:
    """`say` returns the answer, `message` all of the last one."""

    def __init__(
        self, level: str = "A2", topic: str = "", language: str = "en", *, native: str = "vi", seed: int = 0
    ) -> None:
        self.level, self.topic, self.language = level, topic, language
        self.native, self.seed = native, seed
        self.messages: list[ChatMessage] = []
        self.message = Message("")

    def say(self, text: str, *, judged: Judgement | None = None, before: Judgement | None = None) -> str:
        self.messages.append(ChatMessage("learner", text, "Linh"))
        return self._answer("reply", judged, before)

    def greet(self) -> str:
        return self._answer("greet")

    def tutor_said(self, text: str) -> None:
        self.messages.append(ChatMessage("tutor", text))

    def learner_said(self, text: str) -> None:
        self.messages.append(ChatMessage("learner", text, "Linh"))

    def request(self, purpose: str = "reply") -> ChatRequest:
        lesson = LessonFacts(
            self.language,
            self.level,
            self.topic,
            "Linh",
            self.native,
            purpose,  # type: ignore[arg-type]
            seed=self.seed,
        )
        return ChatRequest("", tuple(self.messages), lesson)

    def _answer(self, purpose: str, judged: Judgement | None = None, before: Judgement | None = None) -> str:
        self.message = answer(self.request(purpose), judged=judged, before=before)
        self.messages.append(ChatMessage("tutor", self.message.text))
        return self.message.text


def talk_after(*messages: str, topic: str = "food") -> Conversation:
    """Messages of the tutor and the learner in turn, the tutor first."""
    talk = Conversation("A2", topic)
    for number, text in enumerate(messages):
        talk.tutor_said(text) if number % 2 == 0 else talk.learner_said(text)
    return talk


def questions(text: str) -> list[str]:
    """The questions of `text`, without tags such as "Why?" that may follow any question."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return [s for s in sentences if s.endswith("?") and len(s.split()) > 3 and not s.startswith("Why, or")]


def corrected(original: str, better: str, reason: str = "Use the past.") -> Judgement:
    correction = SentenceCorrection(original, better, (reason,), ("grammar",))
    return Judgement(Outcome.CORRECTED, (correction,))
