"""Who gets the learner's words when a server is named by its address."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from ai_agent.providers.ports import EngineCard


def openai_card(name: str, base_url: str) -> EngineCard:
    """OpenAI's own without an address; one on this machine is no cloud."""
    if not base_url:
        return EngineCard(name[:80], "OpenAI", is_cloud=True)
    host = urlsplit(base_url).hostname or "?"
    return EngineCard(name[:80], host[:80], is_cloud=not is_here(host))


def is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
