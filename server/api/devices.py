"""The device cookie, which lets a ban hold for a browser, and digests of where a request comes from.

The cookie is random and is used for nothing else. Only its digest is stored: with a session, in the record of
a ban, and in a report on the person who is signed in with it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

from aiohttp import web

from server.api.clients import client_ip, server_ip
from server.common.addresses import limit_key, network_of
from server.rooms.model import Claim, Origin, digest

COOKIE = "parlor_device"
_MAX_AGE_S = 400 * 86_400
"""Browsers keep no cookie for longer (RFC 6265bis section 5.5)."""
_VALUE = re.compile(r"[A-Za-z0-9_-]{32}")
_FRESH = web.RequestKey("fresh_device", str)
"""The cookie that the answer to the request will set."""


class Devices:
    """`secret` signs digests of addresses: without it somebody with the database could try all addresses.
    `is_https`: people reach the page by https."""

    def __init__(self, secret: str, trusted_proxies: int = 0, *, is_https: bool = False) -> None:
        self._key = hmac.digest(secret.encode(), b"addresses of bans", "sha256")
        self._trusted_proxies = trusted_proxies
        self._is_https = is_https

    def origin_of(self, request: web.BaseRequest) -> Origin:
        device = _device_of(request)
        address = limit_key(client_ip(request, self._trusted_proxies))
        return Origin(
            digest(device) if device else "",
            self._keyed(address),
            server_ip(request),
            self._keyed(network_of(address)),
        )

    def claim_of(self, request: web.BaseRequest, user_id: str) -> Claim:
        return Claim.of(user_id, self.origin_of(request))

    def _keyed(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def prepare(self, request: web.Request) -> None:
        """The browser gets a cookie with the answer if it has none: the handler sees it already."""
        if not _cookie_of(request):
            request[_FRESH] = secrets.token_urlsafe(24)

    def mark(self, request: web.Request, response: web.StreamResponse) -> None:
        """Set the cookie of `prepare`."""
        if response.prepared or _FRESH not in request:
            return
        response.set_cookie(
            COOKIE,
            request[_FRESH],
            max_age=_MAX_AGE_S,
            path="/",
            secure=self._is_secure(request),
            httponly=True,
            samesite="Lax",
        )

    def _is_secure(self, request: web.BaseRequest) -> bool:
        forwarded = request.headers.get("X-Forwarded-Proto", "") if self._trusted_proxies else ""
        return self._is_https or request.secure or forwarded.rpartition(",")[2].strip() == "https"


def _device_of(request: web.BaseRequest) -> str:
    """The cookie's value, or that which the answer sets; empty without either."""
    fresh = request.get(_FRESH, "") if isinstance(request, web.Request) else ""
    return _cookie_of(request) or fresh


def _cookie_of(request: web.BaseRequest) -> str:
    """The cookie's value; empty if it is not one of ours."""
    value = request.cookies.get(COOKIE, "")
    return value if _VALUE.fullmatch(value) else ""
