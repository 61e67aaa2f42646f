"""What a node is told when it is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SfuOptions:
    """Addresses and switches of one node.

    `udp_host` empty: all interfaces, IPv4 and IPv6. `udp_port` 0 takes a free one. `advertised_ips` replaces
    the interfaces' own addresses in offers. `offer_loopback`: this machine's browsers are served too.
    `forward_loudest` 0 forwards everyone. `forwarding` chooses the body of the per-packet path: auto, c or
    python. `media_threads`: how many ports, from `udp_port` on, the C body has, with a thread each.
    """

    udp_host: str = ""
    udp_port: int = 0
    advertised_ips: tuple[str, ...] = ()
    offer_loopback: bool = True
    red: bool = True
    fec: bool = True
    nack: bool = True
    forward_loudest: int = 0
    forwarding: str = "auto"
    media_threads: int = 1
