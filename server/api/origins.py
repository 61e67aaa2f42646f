"""Which sites' pages may use this server."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


class OriginPolicy:
    """Our own pages, those of `public_url`, and those of `allowed` (`https://example.org`; no wildcards)."""

    def __init__(self, public_url: str = "", allowed: Iterable[str] = ()) -> None:
        self._allowed = {site for url in (public_url, *allowed) if (site := _site(url))}

    def allows(self, origin: str | None, host: str) -> bool:
        """`host` is the Host header. No Origin at all comes from no page of another site (RFC 6454 7.3)."""
        if origin is None:
            return True
        site = _site(origin)
        if site is None:
            return False
        # The scheme is not compared: behind a proxy that ends TLS, ours is http and the page's https.
        return site in self._allowed or site[1:] == _site(f"{site[0]}://{host}", bare=True)


def _site(url: str, *, bare: bool = False) -> tuple[str, ...] | None:
    """(scheme, host, port), or (host, port) if `bare`; None for what is no web origin."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or port is None:
        return None
    site = (parts.hostname, str(port))
    return site if bare else (parts.scheme, *site)
