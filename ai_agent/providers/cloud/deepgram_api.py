"""Shared by Deepgram's three engines: the SDK's client and its errors."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import deepgram.listen.v1.client
import deepgram.listen.v2.client
import deepgram.speak.v1.audio.client
import httpx
import websockets
from deepgram import AsyncDeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment

from ai_agent.config import Settings
from ai_agent.errors import EngineTimeout, EngineUnavailable, ProviderError
from ai_agent.providers.cloud.vendor_errors import Translate, of_status

EAGER = (deepgram.listen.v1.client, deepgram.listen.v2.client, deepgram.speak.v1.audio.client)
"""Imported here because the SDK imports them at first use, which would block the event loop."""
VENDOR = "Deepgram"
READ_S = 10.0


def client(settings: Settings, http: httpx.AsyncClient | None = None) -> AsyncDeepgramClient:
    """`http`: the client for HTTP requests, which the caller closes; the SDK never closes its own."""
    return AsyncDeepgramClient(
        api_key=settings.deepgram_api_key.get_secret_value(),
        environment=environment(settings.deepgram_url),
        timeout=READ_S,
        max_retries=0,
        httpx_client=http,
    )


def environment(url: str) -> DeepgramClientEnvironment:
    """`url`: https://host or http://host:port; empty: Deepgram's service."""
    if not url:
        return DeepgramClientEnvironment.PRODUCTION
    parts = urlsplit(url)
    socket = urlunsplit(parts._replace(scheme="wss" if parts.scheme == "https" else "ws")).rstrip("/")
    base = url.rstrip("/")
    return DeepgramClientEnvironment(base=base, production=socket, agent=socket, agent_rest=base)


def translate(engine: str) -> Translate:
    def of(error: Exception) -> ProviderError | None:
        if isinstance(error, ApiError) and error.status_code is not None:
            return of_status(engine, error.status_code, response_headers(error))
        if isinstance(error, websockets.InvalidStatus):
            response = error.response
            return of_status(engine, response.status_code, dict(response.headers.raw_items()))
        if isinstance(error, websockets.ConnectionClosed):
            return EngineUnavailable(
                engine, f"socket closed, code {error.rcvd.code if error.rcvd else 'none'}"
            )
        if isinstance(error, httpx.TimeoutException):
            return EngineTimeout(engine, type(error).__name__)
        if isinstance(error, httpx.HTTPError):
            return EngineUnavailable(engine, type(error).__name__)
        return None

    return of


def response_headers(error: ApiError) -> Mapping[str, str]:
    """Headers of the response. For a refused handshake the SDK (7.17) gives those of the request; those of
    the response are in the error that caused it, raised by either of the two clients in `websockets`.
    """
    refused = error.__context__
    came = getattr(refused, "headers", None) or getattr(getattr(refused, "response", None), "headers", None)
    return dict(came.raw_items()) if came is not None else error.headers or {}
