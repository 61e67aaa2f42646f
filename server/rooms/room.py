"""One open room: its state, the questions that are asked of it, and events to the people in it.

Decisions about a room are functions of it, each group in a file of its own (`admission`, `knocking`,
`succession`, `hearing`, `speaking`, `seating`, `banning`, `hands`, ...). They do no I/O: they take a request
and `now`, and return the changes outside. Those changes are already applied to the room; the caller passes
them to `Effects`. `now` is in seconds of a monotonic clock; only times that are stored are wall-clock times.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from server.errors import NotCohost, NotHost, NoTutor, ParticipantNotFound
from server.protocol import entities
from server.protocol.agents import TutorInput
from server.protocol.entities import ParticipantKind
from server.protocol.rooms import ClosedReason, ParticipantUpdated, RoomClosed, RoomUpdated, SeqEvent
from server.protocol.tutor import Tutor, TutorState
from server.rooms.apart import Apart, event_for, room_for
from server.rooms.changes import ROOM, Changes, CloseMedia, Dirty, ListingChanged, RoomEnded, Send
from server.rooms.chat import Chat, ChatLine
from server.rooms.knocks import KnockQueue
from server.rooms.members import Member, slot_capacity
from server.rooms.model import Claim, Origin, RoomInfo, TutorReport, TutorSettings, User, report_without_job
from server.rooms.ports import PeerSpec
from server.rooms.views import room_view, tutor_view
from server.rooms.waiting import WAIT_S


@dataclass(slots=True)
class Room:
    """`grace`: seconds for which a seat without socket or media is kept, and an absent host stays host.

    `host_expected_until`: until then an absent host stays host, since the room was just created or restored.
    `empty_since` is None while a person has a seat, held ones included. `shown_knocks`: the connections of
    those who may answer, and the ids of the knocks that they were shown last. `may_return`: the users who
    gave up their seat while the room was locked, and until when they may take another. `host_is_gone`: the
    host has deleted their profile. `claim`: whose share of rooms it is; `tutor_claim`: whose share of tutors
    its tutor is, None for its host's. Neither is stored.
    `unanswered`: what people typed to the tutor at the room's former server, for the next tutor.
    `awaited`: participants who are still connected to the room's former server, until `settles_at`, which is
    None at other times. `apart`: who of its people, of those at its door and of the authors of its chat has
    blocked another. Not stored with the room. `held`: users for whom seats are held, as of the last
    `settle_event`.
    """

    info: RoomInfo
    grace: float
    empty_since: float | None
    host_expected_until: float
    members: dict[str, Member] = field(default_factory=dict)
    dominant: str | None = None
    last_number: int = 0
    knocks: KnockQueue = field(default_factory=KnockQueue)
    shown_knocks: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    tutor_report: TutorReport = field(default_factory=TutorReport)
    tutor_state: TutorState = TutorState.IDLE
    may_return: dict[str, float] = field(default_factory=dict)
    is_closed: bool = False
    host_is_gone: bool = False
    claim: Claim | None = None
    tutor_claim: Claim | None = None
    chat: Chat = field(default_factory=Chat)
    apart: Apart = Apart()
    held: frozenset[str] = frozenset()
    unanswered: tuple[TutorInput, ...] = ()
    awaited: frozenset[str] = frozenset()
    settles_at: float | None = None

    @classmethod
    def opened(cls, info: RoomInfo, now: float, grace: float) -> Room:
        knocks = KnockQueue() if info.event is None else KnockQueue(WAIT_S)
        return cls(
            info,
            grace,
            empty_since=now,
            host_expected_until=now + grace,
            knocks=knocks,
            tutor_report=report_without_job(info.tutor),
        )

    # Questions

    @property
    def id(self) -> str:
        return self.info.id

    @property
    def people(self) -> list[Member]:
        """Longest-present first."""
        return [m for m in self.members.values() if m.role.is_counted]

    @property
    def tutor_member(self) -> Member | None:
        return next((m for m in self.members.values() if m.record.kind is ParticipantKind.TUTOR), None)

    @property
    def slot_count(self) -> int:
        return slot_capacity(self.info.max_participants)

    def view(self) -> entities.Room:
        return room_view(self.info, [m.view() for m in self.members.values()], self._tutor_view())

    def view_for(self, user_id: str) -> entities.Room:
        """The room as the user sees it."""
        return room_for(self.view(), user_id, self.apart)

    @property
    def user_ids(self) -> set[str]:
        """The users who have a seat, who wait at the door, and who have written in the chat."""
        at_door = {knock.user.id for knock in self.knocks.waiting}
        return {m.user.id for m in self.people} | at_door | {line.user_id for line in self.chat.lines}

    def chat_for(self, member: Member) -> Sequence[ChatLine]:
        """The lines of the chat that the member may read."""
        if not member.is_person:
            return []
        return [line for line in self.chat.lines if not self.apart.are_apart(member.user.id, line.user_id)]

    def has(self, member: Member) -> bool:
        """Whether the member still has that seat."""
        return self.members.get(member.id) is member

    def seat_of(self, user_id: str) -> Member | None:
        return next((m for m in self.people if m.user.id == user_id), None)

    def member(self, participant_id: str) -> Member:
        """Raises ParticipantNotFound."""
        try:
            return self.members[participant_id]
        except KeyError:
            raise ParticipantNotFound from None

    def seat_of_token(self, resume_token: str) -> Member | None:
        """The person whose seat the token opens."""
        return next((m for m in self.people if m.opens_with(resume_token)), None)

    def person(self, participant_id: str) -> Member:
        """Raises ParticipantNotFound, for the tutor too."""
        member = self.member(participant_id)
        if not member.is_person:
            raise ParticipantNotFound
        return member

    def peer_spec(self, member: Member, origin: Origin) -> PeerSpec:
        """`origin` is that of the newest join, which may not have taken the seat yet."""
        return PeerSpec(
            room_id=self.id,
            participant_id=member.id,
            number=member.record.number,
            slots=max(self.slot_count, len(member.slots)),
            is_muted=member.record.is_muted,
            always_forwarded=member.role.is_always_forwarded,
            reached=origin.reached,
        )

    def is_abandoned(self, now: float, ttl: float) -> bool:
        """A room without a host waits for nobody; one that people wait for to begin is kept."""
        if self.info.event is not None and len(self.knocks) and not self.host_is_gone:
            return False
        return self.empty_since is not None and (self.host_is_gone or now >= self.empty_since + ttl)

    # Permissions

    def require_host(self, user_id: str) -> None:
        """Raises NotHost."""
        if user_id != self.info.host_id:
            raise NotHost

    def is_leading(self, user_id: str) -> bool:
        """Whether the user is the host or a co-host."""
        return user_id == self.info.host_id or user_id in self.info.cohosts

    def require_cohost(self, user_id: str) -> None:
        """Raises NotCohost for all but the host and co-hosts."""
        if not self.is_leading(user_id):
            raise NotCohost

    def require_tutor(self) -> TutorSettings:
        """Raises NoTutor."""
        if self.info.tutor is None:
            raise NoTutor
        return self.info.tutor

    # Changes

    def change(self, info: RoomInfo) -> Changes:
        """Set the room's record. Does nothing if it stays the same."""
        if info == self.info:
            return []
        self.info = info
        return self.changed()

    def changed(self) -> Changes:
        """The record is different: people and the list of rooms see it, and it is stored."""
        return [self.broadcast(RoomUpdated(room=self.view())), ListingChanged(), Dirty(ROOM)]

    def set_user(self, member: Member, user: User) -> Changes:
        """Show the member's edited profile."""
        member.user = user
        return [self.updated(member), ListingChanged()]

    def close(self, reason: ClosedReason) -> Changes:
        self.is_closed = True
        closed = self.broadcast(RoomClosed(reason=reason))
        return [
            replace(closed, connection_ids=(*closed.connection_ids, *self.knocks.connection_ids)),
            *(CloseMedia(participant_id) for participant_id in self.members),
            RoomEnded(),
            Dirty(ROOM),
        ]

    # Events

    def updated(self, member: Member) -> Send:
        """Show the member as they are now to everyone."""
        return self.broadcast(ParticipantUpdated(participant=member.view()))

    def broadcast(self, event: SeqEvent, *, exclude: Member | None = None) -> Send:
        """An event to everyone in the room with a socket."""
        others = [m for m in self.members.values() if m is not exclude]
        return Send(tuple(m.connection_id for m in others if m.connection_id is not None), event)

    def to_people(self, event: SeqEvent) -> Send:
        """An event to all people with a socket; not to the tutor."""
        return Send(tuple(m.connection_id for m in self.people if m.connection_id is not None), event)

    def send(self, member: Member, event: SeqEvent) -> Changes:
        """An event to one member alone, if it has a socket."""
        return [Send((member.connection_id,), event)] if member.connection_id is not None else []

    def as_seen(self, send: Send) -> Iterator[Send]:
        """The event as each of its receivers gets it. One event for all while nobody is kept apart."""
        if not self.apart:
            yield send
            return
        viewers = {m.connection_id: m.user.id for m in self.people if self.apart.of(m.user.id)}
        users = {m.id: m.user.id for m in self.members.values()}
        users |= {knock.id: knock.user.id for knock in self.knocks.waiting}
        yield Send(tuple(c for c in send.connection_ids if c not in viewers), send.event)
        for connection_id in send.connection_ids:
            if connection_id in viewers:
                seen = event_for(send.event, viewers[connection_id], self.apart, users)
                if seen is not None:
                    yield Send((connection_id,), seen)

    def _tutor_view(self) -> Tutor | None:
        if self.info.tutor is None:
            return None
        member = self.tutor_member
        return tutor_view(self.info.tutor, self.tutor_report, self.tutor_state, member.id if member else None)
