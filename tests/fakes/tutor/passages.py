"""Documents that answer one question, or none."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from ai_agent.errors import AgentError
from server.protocol.agents import KnowledgeRef
from server.protocol.knowledge import KnowledgeFound, KnowledgePassage


@dataclass
class FakeKnowledge:
    """`answers`: by a word of the question. `hangs`, `fails`: instead of an answer."""

    answers: dict[str, KnowledgePassage] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hangs: bool = False
    fails: bool = False

    async def search(self, server_url: str, base: KnowledgeRef, question: str) -> KnowledgeFound:
        del server_url, base
        self.asked.append(question)
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise AgentError("status 503")
        found = [passage for word, passage in self.answers.items() if word in question.lower()]
        return KnowledgeFound(passages=found, is_answered=bool(found))
