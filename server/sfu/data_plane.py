"""The interface between the control plane of media (ICE, DTLS, SDP, connections) and the data plane.

The data plane has two backends: the Python reference in `forwarding/`, and a C extension with a thread of its
own in `fastpath/`. Both take the commands below, are the only users of the SRTP sessions handed to them, and
report through `DataPlaneEvents`.

Peers are named by a small integer, the handle, which is not reused while it is in use: a participant whose
connection is being replaced has two handles for a moment. Times are seconds on the monotonic clock, passed
in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from pylibsrtp import Session

from server.common.rtp import OPUS_CLOCK_RATE, OPUS_FRAME_SAMPLES
from server.sfu.keys import KeyedSession

Handle = int
Address = tuple[str, int]
"""As `sockets` give it, IPv4 unmapped."""

UDP, TCP = "udp", "tcp"
"""Transports of a path."""

OPUS_PAYLOAD_TYPE = 111
RED_PAYLOAD_TYPE = 63
AUDIO_LEVEL_EXTENSION_ID = 1
"""The same in every offer, so that packets pass from publisher to subscriber with unchanged extensions."""

CNAME = "parlor"
"""CNAME in our RTCP, for every slot; equals the offer's `a=ssrc ... cname:`."""


class Path(NamedTuple):
    """Handle of one way between a peer and this node: compare it, hash it, pass it on.

    Only its transport knows how to send there. `remote` is where the other side is seen, for
    XOR-MAPPED-ADDRESS and for candidates; one remote address over two transports makes two paths.
    """

    remote: Address
    transport: str = UDP


@dataclass(frozen=True, slots=True)
class Track:
    """A published stream. `frame_samples` is the length of one closing frame, in ticks of the clock."""

    kind: str
    clock_rate: int
    frame_samples: int


MICROPHONE = Track("audio", OPUS_CLOCK_RATE, OPUS_FRAME_SAMPLES)


@dataclass(frozen=True, slots=True)
class DataPlaneOptions:
    """Switches of a node. `forward_loudest` 0 forwards everyone."""

    nack: bool = True
    forward_loudest: int = 0


@dataclass(frozen=True, slots=True)
class PeerMedia:
    """Parameters of a peer that are known before its answer. `number` (1 to 255) is the CSRC of its packets
    downlink.

    `slot_ssrcs[i]` is the SSRC of mid str(i + 1). `always_forwarded` exempts the peer from loudest-k.
    """

    room_id: str
    number: int
    slot_ssrcs: tuple[int, ...]
    is_muted: bool
    always_forwarded: bool = False
    track: Track = MICROPHONE


@dataclass(frozen=True, slots=True)
class AnsweredMedia:
    """Parameters of the answer: packets with another SSRC or payload type are dropped before decryption.

    `ssrc` None: the peer publishes nothing. `red_payload_type` None: it does not send RED. `has_levels`: it
    sends the RFC 6464 extension. `red_slots`: it wants RED on its slots.
    """

    ssrc: int | None
    opus_payload_type: int = OPUS_PAYLOAD_TYPE
    red_payload_type: int | None = None
    has_levels: bool = True
    red_slots: bool = False


@dataclass(frozen=True, slots=True)
class Consent:
    """Credentials of consent checks (RFC 7675). `username` is that of requests to us."""

    username: str
    password: str


@dataclass(slots=True)
class DataPlaneCounters:
    """Totals since start, for /metrics. `dropped` by reason: a short, closed set of names."""

    packets_in: int = 0
    packets_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    dropped: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """A peer's links, for /metrics: losses 0 to 1, jitter and round trip in seconds.

    Loss and jitter are those of the last reports (ours for the uplink, the peer's worst slot for the
    downlink), None if the last report is older than 5 s: no report does not mean a good link.
    """

    peer: Handle
    uplink_loss: float | None
    uplink_jitter: float | None
    downlink_loss: float | None
    round_trip: float
    downlink_jitter: float | None = None


class DataPlaneEvents(Protocol):
    """Called on the event loop's thread. Implementations must not block or raise."""

    def alive(self, peer: Handle, path: Path, now: float) -> None:
        """An authentic packet came on `path`: reported when the path changes, otherwise every 500 ms."""
        ...

    def consent_checked(self, peer: Handle, path: Path, now: float, *, nominates: bool) -> None:
        """The data plane answered a consent check on the peer's destination itself; reported as `alive` is.

        Only a data plane that was given a `Consent` does this.
        """
        ...

    def speaking(self, peer: Handle, speaking: bool, level: int) -> None: ...

    def dominant_speaker(self, room_id: str, peer: Handle | None) -> None: ...

    def not_added(self, peer: Handle) -> None:
        """The data plane is full: it ignores further commands about the peer, which must still be removed."""
        ...


class DataPlane(Protocol):
    """Receives, rewrites and sends packets. Commands about an unknown handle do nothing; none raises."""

    @property
    def counters(self) -> DataPlaneCounters: ...

    def add_peer(self, peer: Handle, media: PeerMedia) -> None: ...

    def set_answer(self, peer: Handle, answer: AnsweredMedia) -> None: ...

    def set_sessions(self, peer: Handle, rx: Session, tx: KeyedSession) -> None:
        """Hand over the SRTP sessions; from here on only the data plane may use them."""
        ...

    def set_destination(self, peer: Handle, path: Path | None) -> None:
        """Set the destination of the peer's downlink: a path that has been checked (RFC 8445 section 7.3)."""
        ...

    def set_muted(self, peer: Handle, muted: bool, *, at_once: bool, now: float) -> None: ...

    def assign(self, subscriber: Handle, publishers: Sequence[Handle | None], now: float) -> None:
        """Element i is the publisher that the slot of mid str(i + 1) carries from now on.

        A publisher of another room counts as None, so audio never crosses rooms.
        """
        ...

    def remove_peer(self, peer: Handle) -> None:
        """Release the peer's sessions and every slot that carries it."""
        ...

    def receive(self, peer: Handle, datagram: bytes, path: Path, now: float) -> None:
        """An RTP or RTCP datagram (first byte 128 to 191, RFC 7983) from a checked path of the peer."""
        ...

    def tick(self, now: float) -> None:
        """Run what is due by time: call every 10 to 20 ms."""
        ...

    def link_quality(self) -> Iterator[LinkQuality]:
        """One entry for each present peer, computed during the iteration."""
        ...


class Streams(Protocol):
    """Reads and writes TCP connections, one datagram a frame (RFC 4571).

    The end of each is reported once to `closed(path)`, and its path may be opened again only after that.
    """

    def open_stream(self, fd: int, path: Path) -> None:
        """Take over a non-blocking socket."""
        ...

    def close_stream(self, path: Path) -> None:
        """Does nothing if it has ended."""
        ...

    def send_stream(self, datagram: bytes, path: Path) -> None:
        """Never waits: a frame for which there is no room is dropped as a whole."""
        ...


Send = Callable[[bytes, Path], None]
Backend = Callable[[Send, DataPlaneEvents, DataPlaneOptions], DataPlane]
"""Constructor of a data plane."""
