"""Socket addresses: as the socket gives them, as the SFU keeps them, and which are offered."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

import ifaddr

from server.sfu.data_plane import Address, Path

RawAddress = tuple[str, int] | tuple[str, int, int, int]
"""As `recvfrom` gives and `sendto` takes it: on an IPv6 socket, IPv4 peers appear as `::ffff:a.b.c.d`."""
Source = RawAddress | Path
"""Where a datagram came from: an address as the UDP socket gives it, or the path of a TCP connection."""

MAX_OFFERED = 8
"""Candidates in an offer: a machine with many container bridges has dozens, and clients try each."""
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


def interface_addresses() -> list[str]:
    """Every address of every interface, as text."""
    found = (ip.ip for adapter in ifaddr.get_adapters() for ip in adapter.ips)
    return [ip if isinstance(ip, str) else ip[0] for ip in found]


def offered_addresses(
    found: Sequence[str], *, advertised: Sequence[str], bound: str, loopback: bool, ipv6: bool
) -> list[str]:
    """The addresses of our host candidates, in order of preference, each once.

    `advertised` wins over everything; `bound`, where the socket has one address only, over `found`.
    Link-local addresses are left out: without a scope id they are unusable.
    """
    if advertised:
        return list(dict.fromkeys(advertised))[:MAX_OFFERED]
    wanted = found if not bound or ipaddress.ip_address(bound).is_unspecified else [bound]
    usable = []
    for text in wanted:
        ip = ipaddress.ip_address(text)
        if ip.is_link_local or ip.is_unspecified or ip.is_multicast:
            continue
        if (ip.is_loopback and not loopback and text != bound) or (ip.version == 6 and not ipv6):
            continue
        usable.append(ip)
    # Real interfaces before loopback, IPv4 before IPv6: the pairs most likely to work are tried first.
    usable.sort(key=lambda ip: (ip.is_loopback, ip.version))
    return [str(ip) for ip in dict.fromkeys(usable)][:MAX_OFFERED]
