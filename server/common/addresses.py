"""Network addresses as keys of limits, and as networks in logs."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network


def limit_key(address: str) -> str:
    """The key of an address in limits. An IPv6 host can use a whole /64, so the /64 is its key.

    An IPv4 peer of an IPv6 socket counts by its IPv4 address. Text that is no address is its own key.
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))


def network_of(address: str) -> str:
    """The network of an address or of its `limit_key`: /24 of IPv4, /48 of IPv6. It names no person."""
    try:
        parsed = ip_address(address.partition("/")[0])
    except ValueError:
        return "unknown"
    return str(ip_network((parsed, 48 if isinstance(parsed, IPv6Address) else 24), strict=False))
