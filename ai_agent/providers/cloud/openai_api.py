"""Shared by the engines that use the `openai` SDK: timeouts, errors, and the card of a compatible server."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import httpx2
import openai

from ai_agent.errors import EngineTimeout, EngineUnavailable, ProviderError
from ai_agent.providers.cloud.vendor_errors import Translate, of_status
from ai_agent.providers.ports import EngineCard

CONNECT_S = 3.0
READ_S = 20.0


def openai_card(name: str, base_url: str) -> EngineCard:
    """Without a base URL the vendor is OpenAI, else the server's host. On this machine it is no cloud."""
    if not base_url:
        return EngineCard(name[:80], "OpenAI", is_cloud=True)
    host = urlsplit(base_url).hostname or "?"
    return EngineCard(name[:80], host[:80], is_cloud=not _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def timeouts(read_s: float = READ_S) -> httpx2.Timeout:
    """The SDK's default is 600 s. Chains have shorter limits; these hold for requests outside of a chain."""
    return httpx2.Timeout(read_s, connect=CONNECT_S)


def translate(engine: str) -> Translate:
    def of(error: Exception) -> ProviderError | None:
        if isinstance(error, openai.APIStatusError):
            return of_status(engine, error.status_code, error.response.headers)
        if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
            return EngineTimeout(engine, type(error).__name__)
        if isinstance(error, openai.APIConnectionError | httpx2.HTTPError):
            return EngineUnavailable(engine, type(error).__name__)
        if isinstance(error, openai.APIError):  # an error event within a stream
            return EngineUnavailable(engine, str(error.code or error.type or "error")[:80])
        return None

    return of
