"""Where a request comes from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

from aiohttp import web


def client_ip(request: web.BaseRequest, trusted_proxies: int) -> str:
    """The address that the outermost trusted proxy saw; the socket's own where there is none.

    Each proxy appends to X-Forwarded-For, so whatever stands further left is the client's own claim.
    """
    hops = [hop.strip() for line in request.headers.getall("X-Forwarded-For", []) for hop in line.split(",")]
    if 0 < trusted_proxies <= len(hops):
        claimed = _address(hops[-trusted_proxies])
        if claimed:
            return claimed
    return _address(request.remote or "") or "unknown"


def is_local(request: web.BaseRequest) -> bool:
    """Whether it comes from a program on this machine, and not through a proxy on it."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    own = _address(request.remote or "")
    return not forwarded and bool(own) and ip_address(own).is_loopback


def bearer(request: web.BaseRequest) -> str:
    """The token of the Authorization header (RFC 6750 section 2.1); empty where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def rate_key(address: str) -> str:
    """An IPv6 host has a whole /64 to choose from: it counts as one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


def _address(text: str) -> str:
    try:
        parsed = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return str(mapped or parsed)
