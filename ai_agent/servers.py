"""Chooses the servers that a worker serves, and their addresses. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urljoin, urlsplit

from server.common.rendezvous import ranked
from server.protocol.agents import ListedServer

MAX_SERVERS = 8
"""Connections of one worker: each is a report a second for both sides."""
_SCHEMES = ("http", "https")


def addresses(listed: Iterable[ListedServer], home: str) -> dict[str, str]:
    """The address of each server by its name, for a worker whose setting is `home`.

    Plain HTTP is for networks of one's own, so that such a worker goes by the servers' internal addresses, as
    does one whose setting is an internal address. Any other goes by those of clients: internal names mean
    nothing to it, or another host. Its token never goes where it would not be encrypted.
    """
    servers = list(listed)
    is_encrypted = _origin(home)[0] == "https"
    is_inside = not is_encrypted or _origin(home) in {_origin(server.internal_url) for server in servers}
    found: dict[str, str] = {}
    for server in servers:
        url = server.internal_url if is_inside else _joined(home, server.url)
        scheme, host = _origin(url)
        if scheme in _SCHEMES and host and (scheme == "https" or not is_encrypted):
            found[server.name] = url.rstrip("/")
    return found


def merged(lists: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Return what any server knows of the others: one that is cut off from them knows less."""
    return {name: url for listed in lists for name, url in listed.items()}


def chosen(worker_id: str, names: Iterable[str]) -> list[str]:
    """The servers that this worker serves. Workers choose differently, so that each of many servers has
    some, and a server that is started again is chosen by the same ones."""
    return ranked(worker_id, names)[:MAX_SERVERS]


def _joined(home: str, url: str) -> str:
    try:
        return urljoin(home, url)
    except ValueError:
        return ""


def _origin(url: str) -> tuple[str, str]:
    """Scheme and host with port; empty for what is not a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc
