"""The host and the origins that passkeys of this server are for (WebAuthn's relying party)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

_LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """`id`: the host. `origin`: of the page; None for localhost, where any port will do."""

    id: str
    origin: str | None

    def accepts(self, origin: str) -> bool:
        """Whether a page of this origin may use the passkeys."""
        if self.origin is not None:
            return origin == self.origin
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        return parts.hostname == _LOCALHOST and parts.scheme in {"http", "https"}


def relying_party(public_url: str) -> RelyingParty | None:
    """That of PARLOR_PUBLIC_URL, localhost without one. None where browsers allow no passkeys: by http
    elsewhere than on localhost, and at an address without a name."""
    if not public_url:
        return RelyingParty(_LOCALHOST, None)
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    if host == _LOCALHOST:
        return RelyingParty(_LOCALHOST, None)
    if parts.scheme != "https" or _is_address(host):
        return None
    port = "" if parts.port in {None, 443} else f":{parts.port}"
    return RelyingParty(host, f"https://{host}{port}")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
