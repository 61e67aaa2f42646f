"""Requests to push services (RFC 8030)."""

from __future__ import annotations

import socket
from email.utils import parsedate_to_datetime
from time import time

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from server.push.endpoints import EndpointRules, is_public
from server.push.model import Target
from server.push.ports import Answer

_TIMEOUT_S = 10.0
_CONNECTIONS = 64


class HttpPushServices:
    """The PushServices port. Close it after use."""

    def __init__(self, rules: EndpointRules) -> None:
        self._rules = rules
        self._session: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, target: Target, body: bytes, headers: dict[str, str]) -> Answer:
        if not self._rules.allow(target.endpoint):  # the setting was another one when the device subscribed
            return Answer(404)
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT_S),
                connector=aiohttp.TCPConnector(resolver=PublicResolver(self._rules), limit=_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        try:
            # A redirect could lead anywhere, so none is followed. The body of the answer is not read.
            async with self._session.post(
                target.endpoint, data=body, headers=headers, allow_redirects=False
            ) as answer:
                return Answer(answer.status, retry_after_s(answer.headers.get("Retry-After", ""), time()))
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Answer(0)


class PublicResolver(AbstractResolver):
    """Resolves hosts to public addresses alone. It is asked at each connection, so a name that changes its
    address later (DNS rebinding) leads nowhere else."""

    def __init__(self, rules: EndpointRules, resolver: AbstractResolver | None = None) -> None:
        self._rules = rules
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises OSError if there is none."""
        found = await self._resolver.resolve(host, port, family)
        if self._rules.is_trusted_host(host):
            return found
        public = [address for address in found if is_public(address["host"])]
        if not public:
            raise OSError(f"{host} has no public address")
        return public

    async def close(self) -> None:
        await self._resolver.close()


def retry_after_s(header: str, now: float) -> float | None:
    """Seconds from now (RFC 9110, section 10.2.3): a number, or a date."""
    if header.isascii() and header.isdigit():
        return float(header[:9])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None
