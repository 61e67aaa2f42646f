"""Words that learners ask about, or that the tutor explains, go to their lists, whichever engine answers."""

from __future__ import annotations

import asyncio

from ai_agent.dialogue.history import History
from ai_agent.dialogue.ports import DialogueSink
from ai_agent.tutor.words.looked_up import asked_word, explained, looked_up
from server.common.tasks import TaskSet

MAX_NOTED = 100
"""Words of one talk."""


class WordNotes:
    """Notes each word once a talk for each learner. The dictionary is read in a thread: the first time it
    takes a good part of a second."""

    def __init__(self, history: History, sink: DialogueSink) -> None:
        self._history = history
        self._sink = sink
        self._tasks = TaskSet()
        self._noted: set[tuple[str, str]] = set()

    def learner_asked(self, learner_id: str, text: str) -> None:
        """Call it with each turn that is answered."""
        word = asked_word(text)
        if word is not None and self._is_new(learner_id, word):
            told = [m.text for m in self._history.messages(with_names=False) if m.role == "tutor"]
            self._tasks.spawn(self._note(learner_id, word, told), "looked-up word")

    def tutor_said(self, learner_id: str, text: str) -> None:
        """Call it with each of the tutor's answers."""
        found = explained(text)
        if found is not None and self._is_new(learner_id, found.word):
            self._sink.keep_word(learner_id, found)

    async def aclose(self) -> None:
        await self._tasks.aclose()

    async def _note(self, learner_id: str, word: str, told: list[str]) -> None:
        found = await asyncio.to_thread(looked_up, word, told)
        if found is None:
            self._noted.discard((learner_id, word))
        else:
            self._sink.keep_word(learner_id, found)

    def _is_new(self, learner_id: str, word: str) -> bool:
        """Whether to note the word, which then counts as noted."""
        key = (learner_id, word)
        if key in self._noted or len(self._noted) >= MAX_NOTED:
            return False
        self._noted.add(key)
        return True
