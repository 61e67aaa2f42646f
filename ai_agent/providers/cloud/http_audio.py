"""Speech from a vendor's HTTP endpoint without an SDK, by aiohttp."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from ai_agent.errors import EngineTimeout, EngineUnavailable, InvalidResponse, ProviderError
from ai_agent.providers.cloud.faults import Translate, as_provider_errors, of_status
from ai_agent.providers.cloud.pcm import SampleJoiner, must_be_audio
from ai_agent.providers.ports import SpeechChunk

CONNECT_S = 3.0
READ_S = 10.0
CHUNK_BYTES = 4_096
LONGEST_LINE = 8 << 20


class HttpAudio:
    """Keeps connections open between sentences: a TLS handshake costs more than a sentence's first byte."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self, url: str, headers: Mapping[str, str], **body: Any
    ) -> AsyncGenerator[SpeechChunk, None]:
        """int16 samples as they come. `body`: `data`, `json` or `params` of aiohttp. Raises ProviderError."""
        joiner = SampleJoiner()
        async with self._answer(url, headers, **body) as response:
            must_be_audio(self._engine, response.headers.get("Content-Type", ""))
            async for data in response.content.iter_chunked(CHUNK_BYTES):
                if len(pcm := joiner.feed(data)):
                    yield SpeechChunk(pcm)

    async def lines(self, url: str, headers: Mapping[str, str], **body: Any) -> AsyncGenerator[bytes, None]:
        """Lines of an answer as they come, without empty ones. Raises ProviderError."""
        rest = b""
        async with self._answer(url, headers, **body) as response:
            async for data in response.content.iter_any():
                *whole, rest = (rest + data).split(b"\n")
                if len(rest) > LONGEST_LINE:
                    raise InvalidResponse(self._engine, "a line without an end")
                for line in filter(bytes.strip, whole):
                    yield line
            if rest.strip():
                yield rest

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def _answer(
        self, url: str, headers: Mapping[str, str], **body: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        with as_provider_errors(self._engine, translate(self._engine)):
            async with self._open().post(url, headers=headers, **body) as response:
                if response.status != 200:
                    raise of_status(self._engine, response.status, response.headers)
                yield response

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=READ_S)
            self._session = aiohttp.ClientSession(timeout=timeout)
        return self._session


def translate(engine: str) -> Translate:
    def of(error: Exception) -> ProviderError | None:
        if isinstance(error, aiohttp.ServerTimeoutError):
            return EngineTimeout(engine, type(error).__name__)
        if isinstance(error, aiohttp.ClientError):
            return EngineUnavailable(engine, type(error).__name__)
        return None

    return of
