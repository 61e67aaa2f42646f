"""The conversation so far as the chat engine gets it: who said what, and only words that were spoken."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from ai_agent.dialogue.ports import PastMessage
from ai_agent.providers.ports import ChatMessage
from server.protocol.tutor import Confidence

MAX_MESSAGES = 40
MAX_CHARS = 12_000
"""Older messages are dropped: a prompt is paid for with every turn."""
LAST_TURNS = 3
MAX_EARLIER = 60
"""Older messages of the tutor, kept outside of prompts so that it does not repeat its questions: in a group,
or after long turns, the messages hold too few of them."""


class History:
    """`tutor_turns`: how often the tutor has spoken."""

    def __init__(self, past: Iterable[PastMessage] = ()) -> None:
        self.tutor_turns = 0
        self._messages: deque[PastMessage] = deque()
        self._earlier: deque[str] = deque(maxlen=MAX_EARLIER)
        for message in past:
            self.add(message)

    def add(self, message: PastMessage) -> None:
        if message.text.strip():
            self.tutor_turns += message.role == "tutor"
            self._messages.append(message)
            self._trim()

    def amend(self, turn_id: str, text: str, confidence: Confidence | None, *, is_heard: bool) -> None:
        """The learner's words of that turn were others."""
        for index, message in enumerate(self._messages):
            if message.turn_id == turn_id and message.role == "learner":
                self._messages[index] = replace(message, text=text, confidence=confidence, spoken=is_heard)
        self._trim()

    def forget(self, turn_id: str) -> None:
        """That turn, and what the tutor said to it."""
        kept = [message for message in self._messages if message.turn_id != turn_id]
        self._messages = deque(kept)

    @property
    def earlier(self) -> tuple[str, ...]:
        """The tutor's last messages from before `messages`, oldest first."""
        return tuple(self._earlier)

    def messages(self, *, with_names: bool) -> tuple[ChatMessage, ...]:
        return tuple(
            ChatMessage(m.role, m.text, m.name if with_names else None, m.spoken, m.confidence)
            for m in self._messages
        )

    def last(self) -> PastMessage | None:
        return self._messages[-1] if self._messages else None

    def last_of(self, learner_id: str) -> PastMessage | None:
        return next(reversed(self._messages_of(learner_id)), None)

    def last_of_tutor(self) -> PastMessage | None:
        return next((m for m in reversed(self._messages) if m.role == "tutor"), None)

    def words_of(self, learner_id: str) -> str:
        """Words of the learner's last turns: people split sentences, and ask about an earlier one."""
        return " ".join(m.text for m in self._messages_of(learner_id)[-LAST_TURNS:])

    def words_of_others(self, learner_id: str) -> tuple[str, ...]:
        """Words of the last turns of each other learner."""
        others = {m.learner_id for m in self._messages if m.role == "learner" and m.learner_id}
        return tuple(self.words_of(other) for other in others - {learner_id})

    def __len__(self) -> int:
        return len(self._messages)

    def _messages_of(self, learner_id: str) -> list[PastMessage]:
        return [m for m in self._messages if m.role == "learner" and m.learner_id == learner_id]

    def _trim(self) -> None:
        while len(self._messages) > 1 and self._is_too_long():
            dropped = self._messages.popleft()
            if dropped.role == "tutor":
                self._earlier.append(dropped.text)

    def _is_too_long(self) -> bool:
        return len(self._messages) > MAX_MESSAGES or sum(len(m.text) for m in self._messages) > MAX_CHARS
