"""Socket addresses: as the socket gives them, and as the SFU keeps them."""

from __future__ import annotations

from server.sfu.data_plane import Address, Path

RawAddress = tuple[str, int] | tuple[str, int, int, int]
"""As `recvfrom` gives and `sendto` takes it: on an IPv6 socket, IPv4 peers appear as `::ffff:a.b.c.d`."""
Source = RawAddress | Path
"""Source of a datagram: an address as the UDP socket gives it, or the path of a TCP connection."""

_MAPPED = "::ffff:"


def unmapped(raw: RawAddress) -> Address:
    """IPv4 peers of a dual-stack socket by their IPv4 address (RFC 4291 section 2.5.5.2)."""
    host = raw[0]
    if host.startswith(_MAPPED) and "." in host:
        return host[len(_MAPPED) :], raw[1]
    return host, raw[1]


def mapped(address: Address) -> RawAddress:
    """The reverse, for a dual-stack socket. Link-local peers are not served, so there is no scope id."""
    host, port = address
    return (host, port, 0, 0) if ":" in host else (_MAPPED + host, port, 0, 0)
