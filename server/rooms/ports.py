"""Interfaces to the outside, which keep this package free of sockets, databases and media; the settings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from server.protocol.base import Outbound
from server.protocol.entities import RoomNode
from server.protocol.rooms import IceServer, Offer, SeqEvent
from server.rooms.chat import ChatLine
from server.rooms.model import RoomInfo, SeatRecord, StoredRoom, User


@dataclass(frozen=True, slots=True)
class PeerSpec:
    """A seat as the SFU needs it. `slots` is the number of outgoing m-lines (mids "1" to str(slots)).

    `number` (1 to 255) is unique in the room and marks the publisher's packets as CSRC. `always_forwarded`
    exempts the tutor from the choice of the loudest. `reached` is the address of this server that the owner's
    signalling has reached, empty if it is not known.
    """

    room_id: str
    participant_id: str
    number: int
    slots: int
    is_muted: bool
    always_forwarded: bool = False
    reached: str = ""


class Media(Protocol):
    """The SFU. Peers are named by participant id.

    Methods other than `open`, `restart_ice` and `answer` never raise or block: an unknown peer has just left.
    """

    async def open(self, spec: PeerSpec) -> Offer:
        """Create a peer, or replace the one of the same id, whose connection then ends.

        Raises Unavailable.
        """
        ...

    async def restart_ice(self, participant_id: str, reached: str = "") -> Offer:
        """New ICE credentials on the same connection. Raises MediaError if there is none to restart."""
        ...

    async def answer(self, participant_id: str, offer_id: str, sdp: str) -> None:
        """Raises OfferUnknown for an answer to any but the newest offer, or a replayed one; SdpInvalid."""
        ...

    def set_muted(self, participant_id: str, muted: bool, *, at_once: bool) -> None:
        """Mute drops the peer's packets at the mux; `at_once` without the 150 ms for a last word."""
        ...

    def assign(self, subscriber_id: str, slots: Sequence[str | None]) -> None:
        """Set the publisher that each slot of a subscriber carries: element i is for mid str(i + 1)."""
        ...

    def close(self, participant_id: str) -> None:
        """End the peer. No event follows."""
        ...


class MediaEvents(Protocol):
    """Events of the SFU, called in the event loop's thread. Must not block or raise."""

    def media_state(self, participant_id: str, state: Literal["connected", "disconnected"]) -> None:
        """`disconnected`: no check and no packet for 5 s. Either may follow the other any number of times."""
        ...

    def media_lost(self, participant_id: str) -> None:
        """No packet for 30 s: the SFU has closed the peer."""
        ...

    def media_failed(self, participant_id: str, *, is_carried: bool = False) -> None:
        """The handshake failed or timed out: this connection cannot recover, the client needs a new offer.

        `is_carried`: it was to replace one that is connected, and continues to carry the participant's audio.
        """
        ...

    def speaking(self, participant_id: str, speaking: bool, level: int) -> None:
        """`level` in dBov, −127 to 0. Never True for a muted peer."""
        ...

    def dominant_speaker(self, room_id: str, participant_id: str | None) -> None: ...


class UserStore(Protocol):
    async def add_user(self, user: User) -> None: ...

    async def get_user(self, user_id: str) -> User | None: ...

    async def update_user(self, user: User) -> None: ...

    async def seen(self, user_id: str, now: float) -> None:
        """Note that the person used the server at `now`. Guests not seen for long are deleted."""
        ...


class BlockReader(Protocol):
    async def blocks_among(self, user_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        """Pairs of these users, the first of whom has blocked the second. Raises Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class RoomOwner:
    """The server that a room belongs to, as stored. `node_id` is empty for a room without owner.

    `url` is the base of Socket.IO for clients, absolute or a path of the page's origin; `internal_url` is for
    the other servers. Both are empty for a server that does not share its rooms. `lease_age_s`: seconds since
    it renewed its lease, infinite if it has none.
    """

    node_id: str
    epoch: int
    url: str
    internal_url: str
    lease_age_s: float


class RoomStore(Protocol):
    """Rooms and seats that outlive the process. Calls for one room arrive in order.

    A room belongs to one of the servers that share the store. Writes raise RoomElsewhere if another one has
    claimed it, and Unavailable.
    """

    async def save_room(self, room: RoomInfo) -> None:
        """Insert or replace. A new room belongs to this server."""
        ...

    async def delete_room(self, room_id: str) -> None:
        """With its seats. A room that is unknown or belongs to another server is no error, and stays."""
        ...

    async def save_seat(self, seat: SeatRecord) -> None:
        """Insert or replace. Raises RoomNotFound."""
        ...

    async def delete_seat(self, room_id: str, seat_id: str) -> None: ...

    async def save_chat(self, room_id: str, lines: Sequence[ChatLine], dropped: Sequence[str]) -> None:
        """Insert or replace these lines, but those whose author's profile is gone, and delete the `dropped`
        ones. Raises RoomNotFound."""
        ...

    async def load_chat(self, room_id: str) -> Sequence[ChatLine]:
        """The stored lines of a room of any server, oldest first."""
        ...

    async def claim_rooms(self) -> Sequence[StoredRoom]:
        """Take the rooms that belong to no live server. Those that this server already has are not among
        them."""
        ...

    async def claim_room(self, room_id: str, epoch: int) -> StoredRoom | None:
        """Take this room from an owner that has ended, if its epoch is still `epoch`. None if another server
        was faster, or if this server already has it."""
        ...

    async def owned_rooms(self) -> Collection[str]:
        """Ids of the rooms that still belong to this server."""
        ...

    async def count_hosted_elsewhere(self, user_id: str) -> int:
        """Return the number of rooms of other servers that the user hosts."""
        ...

    async def owner_of(self, room_id: str) -> RoomOwner | None:
        """The server that has the room, this one too; None for a room that is not stored. Where there can be
        one server only, None for every room."""
        ...


HELLO_TOPIC = "bus.hello"
"""A node may have missed messages: all publish what they have."""


class Bus(Protocol):
    """Messages between nodes. What a node publishes reaches every node's subscribers, its own too, in order.

    Payloads are JSON objects. Delivery is at most once.
    """

    def publish(self, topic: str, payload: Mapping[str, object]) -> None: ...

    def subscribe(self, topic: str, handler: Callable[[Mapping[str, object]], None]) -> Callable[[], None]:
        """Returns what ends the subscription."""
        ...


class EventSink(Protocol):
    """The connections of this node to rooms. Methods never block or raise; a closed connection is skipped."""

    def send(self, connection_ids: Iterable[str], event: SeqEvent) -> None:
        """Queue the event for each, after everything sent before. The sink gives each its own `seq`."""
        ...

    def ids(self) -> Sequence[str]:
        """All connections, whether they have a seat or not."""
        ...

    def mark(self, connection_id: str) -> int:
        """The `seq` of the last event sent to the connection, for the ack that is being made.

        Events sent from now on wait until that ack has been sent.
        """
        ...


class LobbySink(Protocol):
    """The connections of this node that watch the list of rooms."""

    def send(self, event: Outbound) -> None:
        """Queue the event, one of `LOBBY_EVENTS`, for all of them. Never blocks or raises."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """The moderators' decisions about a person. `muted_until`: wall time, None if they are not muted.
    `has_warning`: one that they have not acknowledged."""

    muted_until: float | None = None
    has_warning: bool = False


StandingOf = Callable[[str], Awaitable[Standing]]
"""Of a user id. Raises Unavailable."""


async def in_good_standing(_user_id: str) -> Standing:
    """The StandingOf of a server without moderators."""
    return Standing()


CleanText = Callable[[str, str], str]
"""A text as others may see it; the second argument is the path of its field. Raises InvalidRequest."""


def as_it_is(text: str, _path: str) -> str:
    """The CleanText of a server without lists of words."""
    return text


IceServers = Callable[[str], list[IceServer]]
"""The TURN servers for a user, with credentials."""
Clock = Callable[[], float]
"""Seconds of a monotonic clock, for durations and deadlines: a step of the wall clock must not end a seat."""
WallClock = Callable[[], float]
"""Seconds since the epoch, for what is stored and shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsSettings:
    """Durations in seconds. `node_id` names this process on the bus; `node_url` is the base of its Socket.IO
    for clients, None if it does not share its rooms with others. `red`: clients prefer RED (RFC 2198) for
    their microphone. The lobby and presence are published no faster than their intervals, and examined every
    `tick_interval_s`. A failed write is retried every `store_retry_s`. Rooms of ended servers are looked for
    every `ownership_interval_s`. A tutor leaves after `tutor_silence_s` without a word from anybody.
    `house_rules`: people accept them before they enter a room with others.
    `new_rooms_per_address` in an hour. 0 means no limit in these two, in `max_..._per_address` and in
    `max_tutors_per_user`."""

    node_id: str = "local"
    node_url: str | None = None
    red: bool = True
    house_rules: bool = False
    seat_grace_s: float = 30.0
    empty_room_ttl_s: float = 300.0
    max_rooms: int = 1_000
    max_rooms_per_user: int = 5
    max_rooms_per_address: int = 0
    new_rooms_per_address: float = 0
    max_tutors_per_user: int = 0
    max_tutors_per_address: int = 0
    store_timeout_s: float = 5.0
    join_timeout_s: float = 6.0
    store_retry_s: float = 10.0
    ownership_interval_s: float = 5.0
    tick_interval_s: float = 0.2
    lobby_interval_s: float = 0.2
    online_interval_s: float = 1.0
    tutor_silence_s: float = 600.0

    @property
    def node(self) -> RoomNode | None:
        """This server, for clients of its rooms."""
        return None if self.node_url is None else RoomNode(node_id=self.node_id, url=self.node_url)
