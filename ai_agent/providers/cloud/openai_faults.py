"""What the `openai` SDK raises, as ours."""

from __future__ import annotations

import httpx2
import openai

from ai_agent.errors import EngineTimeout, EngineUnavailable, ProviderError
from ai_agent.providers.cloud.faults import Translate, of_status

CONNECT_S = 3.0
READ_S = 10.0


def timeouts(read_s: float = READ_S) -> httpx2.Timeout:
    """The SDK's own are 600 s. The chain waits less; this is for what the chain does not see."""
    return httpx2.Timeout(read_s, connect=CONNECT_S)


def translate(engine: str) -> Translate:
    def of(error: Exception) -> ProviderError | None:
        if isinstance(error, openai.APIStatusError):
            return of_status(engine, error.status_code, error.response.headers)
        if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
            return EngineTimeout(engine, type(error).__name__)
        if isinstance(error, openai.APIConnectionError | httpx2.HTTPError):
            return EngineUnavailable(engine, type(error).__name__)
        if isinstance(error, openai.APIError):  # an error told in mid-stream
            return EngineUnavailable(engine, str(error.code or error.type or "error")[:80])
        return None

    return of
