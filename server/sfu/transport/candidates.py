"""The addresses of our candidates: few, those most likely to work first."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import ifaddr

MAX_OFFERED = 8
"""Candidates in an offer: a machine with many container bridges has dozens, and clients try each."""
_BRIDGES = (
    "docker",
    "br-",
    "veth",
    "virbr",
    "vmnet",
    "vboxnet",
    "cni",
    "flannel",
    "cali",
    "lxc",
    "lxd",
    "podman",
)
"""Names of interfaces that lead to containers and virtual machines on this host."""


@dataclass(frozen=True, slots=True)
class Interface:
    """`is_bridge`: of containers or virtual machines on this host, so that its network ends here."""

    name: str
    addresses: tuple[str, ...]
    is_bridge: bool = False


@dataclass(frozen=True, slots=True)
class AddressRules:
    """`advertised` replaces all others. `bound`: the only address the socket has, empty for all. `loopback`
    and `ipv6`: whether those are offered."""

    advertised: Sequence[str] = ()
    bound: str = ""
    loopback: bool = False
    ipv6: bool = True

    @property
    def only(self) -> str:
        """The address if the socket is bound to one, else empty."""
        return "" if not self.bound or ipaddress.ip_address(self.bound).is_unspecified else self.bound

    def allow(self, address: str) -> bool:
        """Link-local addresses are left out: without a scope id they are unusable."""
        ip = ipaddress.ip_address(address)
        if ip.is_link_local or ip.is_unspecified or ip.is_multicast or (ip.version == 6 and not self.ipv6):
            return False
        return self.loopback or not ip.is_loopback or address == self.bound


def interfaces() -> list[Interface]:
    found = []
    for adapter in ifaddr.get_adapters():
        addresses = tuple(ip.ip if isinstance(ip.ip, str) else ip.ip[0] for ip in adapter.ips)
        found.append(Interface(adapter.name, addresses, _is_bridge(adapter.name)))
    return found


def _is_bridge(name: str) -> bool:
    return name.startswith(_BRIDGES) or Path("/sys/class/net", name, "bridge").exists()


def route_sources() -> list[str]:
    """The addresses by which this machine reaches the Internet: the source that the kernel would use for
    each family. Nothing is sent."""
    found = []
    for family, anywhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect((anywhere, 9))
            found.append(str(sock.getsockname()[0]))
    return found


def offered_addresses(
    found: Sequence[Interface], sources: Sequence[str], rules: AddressRules
) -> tuple[str, ...]:
    """The addresses of our host candidates, in order of preference, each once.

    First `sources`, which lead to the Internet; then one address of each family and interface, those of
    bridges only if there is nothing else; loopback last.
    """
    if rules.advertised:
        return tuple(dict.fromkeys(rules.advertised))[:MAX_OFFERED]
    if rules.only:
        return (rules.only,) if rules.allow(rules.only) else ()
    allowed = [replace(i, addresses=tuple(filter(rules.allow, i.addresses))) for i in found]
    known = {address for interface in allowed for address in interface.addresses}
    loopback = [address for address in sorted(known, key=_version) if _is_loopback(address)]
    first = [address for address in sources if address in known and address not in loopback]
    others = [_one_of_each_family(i, first) for i in allowed if not i.is_bridge]
    if not first and not any(others):
        others = [_one_of_each_family(i, first) for i in allowed]
    usable = dict.fromkeys([*first, *sorted((a for part in others for a in part), key=_version)])
    return (*list(usable)[: MAX_OFFERED - len(loopback)], *loopback)


def _one_of_each_family(interface: Interface, first: Sequence[str]) -> list[str]:
    """One address for each IP version that has none in `first`: a public one if the interface has it."""
    chosen = []
    for version in (4, 6):
        own = [a for a in interface.addresses if _version(a) == version and not _is_loopback(a)]
        if own and not any(address in own for address in first):
            chosen.append(min(own, key=lambda address: ipaddress.ip_address(address).is_private))
    return chosen


def with_reached(addresses: Sequence[str], reached: str, rules: AddressRules) -> tuple[str, ...]:
    """The address that a client's signalling has reached comes first: it surely leads here."""
    is_own = not rules.advertised and not rules.only and bool(reached) and rules.allow(reached)
    if reached not in addresses and not is_own:
        return tuple(addresses)
    if _is_loopback(reached):
        return tuple(addresses)  # its order says nothing: everything on this machine is reached so
    return tuple(dict.fromkeys([reached, *addresses]))[:MAX_OFFERED]


def _version(address: str) -> int:
    return ipaddress.ip_address(address).version


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback
