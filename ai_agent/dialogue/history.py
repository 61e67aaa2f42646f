"""What was said, as the tutor's engine is told it: by whom, and only words that were spoken."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from ai_agent.dialogue.ports import PastMessage
from ai_agent.providers.ports import ChatMessage

MAX_MESSAGES = 40
MAX_CHARS = 12_000
"""Older messages are forgotten: a prompt is paid for with every turn."""


class History:
    def __init__(self, past: Iterable[PastMessage] = ()) -> None:
        self._messages: deque[PastMessage] = deque(past, maxlen=MAX_MESSAGES)
        self._trim()

    def add(self, message: PastMessage) -> None:
        if message.text.strip():
            self._messages.append(message)
            self._trim()

    def messages(self, *, with_names: bool) -> tuple[ChatMessage, ...]:
        return tuple(ChatMessage(m.role, m.text, m.name if with_names else None) for m in self._messages)

    def last(self) -> PastMessage | None:
        return self._messages[-1] if self._messages else None

    def last_of(self, learner_id: str) -> PastMessage | None:
        theirs = (m for m in reversed(self._messages) if m.role == "learner" and m.learner_id == learner_id)
        return next(theirs, None)

    def __len__(self) -> int:
        return len(self._messages)

    def _trim(self) -> None:
        while len(self._messages) > 1 and sum(len(m.text) for m in self._messages) > MAX_CHARS:
            self._messages.popleft()
