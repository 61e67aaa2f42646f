"""A chat engine that gets the passages of documents that answer the learner's words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from string import Template

from ai_agent.errors import AgentError
from ai_agent.knowledge.quotation import is_about_documents, is_question, quotation
from ai_agent.providers.ports import ChatRequest, EngineCard, Llm, TextDelta, ToolCall
from server.protocol.agents import MAX_CITED, KnowledgeRef, PassageRef
from server.protocol.knowledge import KnowledgeFound

SEARCH_WITHIN_S = 0.5
"""Of the second that a learner waits for an answer."""
_MAX_PASSAGE = 900
_PROMPT = Template(Path(__file__).with_name("prompt.md").read_text("utf-8"))
_log = logging.getLogger(__name__)


Search = Callable[[KnowledgeRef, str], Awaitable[KnowledgeFound]]
"""Finds the passages of a base that answer a question. Raises AgentError."""


class GroundedLlm:
    """An Llm. `base` is asked before each answer: the host may choose another one, or none.

    `quotes_always`: without a language model every question is one about the documents.
    """

    def __init__(
        self,
        llm: Llm,
        search: Search,
        base: Callable[[], KnowledgeRef | None],
        *,
        quotes_always: bool = False,
    ) -> None:
        self._llm = llm
        self._search = search
        self._base = base
        self._quotes_always = quotes_always

    @property
    def card(self) -> EngineCard:
        return self._llm.card

    async def stream(self, request: ChatRequest) -> AsyncGenerator[TextDelta | ToolCall, None]:
        question = _question(request)
        base = self._base()
        found = await self._passages(base, question) if base is not None and question else None
        quoted = self._quoted(question, found, request) if found is not None else ""
        if base is not None and found is not None and not self.card.is_scripted:
            request = with_passages(request, base.name, found)
        cited = _cited(found, only_first=bool(quoted)) if found is not None else ()
        async with aclosing(self._llm.stream(request)) as parts:
            async for part in parts:
                if isinstance(part, ToolCall):
                    yield part
                elif not quoted:
                    yield replace(part, passages=() if self.card.is_scripted else cited)
                    cited = ()
        if quoted:
            yield TextDelta(quoted, cited)

    async def aclose(self) -> None:
        await self._llm.aclose()

    def _quoted(self, question: str, found: KnowledgeFound, request: ChatRequest) -> str:
        """Return the words in place of a scripted answer; empty if the passages change nothing."""
        if not self.card.is_scripted or not (is_question(question) or self._quotes_always):
            return ""
        is_theirs = self._quotes_always or is_about_documents(question)
        if not found.is_answered and not is_theirs:
            return ""
        return quotation(question, found, request.lesson.language)

    async def _passages(self, base: KnowledgeRef, question: str) -> KnowledgeFound | None:
        try:
            async with asyncio.timeout(SEARCH_WITHIN_S):
                return await self._search(base, question)
        except (AgentError, TimeoutError) as error:
            _log.warning("documents not searched: %s", str(error) or type(error).__name__)
            return None


def with_passages(request: ChatRequest, base: str, found: KnowledgeFound) -> ChatRequest:
    """The request with the passages in its prompt, each on lines of its own that begin with `|`."""
    verdict = "They seem to answer." if found.is_answered else "None of them seems to answer."
    lines = [_PROMPT.safe_substitute(base=_one_line(base)[:60], verdict=verdict).strip()]
    for number, passage in enumerate(found.passages, 1):
        where = " > ".join(filter(None, (passage.document, passage.heading)))
        lines.append(f"[{number}] {_one_line(where)[:200]}")
        lines += [f"| {line}" for line in passage.text[:_MAX_PASSAGE].splitlines()]
    return replace(request, system="\n".join([request.system, "", *lines]))


def _cited(found: KnowledgeFound, *, only_first: bool) -> tuple[PassageRef, ...]:
    """The passages that an answer draws on: a quotation has the words of the first alone. Those without a
    number cannot be named."""
    passages = found.passages[: 1 if only_first else MAX_CITED] if found.is_answered else []
    return tuple(
        PassageRef(document_id=p.document_id, number=p.number) for p in passages if p.number is not None
    )


def _question(request: ChatRequest) -> str:
    """The learner's words that are answered, as the server takes them."""
    if request.lesson.purpose != "reply" or not request.messages:
        return ""
    return _one_line(request.messages[-1].text)[:500]


def _one_line(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())
