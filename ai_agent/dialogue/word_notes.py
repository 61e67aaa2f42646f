"""Words that learners ask about go to their lists of words, whichever engine answers."""

from __future__ import annotations

import asyncio

from ai_agent.dialogue.history import History
from ai_agent.dialogue.ports import DialogueSink
from ai_agent.tutor.words.looked_up import asked_word, looked_up
from server.common.tasks import TaskSet


class WordNotes:
    """The dictionary is read in a thread: the first time it takes a good part of a second."""

    def __init__(self, history: History, sink: DialogueSink) -> None:
        self._history = history
        self._sink = sink
        self._tasks = TaskSet()

    def learner_asked(self, learner_id: str, text: str) -> None:
        """Call it with each turn that is answered."""
        word = asked_word(text)
        if word is not None:
            told = [m.text for m in self._history.messages(with_names=False) if m.role == "tutor"]
            self._tasks.spawn(self._note(learner_id, word, told), "looked-up word")

    async def aclose(self) -> None:
        await self._tasks.aclose()

    async def _note(self, learner_id: str, word: str, told: list[str]) -> None:
        found = await asyncio.to_thread(looked_up, word, told)
        if found is not None:
            self._sink.keep_word(learner_id, found)
