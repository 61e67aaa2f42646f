"""The names by which clients may reach this server: a check of the Host header."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from aiohttp.web_middlewares import middleware

from server.api.clients import is_loopback_url
from server.errors import HostRefused


class HostPolicy:
    """Without it a page of another site could let its own name lead to this server (DNS rebinding): to the
    browser it would then be of the same site, and might sign in, and read answers.

    Allowed are addresses, which no page can let lead elsewhere; loopback names; names without a dot, which
    the Internet does not have (`http://server:8080` of a container); the hosts of `urls`; and `names`.
    `answers_all`: something in front decides about names.
    """

    def __init__(
        self, urls: Iterable[str] = (), names: Iterable[str] = (), *, answers_all: bool = False
    ) -> None:
        self._answers_all = answers_all
        self._names = {_name(urlsplit(url).netloc) for url in urls if url} | {_name(name) for name in names}

    def allows(self, host: str | None) -> bool:
        """`host`: the Host header. Browsers always send one."""
        if self._answers_all or host is None:
            return True
        name = _name(host)
        if not name:
            return False
        return (
            "." not in name or name in self._names or _is_address(name) or is_loopback_url(f"http://{name}")
        )


def known_host(hosts: HostPolicy) -> Middleware:
    """Refuses requests to names that do not belong to this server, those of Socket.IO and of the voice
    protocols too."""

    @middleware
    async def handle(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not hosts.allows(request.headers.get(hdrs.HOST)):
            raise HostRefused
        return await handler(request)

    return handle


def _name(host: str) -> str:
    """Without port, in lower case; empty for text that is no host."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True
