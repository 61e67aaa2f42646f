"""The seam between the control side of media (ICE, DTLS, SDP, seats) and the per-packet path.

The per-packet path has two bodies: the Python reference in `forwarding/`, and in `fastpath/` a C extension
with a thread of its own. Both take the commands below, hold the SRTP sessions alone once they are handed
over, and report through `LoopEvents`. Peers are named by a small integer, the handle, never reused while it
is in use: a participant whose connection is replaced has two handles for a moment.

Times are seconds on the monotonic clock, passed in. Addresses are as `sockets` give them, IPv4 unmapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pylibsrtp import Session

from server.sfu.keys import KeyedSession

Handle = int
Address = tuple[str, int]

OPUS_PAYLOAD_TYPE = 111
RED_PAYLOAD_TYPE = 63
AUDIO_LEVEL_EXTENSION_ID = 1
"""Ours, the same in every offer, so that packets pass from publisher to subscriber with their header
extensions untouched."""

CNAME = "parlor"
"""In our RTCP, for every slot; the offer's `a=ssrc ... cname:` says the same."""


@dataclass(frozen=True, slots=True)
class LoopOptions:
    """Switches of a node. `forward_loudest` 0 forwards everyone."""

    nack: bool = True
    forward_loudest: int = 0


@dataclass(frozen=True, slots=True)
class PeerMedia:
    """What is known of a peer before its answer. `number` (1 to 255) is the CSRC of its packets downlink.

    `slot_ssrcs[i]` is the SSRC of mid str(i + 1). `always_forwarded` exempts the tutor from loudest-k.
    """

    room_id: str
    number: int
    slot_ssrcs: tuple[int, ...]
    is_muted: bool
    always_forwarded: bool = False


@dataclass(frozen=True, slots=True)
class AnsweredMedia:
    """What its answer says: packets with another SSRC or payload type are dropped before decryption.

    `ssrc` None: it publishes nothing. `red_payload_type` None: it does not send RED. `has_levels`: it sends
    the RFC 6464 extension. `red_slots`: it wants RED on its slots.
    """

    ssrc: int | None
    opus_payload_type: int = OPUS_PAYLOAD_TYPE
    red_payload_type: int | None = None
    has_levels: bool = True
    red_slots: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """What consent checks (RFC 7675) are signed with; the user name is that of requests to us."""

    username: str
    password: str


@dataclass(slots=True)
class LoopCounters:
    """Totals since start, for /metrics. `dropped` by reason: a short, closed set of names."""

    packets_in: int = 0
    packets_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    dropped: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """A peer's links, for /metrics: losses 0 to 1, jitter and round trip in seconds.

    Loss and jitter are those of the last reports (of ours for the uplink, of the peer's worst slot for the
    downlink), None while there was no report for 5 s: no news is not good news.
    """

    peer: Handle
    uplink_loss: float | None
    uplink_jitter: float | None
    downlink_loss: float | None
    round_trip: float
    downlink_jitter: float | None = None


class LoopEvents(Protocol):
    """Called on the event loop's thread; must not block or raise."""

    def heard(self, peer: Handle, address: Address, now: float) -> None:
        """An authentic packet came from `address`: told when the address changes, else every 500 ms."""
        ...

    def checked(self, peer: Handle, address: Address, now: float, *, nominates: bool) -> None:
        """The loop has answered a consent check from the peer's destination itself; told as `heard` is.

        Only a loop that was given a `Consent` does.
        """
        ...

    def speaking(self, peer: Handle, speaking: bool, level: int) -> None: ...

    def dominant_speaker(self, room_id: str, peer: Handle | None) -> None: ...


class ForwardingLoop(Protocol):
    """The per-packet path. Commands about an unknown handle do nothing. None of them raises."""

    @property
    def counters(self) -> LoopCounters: ...

    def add_peer(self, peer: Handle, media: PeerMedia) -> None: ...

    def set_answer(self, peer: Handle, answer: AnsweredMedia) -> None: ...

    def set_sessions(self, peer: Handle, rx: Session, tx: KeyedSession) -> None:
        """Hand the SRTP sessions over; from here on nobody else may use them."""
        ...

    def set_destination(self, peer: Handle, address: Address | None) -> None:
        """Where the peer's downlink goes: an address that has been checked (RFC 8445 section 7.3)."""
        ...

    def set_muted(self, peer: Handle, muted: bool, *, at_once: bool, now: float) -> None: ...

    def assign(self, subscriber: Handle, publishers: Sequence[Handle | None], now: float) -> None:
        """Element i is the publisher that the slot of mid str(i + 1) carries from now on.

        Nobody is ever heard in another room: a publisher of one counts as None.
        """
        ...

    def remove_peer(self, peer: Handle) -> None:
        """Lets go of its sessions and of every slot that carries it."""
        ...

    def receive(self, peer: Handle, datagram: bytes, address: Address, now: float) -> None:
        """An RTP or RTCP datagram (first byte 128 to 191, RFC 7983) from a checked address of the peer."""
        ...

    def tick(self, now: float) -> None:
        """What falls due by time: call every 10 to 20 ms."""
        ...

    def link_quality(self) -> Iterator[LinkQuality]:
        """One for each peer that is there now, made as it is asked for."""
        ...
