"""Asks the server for the passages of a knowledge base that answer a question."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp
from pydantic import ValidationError

from ai_agent.errors import AgentError
from ai_agent.knowledge.grounded import SEARCH_WITHIN_S
from server.common.http_body import BodyTooLarge, limited_body
from server.protocol.agents import MAX_CITED, KnowledgeRef
from server.protocol.knowledge import AgentKnowledgeQuery, KnowledgeFound

_MAX_ANSWER = 256 * 1024


class KnowledgeClient:
    """`async with` it. `token`: the worker's."""

    def __init__(self, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> KnowledgeClient:
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2 * SEARCH_WITHIN_S))
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._http is not None:
            await self._http.close()

    async def search(self, server_url: str, base: KnowledgeRef, question: str) -> KnowledgeFound:
        """`server_url`: one of the servers' addresses; its path does not count. Raises AgentError."""
        server = urlsplit(server_url)
        url = f"{server.scheme}://{server.netloc}/api/agents/knowledge"
        if self._http is None:
            raise AgentError("the client is closed")
        try:
            asked = AgentKnowledgeQuery(
                base_id=base.id, owner_id=base.owner_id, question=question, limit=MAX_CITED
            )
            body = asked.model_dump_json(by_alias=True)
            async with self._http.post(url, data=body, headers=self._headers) as response:
                if response.status != 200:
                    raise AgentError(f"status {response.status}")
                answer = await limited_body(response.content.iter_any(), _MAX_ANSWER)
            return KnowledgeFound.model_validate_json(answer)
        except (aiohttp.ClientError, TimeoutError, BodyTooLarge, ValidationError) as error:
            raise AgentError(type(error).__name__) from error
