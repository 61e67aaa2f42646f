"""Vectors of texts, from a server with OpenAI's interface (`POST /v1/embeddings`), such as Ollama."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Annotated

import aiohttp
from pydantic import BaseModel, Field, ValidationError

from server.common.http_body import BodyTooLarge, limited_body
from server.errors import Unavailable
from server.knowledge.ports import Vector

MAX_DIMENSIONS = 2_000
"""pgvector indexes no more (README, "HNSW")."""
_BATCH = 64
_TIMEOUT_S = 20.0
_MAX_ANSWER = 16 * 1024 * 1024
_log = logging.getLogger(__name__)


class _Item(BaseModel):
    index: int
    embedding: Annotated[list[float], Field(min_length=1, max_length=MAX_DIMENSIONS)]


class _Answer(BaseModel):
    data: list[_Item]


class EmbeddingsApi:
    """The Embedder port. `url` ends before `/embeddings`. Close it after use."""

    def __init__(self, url: str, key: str, model: str) -> None:
        self._url = f"{url.rstrip('/')}/embeddings"
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model = model
        self._session: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        """One vector a text, all of one length. Raises Unavailable."""
        vectors: list[Vector] = []
        for start in range(0, len(texts), _BATCH):
            vectors += await self._embed_some(texts[start : start + _BATCH])
        if len({len(vector) for vector in vectors}) > 1:
            raise self._failed("vectors of different lengths")
        return vectors

    async def _embed_some(self, texts: Sequence[str]) -> list[Vector]:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S))
        asked = {"model": self._model, "input": list(texts)}
        try:
            async with self._session.post(self._url, json=asked, headers=self._headers) as response:
                if response.status != 200:
                    raise self._failed(f"status {response.status}")
                body = await limited_body(response.content.iter_any(), _MAX_ANSWER)
            # In a thread: a batch is some hundred kilobytes of JSON.
            answer = await asyncio.to_thread(_Answer.model_validate_json, body)
        except (aiohttp.ClientError, TimeoutError, BodyTooLarge, ValidationError) as error:
            raise self._failed(type(error).__name__) from error
        found = {item.index: item.embedding for item in answer.data}
        if set(found) != set(range(len(texts))):
            raise self._failed(f"{len(found)} vectors for {len(texts)} texts")
        return [found[index] for index in range(len(texts))]

    def _failed(self, cause: str) -> Unavailable:
        _log.warning("embeddings failed: %s", cause)
        return Unavailable("The documents cannot be prepared for search now. Try again in a moment.")
