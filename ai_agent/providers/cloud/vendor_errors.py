"""Maps errors of vendors and their libraries to ProviderError.

Texts hold a status or a type, never a response body: bodies repeat what learners said.
"""

from __future__ import annotations

import email.utils
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from ai_agent.errors import (
    AuthRefused,
    EngineTimeout,
    EngineUnavailable,
    InvalidResponse,
    ProviderError,
    RateLimited,
    RequestRefused,
)

MAX_RETRY_AFTER_S = 3_600.0
Translate = Callable[[Exception], ProviderError | None]
"""Maps what one library raises; None for errors it does not know."""


@contextmanager
def as_provider_errors(engine: str, translate: Translate = lambda _: None) -> Iterator[None]:
    """Any exception raised inside becomes a ProviderError."""
    try:
        yield
    except ProviderError:
        raise
    except Exception as error:
        raise translate(error) or _of_unknown(engine, error) from error


def _of_unknown(engine: str, error: Exception) -> ProviderError:
    if isinstance(error, TimeoutError):
        return EngineTimeout(engine, "no answer in time")
    if isinstance(error, OSError):
        return EngineUnavailable(engine, type(error).__name__)
    return InvalidResponse(engine, type(error).__name__)


def of_status(engine: str, status: int, headers: Mapping[str, str] | None = None) -> ProviderError:
    """Maps a status by RFC 9110, section 15. Vendors send 402 for an account without credit."""
    detail = f"HTTP {status}"
    if status in {401, 402, 403}:
        return AuthRefused(engine, detail)
    if status == 429:
        return RateLimited(engine, detail, retry_after_s=retry_after(headers or {}))
    if status in {408, 504}:
        return EngineTimeout(engine, detail)
    if status >= 500:
        return EngineUnavailable(engine, detail, retry_after_s=retry_after(headers or {}))
    if status >= 400:
        return RequestRefused(engine, detail)
    return InvalidResponse(engine, detail)


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Seconds, by RFC 9110, section 10.2.3, or by `retry-after-ms`, which some vendors send."""
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        if "retry-after-ms" in lower:
            seconds = float(lower["retry-after-ms"]) / 1000
        elif (value := lower.get("retry-after", "")).strip().isdigit():
            seconds = float(value)
        else:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - now()
    except ValueError:
        return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S) if math.isfinite(seconds) else None
