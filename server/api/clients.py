"""The origin of a request: its addresses, its token, and the site of the page that sent it."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import web

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PROXY_HEADERS = ("forwarded", "via", "x-real-ip")


def client_ip(request: web.BaseRequest, trusted_proxies: int) -> str:
    """The address that the outermost trusted proxy saw; without proxies the socket's peer.

    Each proxy appends to X-Forwarded-For, so entries further left are only what the client claims.
    """
    hops = [hop.strip() for line in request.headers.getall("X-Forwarded-For", []) for hop in line.split(",")]
    if 0 < trusted_proxies <= len(hops):
        claimed = _address(hops[-trusted_proxies])
        if claimed:
            return claimed
    return _address(request.remote or "") or "unknown"


def server_ip(request: web.BaseRequest) -> str:
    """This end of the request's connection; empty if it is not known."""
    name = request.transport.get_extra_info("sockname") if request.transport is not None else None
    return _address(str(name[0])) if isinstance(name, tuple) else ""


def is_local(request: web.BaseRequest) -> bool:
    """Whether a program on this machine sent the request to a loopback address, with no sign of a proxy."""
    if any(name.lower().startswith(("x-forwarded-", *_PROXY_HEADERS)) for name in request.headers):
        return False
    peer = _address(request.remote or "")
    return bool(peer) and ip_address(peer).is_loopback and is_loopback_url(f"http://{request.host}")


def is_loopback_url(url: str) -> bool:
    """Whether the URL's host is this machine's loopback interface, by name or address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    return bool(address) and ip_address(address).is_loopback


def bearer(request: web.BaseRequest) -> str:
    """The token of the Authorization header (RFC 6750 section 2.1); empty without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class OriginPolicy:
    """Origins whose pages may use this server: its own, `public_url`, and `allowed` (`https://example.org`)."""

    def __init__(self, public_url: str = "", allowed: Iterable[str] = ()) -> None:
        self._allowed = {site for url in (public_url, *allowed) if (site := _site(url))}

    def allows(self, origin: str | None, host: str) -> bool:
        """`host` is the Host header. A request without Origin is not from another site (RFC 6454 7.3)."""
        if origin is None:
            return True
        site = _site(origin)
        if site is None:
            return False
        # The scheme is not compared: behind a proxy that ends TLS, ours is http and the page's https.
        return site in self._allowed or site[1:] == _site(f"{site[0]}://{host}", bare=True)


def _site(url: str, *, bare: bool = False) -> tuple[str, ...] | None:
    """(scheme, host, port), or (host, port) if `bare`; None for a URL that has no web origin."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or port is None:
        return None
    site = (parts.hostname, str(port))
    return site if bare else (parts.scheme, *site)


def _address(text: str) -> str:
    """Without a scope id; of a dual-stack socket's IPv4 peer its IPv4 address. Empty for other text."""
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped or parsed)
