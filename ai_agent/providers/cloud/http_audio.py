"""Audio from vendors' HTTP endpoints: decoding of PCM streams, and an aiohttp client for vendors without an
SDK.
"""

from __future__ import annotations

import io
import wave
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import numpy as np

from ai_agent.audio import INPUT_HZ, Pcm
from ai_agent.errors import EngineTimeout, EngineUnavailable, InvalidResponse, ProviderError
from ai_agent.providers.cloud.vendor_errors import Translate, as_provider_errors, of_status
from ai_agent.providers.ports import SpeechChunk

CONNECT_S = 3.0
READ_S = 10.0
CHUNK_BYTES = 4_096
MAX_LINE_BYTES = 8 << 20


class SampleJoiner:
    """Joins int16 samples that are split between two chunks of bytes."""

    def __init__(self) -> None:
        self._odd = b""

    def feed(self, data: bytes) -> Pcm:
        data = self._odd + data
        whole = len(data) & ~1
        self._odd = data[whole:]
        return np.frombuffer(data[:whole], dtype="<i2").astype(np.int16)


def require_audio(engine: str, content_type: str) -> None:
    """Raises InvalidResponse for a content type that is not audio: HTML or JSON with status 200 would be
    played as noise.

    `content_type`: the header's value; a response without one may be anything (RFC 9110, section 8.3).
    """
    kind = content_type.split(";", maxsplit=1)[0].strip().lower() or "application/octet-stream"
    if not kind.startswith(("audio/", "application/octet-stream")):
        raise InvalidResponse(engine, f"expected audio, got {kind[:40]}")


def to_wav(pcm: Pcm, rate: int = INPUT_HZ) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(pcm.astype("<i2").tobytes())
    return file.getvalue()


class HttpAudio:
    """Keeps connections open between sentences: a TLS handshake takes longer than a sentence's first byte."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self, url: str, headers: Mapping[str, str], **body: Any
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Stream int16 samples. `body`: `data`, `json` or `params` of aiohttp. Raises ProviderError."""
        joiner = SampleJoiner()
        async with self._response(url, headers, **body) as response:
            require_audio(self._engine, response.headers.get("Content-Type", ""))
            async for data in response.content.iter_chunked(CHUNK_BYTES):
                if len(pcm := joiner.feed(data)):
                    yield SpeechChunk(pcm)

    async def lines(self, url: str, headers: Mapping[str, str], **body: Any) -> AsyncGenerator[bytes, None]:
        """Stream the lines of the response that are not empty. Raises ProviderError."""
        rest = b""
        async with self._response(url, headers, **body) as response:
            async for data in response.content.iter_any():
                *whole, rest = (rest + data).split(b"\n")
                if len(rest) > MAX_LINE_BYTES:
                    raise InvalidResponse(self._engine, f"a line is longer than {MAX_LINE_BYTES} bytes")
                for line in filter(bytes.strip, whole):
                    yield line
            if rest.strip():
                yield rest

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def _response(
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
