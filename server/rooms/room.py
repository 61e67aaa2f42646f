"""One open room. It decides without I/O: methods take a request and `now`, and return the changes outside.

`now` is in seconds of a monotonic clock; only times that are stored are wall-clock times. Methods that return
changes have already applied them to the room; the caller passes them to `Effects`.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from server.errors import (
    Conflict,
    InviteInvalid,
    KnockRequired,
    NotCohost,
    NotHost,
    NoTutor,
    ParticipantNotFound,
    RemovedFromRoom,
    RoomFull,
    RoomLocked,
)
from server.protocol import entities
from server.protocol.agents import TutorInput
from server.protocol.door import KnockAnswer
from server.protocol.entities import ParticipantKind, RoomType
from server.protocol.rest import Admission
from server.protocol.rooms import (
    ChatDeleted,
    ClosedReason,
    DominantSpeaker,
    KnockAnswered,
    Knocks,
    KnockUpdated,
    LeftReason,
    ParticipantJoined,
    ParticipantLeft,
    ParticipantUpdated,
    Removed,
    RemovedReason,
    RoomClosed,
    RoomUpdated,
    SeqEvent,
    Slots,
    Speaking,
)
from server.protocol.tutor import Tutor, TutorState
from server.rooms.apart import Apart, event_for, room_for
from server.rooms.bans import (
    is_banned,
    is_banned_device,
    is_from_banned_address,
    with_ban,
    with_origin,
    without_ban,
    without_old_addresses,
)
from server.rooms.changes import (
    ROOM,
    AssignSlots,
    Changes,
    CloseMedia,
    ConnectionReleased,
    Dirty,
    KnockEnded,
    KnockStarted,
    ListingChanged,
    RoomEnded,
    SeatEnded,
    SeatTaken,
    Send,
    SetMediaMuted,
)
from server.rooms.chat import Chat, ChatLine
from server.rooms.knocks import Knock, KnockQueue
from server.rooms.members import ROLES, Member, carry, empty_slots, next_host, slot_capacity
from server.rooms.model import (
    UNKNOWN_ORIGIN,
    Ban,
    Claim,
    Origin,
    RoomInfo,
    SeatRecord,
    StoredRoom,
    TutorReport,
    TutorSettings,
    User,
    digest,
    new_id,
    report_without_job,
)
from server.rooms.ports import PeerSpec
from server.rooms.seat_states import SeatEvent, SeatState, next_deadline, next_state
from server.rooms.views import knocker_views, room_view, slot_states, tutor_view
from server.rooms.waiting import WAIT_S

_NUMBERS = 255
_MAX_ADMITTED = 1_000
_MAX_COHOSTS = 20
_RETURN_S = 600.0
"""For how long somebody who left a locked room may come back. The lock is for new people."""
_MAX_OPTED_OUT = 1_000
"""Bounds what strangers by the thousand can add to the record of a room."""
_REASON_FOR_THE_MEMBER = {
    LeftReason.REMOVED: RemovedReason.REMOVED_BY_HOST,
    LeftReason.TIMED_OUT: RemovedReason.TIMED_OUT,
}


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

    @classmethod
    def restored(cls, stored: StoredRoom, now: float, grace: float) -> tuple[Room, list[str]]:
        """The room with its seats held for the grace period, and the ids of seats without an owner."""
        room = cls.opened(stored.info, now, grace)
        room.chat = Chat.restored(stored.chat, now)
        by_id = {user.id: user for user in stored.users}
        orphaned = []
        for record in sorted(stored.seats, key=lambda s: s.joined_at):
            user = by_id.get(record.user_id)
            if user is None or not ROLES[record.kind].is_restored:
                orphaned.append(record.id)
                continue
            member = room._member(record, user)
            member.state, member.deadline = SeatState.HELD, now + grace
            room._admit(member)
        room._reassign()
        return room, orphaned

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

    @property
    def is_full(self) -> bool:
        return len(self.people) >= self.info.max_participants

    def is_full_for(self, user_id: str) -> bool:
        """Seats that are held for others count."""
        here = {m.user.id for m in self.people}
        taken = len(self.people) + len(self.held - here - {user_id})
        return taken >= self.info.max_participants

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

    def knocks_for(self, user_id: str) -> Sequence[Knock]:
        """The knocks that somebody who may answer them sees."""
        return [k for k in self.knocks.waiting if not self.apart.are_apart(user_id, k.user.id)]

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
        return next((m for m in self.people if _fits(m, resume_token)), None)

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

    def expired(self, now: float) -> Sequence[Member]:
        """Members whose seat is to be given up."""
        return [m for m in self.members.values() if m.deadline is not None and now >= m.deadline]

    def is_abandoned(self, now: float, ttl: float) -> bool:
        """A room without a host waits for nobody; one that people wait for to begin is kept."""
        if self.info.event is not None and len(self.knocks) and not self.host_is_gone:
            return False
        return self.empty_since is not None and (self.host_is_gone or now >= self.empty_since + ttl)

    def needs_host(self, now: float) -> bool:
        return self._next_host(now) is not None

    def has_old_addresses(self, wall_now: float) -> bool:
        return without_old_addresses(self.info.bans, wall_now) != self.info.bans

    # Permissions and admission

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

    def require_access(self, user_id: str, invite: str | None, origin: Origin = UNKNOWN_ORIGIN) -> None:
        """May the user see the room and ask for a seat? Raises RemovedFromRoom, InviteInvalid."""
        info = self.info
        if is_banned(info.bans, user_id):
            raise RemovedFromRoom
        if self.seat_of(user_id) is not None or self.is_leading(user_id):
            return
        if is_banned_device(info.bans, origin):
            raise RemovedFromRoom
        if info.type is not RoomType.PRIVATE:
            return
        if invite is None or not hmac.compare_digest(invite.encode(), info.invite.encode()):
            raise InviteInvalid

    def admission(self, user_id: str, now: float) -> Admission:
        """Return the result of the user's request for a seat, access apart."""
        if self.seat_of(user_id) is not None:
            return Admission.OPEN
        may_pass = self.is_leading(user_id) or now < self.may_return.get(user_id, -math.inf)
        if self.info.is_locked and not may_pass:
            return Admission.LOCKED
        if self.is_full_for(user_id):
            return Admission.FULL
        asks = self.info.knock_to_enter or self._is_waited_for()
        return Admission.KNOCK if asks and not self._is_known(user_id) else Admission.OPEN

    def seat_for(
        self,
        user: User,
        kind: ParticipantKind,
        invite: str | None,
        resume_token: str | None,
        *,
        now: float,
        wall_now: float,
        origin: Origin = UNKNOWN_ORIGIN,
    ) -> Member:
        """The seat that the user takes, their own or a new one; it is theirs once `take_seat` was called.

        A resume token opens its seat in a full or locked room too. So does being the same user: one seat a
        user a room, the newer connection has it. A token that fits no seat of the user is as good as none.
        A tutor takes no person's seat, and comes into a locked room; a new worker gets the tutor's seat.
        Raises RemovedFromRoom, InviteInvalid, RoomLocked, RoomFull, KnockRequired, NoTutor.
        """
        if kind is ParticipantKind.TUTOR:
            is_muted, held = self.require_tutor().muted, self.tutor_member
        else:
            is_muted, held = True, self.seat_of(user.id)
            if held is None or resume_token is None or not _fits(held, resume_token):
                self.require_access(user.id, invite, origin)
            if held is None:
                self._require_chair(user.id, now)
                if self.must_knock(user, origin):
                    raise KnockRequired
        if held is not None:
            return held
        record = SeatRecord(
            id=new_id(),
            room_id=self.id,
            user_id=user.id,
            kind=kind,
            number=self.next_number(),
            resume_digest="",
            is_muted=is_muted,
            joined_at=self._joined_at(wall_now),
        )
        return self._member(record, user)

    def next_number(self) -> int:
        """A free publisher number. Recently freed ones come last: packets under way still carry them."""
        taken = {m.record.number for m in self.members.values()}
        return next(n for n in self._numbers() if n not in taken)

    # Joining and leaving

    def take_seat(
        self,
        member: Member,
        user: User,
        connection_id: str,
        resume_digest: str,
        now: float,
        *,
        has_media: bool = True,
        origin: Origin = UNKNOWN_ORIGIN,
    ) -> Changes:
        """The connection speaks for the member from now on. The caller has stored the seat with this digest.
        Without media the seat is connected at once."""
        is_new = not self.has(member)
        member.record = replace(member.record, resume_digest=resume_digest)
        member.user, member.origin = user, origin
        if is_new:
            self._admit(member)
        changes = self.settle_host(now, arriving=member)
        if self.info.event is not None and user.id == self.info.event.host_id != self.info.host_id:
            self._hand_over(user.id)
            changes += [self.broadcast(RoomUpdated(room=self.view())), Dirty(ROOM)]
        waiting = self.knocks.of_user(user.id)
        if waiting is not None and member.role.is_counted:
            changes += self._drop_knock(waiting)
        if member.connection_id not in (None, connection_id):
            changes += self.send(member, Removed(reason=RemovedReason.JOINED_ELSEWHERE))
            changes += [ConnectionReleased(str(member.connection_id))]
        member.connection_id = connection_id
        changes += [SeatTaken(member.id, connection_id)]
        before = member.view()
        self._move(member, SeatEvent.SEATED, now)
        if has_media:
            member.media_requested_at = now
        else:
            self._move(member, SeatEvent.MEDIA_UP, now)
        if is_new:
            changes += [self.broadcast(ParticipantJoined(participant=member.view()), exclude=member)]
        elif member.view() != before:
            changes += [self.broadcast(ParticipantUpdated(participant=member.view()), exclude=member)]
        changes += self._show_knocks()
        changes += self._reassign(skip=member)
        return [*changes, AssignSlots(member.id, member.slots), ListingChanged()]

    def hold(self, member: Member, now: float) -> Changes:
        """The member's socket has closed: its seat is kept for the grace period."""
        changes: Changes = [ConnectionReleased(str(member.connection_id))]
        member.connection_id = None
        return changes + self.apply(member, SeatEvent.SOCKET_LOST, now) + self._show_knocks()

    def page_closed(self, member: Member, now: float) -> Changes:
        """Its owner leaves, unless the page joins again at once. The socket may close much later."""
        changes: Changes = []
        if member.connection_id is not None:
            changes += [ConnectionReleased(member.connection_id)]
            member.connection_id = None
        return changes + self.apply(member, SeatEvent.PAGE_CLOSED, now)

    def remove(self, member: Member, reason: LeftReason, now: float) -> Changes:
        """The seat is given up even if the store fails. An orphaned record is deleted later, or comes back as
        a held seat after a restart and times out."""
        changes: Changes = []
        if reason in _REASON_FOR_THE_MEMBER:
            changes += self.send(member, Removed(reason=_REASON_FOR_THE_MEMBER[reason]))
        if member.connection_id is not None:
            changes += [ConnectionReleased(member.connection_id)]
            member.connection_id = None
        del self.members[member.id]
        if self.info.is_locked and member.is_person and reason is not LeftReason.REMOVED:
            self._let_return(member.user.id, now)
        if self.dominant == member.id:
            self.dominant = None
        if member.role.is_counted and not self.people:
            self.empty_since = now
        changes += [
            SeatEnded(member.id),
            CloseMedia(member.id),
            self.broadcast(ParticipantLeft(participant_id=member.id, reason=reason)),
        ]
        changes += self._reassign()
        return [*changes, ListingChanged(), *self.settle_host(now), *self._show_knocks(), Dirty(member.id)]

    def close(self, reason: ClosedReason) -> Changes:
        self.is_closed = True
        closed = self.broadcast(RoomClosed(reason=reason))
        return [
            replace(closed, connection_ids=(*closed.connection_ids, *self.knocks.connection_ids)),
            *(CloseMedia(participant_id) for participant_id in self.members),
            RoomEnded(),
            Dirty(ROOM),
        ]

    def settle_host(self, now: float, *, arriving: Member | None = None) -> Changes:
        """Give the room a new host if it has lost its own. `arriving` counts as connected."""
        host_id = self._next_host(now, arriving)
        if host_id is None:
            return []
        self._hand_over(host_id)
        return [self.broadcast(RoomUpdated(room=self.view())), *self._show_knocks(), Dirty(ROOM)]

    # Media

    def apply(self, member: Member, event: SeatEvent, now: float) -> Changes:
        """Apply the table of seat states."""
        before = member.view()
        self._move(member, event, now)
        if member.view() == before:
            return []
        return [self.updated(member)]

    def grow_slots(self) -> Sequence[Member]:
        """Give everybody as many slots as the room has chairs now, and return those who had fewer. A room
        that has become smaller takes none away: they may be in use."""
        grown = [m for m in self.members.values() if len(m.slots) < self.slot_count]
        for member in grown:
            member.slots += (None,) * (self.slot_count - len(member.slots))
        return grown

    def set_speaking(self, member: Member, speaking: bool, level: int) -> Changes:
        """`level` in dBov. A muted member is never shown speaking."""
        if speaking and member.record.is_muted:
            return []
        member.is_speaking = speaking
        level = max(-127, min(0, level))
        return [self.broadcast(Speaking(participant_id=member.id, speaking=speaking, level=level))]

    def set_dominant(self, participant_id: str | None) -> Changes:
        if self.dominant == participant_id or (participant_id and participant_id not in self.members):
            return []
        self.dominant = participant_id
        return [self.broadcast(DominantSpeaker(participant_id=participant_id))]

    # Actions of people on themselves

    def mute(self, member: Member, *, at_once: bool = False, by_host: bool = False) -> Changes:
        changes: Changes = [SetMediaMuted(member.id, True, at_once)]
        if member.record.is_muted:
            return changes
        member.record = replace(member.record, is_muted=True)
        member.is_speaking = False
        changes += [self.broadcast(ParticipantUpdated(participant=member.view()), exclude=member)]
        changes += self.send(member, ParticipantUpdated(participant=member.view(), muted_by_host=by_host))
        return [*changes, Dirty(member.id)]

    def unmute(self, member: Member) -> Changes:
        """The caller has stored that the seat is not muted."""
        member.record = replace(member.record, is_muted=False)
        return [SetMediaMuted(member.id, False), self.updated(member)]

    def set_recognition(self, member: Member, browser: bool) -> Changes:
        if member.record.browser_recognition == browser:
            return []
        member.record = replace(member.record, browser_recognition=browser)
        return [Dirty(member.id)]

    def set_user(self, member: Member, user: User) -> Changes:
        member.user = user
        return [self.updated(member), ListingChanged()]

    # People who have blocked each other

    def keep_apart(self, apart: Apart) -> Changes:
        """From now on these neither hear nor see each other. At once for audio, and in what they see."""
        before, self.apart = self.apart, apart
        if apart == before:
            return []
        changes = self._reassign()
        for blocker, blocked in before.blocks ^ apart.blocks:
            one, other = self.seat_of(blocker), self.seat_of(blocked)
            if one is not None and other is not None:
                changes += [*self._show_again(one, other), *self._show_again(other, one)]
            if one is not None and apart.has_blocked(blocker, blocked):
                changes += self._hide_chat(one, blocked)
        if self.knocks.waiting:
            changes += [Send(self._answering(), Knocks(knocks=knocker_views(self.knocks.waiting)))]
        return changes

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

    # Consent to be heard by the tutor

    def set_heard(self, member: Member, heard: bool) -> Changes:
        """Whether the tutor gets the member's voice; the list in `info` is what lasts."""
        if member.heard == heard:
            return []
        member.heard = heard
        return [*self._reassign(), self.updated(member)]

    def opt_out(self, user_id: str) -> Changes:
        """Note that the user keeps their voice from the tutor, for the life of the room."""
        others = self.without_opt_out(user_id).opted_out
        self.info = replace(self.info, opted_out=(*others[1 - _MAX_OPTED_OUT :], user_id))
        return [Dirty(ROOM)]

    def without_opt_out(self, user_id: str) -> RoomInfo:
        """The room's record once the user lets the tutor hear them."""
        return replace(self.info, opted_out=tuple(u for u in self.info.opted_out if u != user_id))

    def opt_in(self, member: Member) -> Changes:
        """The caller has stored `without_opt_out`."""
        self.info = self.without_opt_out(member.user.id)
        return self.set_heard(member, True)

    # Actions of the host

    def ban(self, member: Member, now: float, wall_now: float) -> Changes:
        """Remove the member for the life of the room. Raises Conflict for the host."""
        user, origin = member.user, member.origin
        if user.id == self.info.host_id:
            raise Conflict("You cannot remove yourself. Leave the room instead.")
        ban = Ban(new_id(), user.id, user.name, wall_now, origin.device, origin.address)
        admitted = tuple(u for u in self.info.admitted if u != user.id)
        cohosts = tuple(u for u in self.info.cohosts if u != user.id)
        bans = with_ban(self.info.bans, ban)
        self.info = replace(self.info, bans=bans, admitted=admitted, cohosts=cohosts)
        same_browser = [k for k in self.knocks.waiting if is_banned_device((ban,), k.origin)]
        changes = [c for k in same_browser for c in self._answer(k, KnockAnswer.DECLINED)]
        return [*changes, *self.remove(member, LeftReason.REMOVED, now), Dirty(ROOM)]

    def banned_user_returned(self, user_id: str, origin: Origin) -> Changes:
        return self._set_bans(with_origin(self.info.bans, user_id, origin))

    def forget_old_addresses(self, wall_now: float) -> Changes:
        return self._set_bans(without_old_addresses(self.info.bans, wall_now))

    def lift_ban(self, ban_id: str) -> Changes:
        return self._set_bans(without_ban(self.info.bans, ban_id))

    def set_host(self, member: Member) -> Changes:
        before = self.info
        self._hand_over(member.user.id)
        return [] if self.info == before else [*self._room_changed(), *self._show_knocks()]

    def set_cohost(self, member: Member, cohost: bool) -> Changes:
        """Does nothing for the host. The first ones of very many lose it."""
        user_id = member.user.id
        if user_id == self.info.host_id or (user_id in self.info.cohosts) is cohost:
            return []
        others = tuple(u for u in self.info.cohosts if u != user_id)
        cohosts = (*others, user_id)[-_MAX_COHOSTS:] if cohost else others
        return [*self.change(replace(self.info, cohosts=cohosts)), *self._show_knocks()]

    def set_locked(self, locked: bool) -> Changes:
        if not locked:
            self.may_return.clear()
        return self.change(replace(self.info, is_locked=locked))

    def renew_invite(self, invite: str) -> Changes:
        """The old one stops working at once. Does nothing to a room that is not private."""
        if self.info.type is not RoomType.PRIVATE:
            return []
        self.info = replace(self.info, invite=invite)
        return [Dirty(ROOM)]

    # The door

    def must_knock(self, user: User, origin: Origin) -> bool:
        if self._is_known(user.id):
            return False
        asks = self.info.knock_to_enter or self._is_waited_for()
        return asks or is_from_banned_address(self.info.bans, user, origin)

    def knock(
        self, user: User, invite: str | None, origin: Origin, connection_id: str, now: float
    ) -> tuple[Knock | None, Changes]:
        """The user's knock, or None if they need none: then they are told at once that they may join.

        Raises RemovedFromRoom, InviteInvalid, RoomLocked, RoomFull, KnockDeclined, KnockQueueFull.
        """
        self.require_access(user.id, invite, origin)
        self._require_chair(user.id, now)
        if self.seat_of(user.id) is not None or not self.must_knock(user, origin):
            return None, [Send((connection_id,), KnockAnswered(answer=KnockAnswer.ADMITTED))]
        before = self.knocks.of_user(user.id)
        replaced = before.connection_id if before is not None else None
        event = self.info.event
        is_expected = event is not None and user.id in event.reserved
        knock, in_the_way = self.knocks.add(user, origin, connection_id, now, is_expected=is_expected)
        knock.shown_position = self.knocks.position(knock)
        changes = [] if in_the_way is None else self._answer(in_the_way, KnockAnswer.EXPIRED)
        if replaced not in (None, connection_id):
            elsewhere = Removed(reason=RemovedReason.JOINED_ELSEWHERE)
            changes += [Send((str(replaced),), elsewhere), KnockEnded(str(replaced))]
        return knock, [*changes, KnockStarted(connection_id), *self._show_knocks()]

    @property
    def can_answer(self) -> bool:
        """Whether somebody who may answer knocks is connected."""
        return bool(self._answering())

    def withdraw_knock(self, connection_id: str) -> Changes:
        knock = self.knocks.of_connection(connection_id)
        return [] if knock is None else [*self._drop_knock(knock), *self._show_knocks()]

    def knocker_lost(self, connection_id: str, now: float) -> Changes:
        """The connection that waits has closed: the knock is kept for a moment."""
        knock = self.knocks.of_connection(connection_id)
        if knock is not None:
            self.knocks.lost(knock, now)
        return [KnockEnded(connection_id)]

    def expire_knocks(self, now: float) -> Changes:
        changes = [c for k in self.knocks.expired(now) for c in self._answer(k, KnockAnswer.EXPIRED)]
        return [*changes, *self._show_knocks()]

    def admit(self, knock: Knock) -> Changes:
        """The person need not knock again for the life of the room. Raises RoomFull."""
        if self.is_full_for(knock.user.id):
            raise RoomFull
        return self.let_in([knock])

    def let_in(self, knocks: Iterable[Knock]) -> Changes:
        """These people need not knock again for the life of the room."""
        changes: Changes = []
        for knock in knocks:
            self._note_admitted(knock.user.id)
            changes += self._answer(knock, KnockAnswer.ADMITTED)
        return [*changes, *self._show_knocks(), Dirty(ROOM)]

    def admit_invited(self, user_id: str) -> Changes:
        """The user need not knock; if they are knocking already, they are let in."""
        waiting = self.knocks.of_user(user_id)
        if waiting is not None:
            return self.admit(waiting)
        self._note_admitted(user_id)
        return [Dirty(ROOM)]

    def decline(self, knock: Knock, now: float) -> Changes:
        self.knocks.decline(knock, now)
        return [*self._answer(knock, KnockAnswer.DECLINED), *self._show_knocks()]

    def set_knock_to_enter(self, knock_to_enter: bool) -> Changes:
        """People who are in the room need not knock when they come back. Those who wait are admitted if
        knocking ends."""
        if self.info.knock_to_enter == knock_to_enter:
            return []
        self.info = replace(self.info, knock_to_enter=knock_to_enter)
        if knock_to_enter:
            self._note_admitted(*(m.user.id for m in self.people))
        free = [k for k in self.knocks.waiting if not self.must_knock(k.user, k.origin)]
        changes = [c for k in free for c in self._answer(k, KnockAnswer.ADMITTED)]
        return [*self._room_changed(), *changes, *self._show_knocks()]

    # Events of the tutor

    def show(self, event: SeqEvent) -> Changes:
        """An event of the tutor to everyone."""
        return [self.broadcast(event)]

    def show_to(self, participant_id: str, event: SeqEvent) -> Changes:
        """An event of the tutor to one person alone, if they are still there."""
        member = self.members.get(participant_id)
        return self.send(member, event) if member is not None and member.is_person else []

    # Parts

    def _tutor_view(self) -> Tutor | None:
        if self.info.tutor is None:
            return None
        member = self.tutor_member
        return tutor_view(self.info.tutor, self.tutor_report, self.tutor_state, member.id if member else None)

    def _joined_at(self, wall_now: float) -> float:
        """Later than those of all who are in the room, also after the wall clock was set back: the order of
        these times is the order in which people joined."""
        return max([wall_now, *(m.record.joined_at + 0.001 for m in self.members.values())])

    def _numbers(self) -> Iterator[int]:
        for step in range(_NUMBERS):
            yield (self.last_number + step) % _NUMBERS + 1

    def _require_chair(self, user_id: str, now: float) -> None:
        """Raises RoomLocked, RoomFull."""
        match self.admission(user_id, now):
            case Admission.LOCKED:
                raise RoomLocked
            case Admission.FULL:
                raise RoomFull

    def _is_waited_for(self) -> bool:
        """Whether the room's event has not begun."""
        return self.info.event is not None and not self.info.event.is_open

    def _is_known(self, user_id: str) -> bool:
        """Whether the user never has to knock."""
        if self.info.event is not None and user_id == self.info.event.host_id:
            return True
        return self.is_leading(user_id) or user_id in self.info.admitted

    def _let_return(self, user_id: str, now: float) -> None:
        self.may_return = {u: until for u, until in self.may_return.items() if now < until}
        self.may_return[user_id] = now + _RETURN_S

    def _member(self, record: SeatRecord, user: User) -> Member:
        heard = user.id not in self.info.opted_out
        return Member(record, user, empty_slots(self.slot_count), heard=heard)

    def _admit(self, member: Member) -> None:
        self.members[member.id] = member
        self.last_number = member.record.number
        if member.role.is_counted:
            self.empty_since = None
        if member.user.id == self.info.host_id:
            self.host_expected_until = 0.0

    def _move(self, member: Member, event: SeatEvent, now: float) -> None:
        member.deadline = next_deadline(member.state, event, member.deadline, now, self.grace)
        member.state = next_state(member.state, event)
        if member.state is not SeatState.CONNECTED:
            member.is_speaking = False

    def _next_host(self, now: float, arriving: Member | None = None) -> str | None:
        """Co-hosts come first: the host chose them."""
        seated = {m.user.id for m in self.people}
        connected = [m.user.id for m in self.people if m.connection_id is not None or m is arriving]
        connected.sort(key=lambda user_id: user_id not in self.info.cohosts)
        is_expected = now < self.host_expected_until and not self.host_is_gone
        return next_host(self.info.host_id, seated, connected, is_expected)

    def _reassign(self, *, skip: Member | None = None) -> Changes:
        """Bring every member's slots up to date. `skip` gets its slots in the ack of its join."""
        changes: Changes = []
        for member in self.members.values():
            slots = carry(member.slots, self._publishers_for(member))
            if slots == member.slots:
                continue
            member.slots = slots
            changes.append(AssignSlots(member.id, slots))
            if member is not skip:
                changes += self.send(member, Slots(slots=slot_states(slots)))
        return changes

    def _publishers_for(self, member: Member) -> list[str]:
        """The others, without those who do not consent where it needs consent, and those who are kept apart
        from the member."""
        needs_consent = member.role.needs_consent
        others = [m for m in self.members.values() if m is not member and (m.heard or not needs_consent)]
        return [m.id for m in others if not (self.apart and self.apart.are_apart(member.user.id, m.user.id))]

    def _show_again(self, viewer: Member, other: Member) -> Changes:
        """Who the other is, and whether they dominate, may look different to the viewer."""
        changes = self.send(viewer, ParticipantUpdated(participant=other.view()))
        if self.dominant == other.id:
            changes += self.send(viewer, DominantSpeaker(participant_id=other.id))
        return changes

    def _hide_chat(self, blocker: Member, blocked_id: str) -> Changes:
        """Only from the blocker: the blocked person must not find out. A later join hides it from both."""
        line_ids = [line.id for line in self.chat.lines if line.user_id == blocked_id]
        return self.send(blocker, ChatDeleted(line_ids=line_ids)) if line_ids else []

    def _hand_over(self, host_id: str) -> None:
        """The host of before need not knock."""
        before = self.info.host_id
        others = tuple(u for u in self.info.cohosts if u != host_id)
        self.info = replace(self.info, host_id=host_id, cohosts=others)
        if before != host_id and not self.host_is_gone:
            self._note_admitted(before)
        self.host_is_gone = False

    def _note_admitted(self, *user_ids: str) -> None:
        others = tuple(u for u in self.info.admitted if u not in user_ids)
        self.info = replace(self.info, admitted=(*others, *user_ids)[-_MAX_ADMITTED:])

    def _set_bans(self, bans: tuple[Ban, ...]) -> Changes:
        if bans == self.info.bans:
            return []
        self.info = replace(self.info, bans=bans)
        return [Dirty(ROOM)]

    def _answer(self, knock: Knock, answer: KnockAnswer) -> Changes:
        to = (knock.connection_id,) if knock.connection_id is not None else ()
        return [Send(to, KnockAnswered(answer=answer)), *self._drop_knock(knock)]

    def _drop_knock(self, knock: Knock) -> Changes:
        self.knocks.drop(knock)
        return [KnockEnded(knock.connection_id)] if knock.connection_id is not None else []

    def _answering(self) -> tuple[str, ...]:
        """Connections of the host and co-hosts."""
        leading = (m.connection_id for m in self.people if self.is_leading(m.user.id))
        return tuple(connection_id for connection_id in leading if connection_id is not None)

    def _show_knocks(self) -> Changes:
        """Notify those who may answer of who waits, and those who wait of whether anybody may answer, where
        it changed."""
        answering, waiting = self._answering(), self.knocks.waiting
        before, shown = self.shown_knocks
        ids = tuple(k.id for k in waiting)
        self.shown_knocks = (answering, ids)
        changes: Changes = []
        former = tuple(
            m.connection_id for m in self.people if m.connection_id in set(before) - set(answering)
        )
        if shown and former:
            changes += [Send(tuple(str(c) for c in former), Knocks(knocks=[]))]
        told = tuple(c for c in answering if (ids != shown if c in before else bool(ids)))
        if told:
            changes += [Send(told, Knocks(knocks=knocker_views(waiting)))]
        return changes + self._show_queue(
            can_be_answered=bool(answering), to_all=bool(answering) != bool(before)
        )

    def _show_queue(self, *, can_be_answered: bool, to_all: bool) -> Changes:
        """Notify those who wait of their place in the queue, where it changed."""
        changes: Changes = []
        for position, knock in enumerate(self.knocks.waiting, 1):
            if knock.connection_id is not None and (to_all or knock.shown_position != position):
                event = KnockUpdated(can_be_answered=can_be_answered, position=position)
                changes.append(Send((knock.connection_id,), event))
            knock.shown_position = position
        return changes

    def change(self, info: RoomInfo) -> Changes:
        if info == self.info:
            return []
        self.info = info
        return self._room_changed()

    def _room_changed(self) -> Changes:
        return [self.broadcast(RoomUpdated(room=self.view())), ListingChanged(), Dirty(ROOM)]

    def updated(self, member: Member) -> Send:
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


def _fits(member: Member, token: str) -> bool:
    return hmac.compare_digest(member.record.resume_digest, digest(token))
