"""RTCP to each peer once a second: sender reports of its slots, a receiver report of its uplink.

There is never a BYE: a slot outlives every publisher that it carries.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from server.common import rtcp
from server.sfu.data_plane import CNAME, Handle
from server.sfu.forwarding.peer import PeerStreams

_INTERVAL_SECONDS = 1.0
_GOLDEN = 0.6180339887498949
"""Its multiples spread evenly over a second for any number of peers."""
_SLOTS_A_PACKET = 20
"""28 bytes for each report and 20 for the name: below the MTU."""


def next_at(handle: Handle, now: float) -> float:
    """Every second, at the peer's own offset, so that peers that joined together, or whose reports were
    delayed, do not keep reporting in one burst (RFC 3550 section 6.2 varies the interval for that)."""
    place = math.fmod(handle * _GOLDEN, 1) * _INTERVAL_SECONDS
    return math.ceil((now - place) / _INTERVAL_SECONDS + 0.5) * _INTERVAL_SECONDS + place


def compounds(peer: PeerStreams, now: float) -> Iterator[bytes]:
    """Compound packets, each with a report first and a CNAME (RFC 3550 section 6.1)."""
    publisher = peer.publisher
    block = None
    if publisher.ssrc is not None:
        block = publisher.reception.report(publisher.ssrc, publisher.downlink_loss(now), now)
    blocks = (block,) if block is not None else ()
    active = [slot for slot in peer.subscriber.slots if slot.packets]
    if not active:
        yield rtcp.receiver_report(peer.rtcp_ssrc, blocks) + rtcp.source_description([peer.rtcp_ssrc], CNAME)
        return
    for at in range(0, len(active), _SLOTS_A_PACKET):
        slots = active[at : at + _SLOTS_A_PACKET]
        reports = [
            rtcp.sender_report(
                slot.ssrc, now, slot.timestamp_at(now), slot.packets, slot.octets, blocks if i == 0 else ()
            )
            for i, slot in enumerate(slots)
        ]
        blocks = ()
        yield b"".join(reports) + rtcp.source_description([slot.ssrc for slot in slots], CNAME)


def nack_request(peer: PeerStreams, now: float) -> bytes | None:
    """A NACK to the publisher, if packets are due to be requested now."""
    publisher = peer.publisher
    if publisher.ssrc is None or publisher.gate.is_closed:
        return None
    missing = publisher.nack.due(now, peer.round_trip)
    if not missing:
        return None
    return rtcp.receiver_report(peer.rtcp_ssrc) + rtcp.nack(peer.rtcp_ssrc, publisher.ssrc, missing)
