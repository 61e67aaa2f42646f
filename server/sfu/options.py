"""Options of a node."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SfuOptions:
    """Addresses and switches of one node.

    `udp_host` empty: all interfaces, IPv4 and IPv6. `udp_port` 0 takes a free one. `tcp_port` None takes the
    number of `udp_port` if it is free; 0: no TCP. `advertised_ips` replaces the interfaces' own addresses in
    offers. `offer_loopback`: loopback addresses are offered too, for
    browsers on this machine.
    `forward_loudest` 0 forwards everyone. `forwarding` chooses the backend of the data plane: auto, c or
    python. `media_threads`: number of media workers of the C backend, each with a thread and ports of its
    own, from `udp_port` and `tcp_port` on.
    """

    udp_host: str = ""
    udp_port: int = 0
    tcp_port: int | None = None
    advertised_ips: tuple[str, ...] = ()
    offer_loopback: bool = True
    red: bool = True
    fec: bool = True
    nack: bool = True
    forward_loudest: int = 0
    forwarding: str = "auto"
    media_threads: int = 1
