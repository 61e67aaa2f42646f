"""One open room. It decides without I/O: methods take a request and `now`, and return the changes outside.

`now` is in seconds of a monotonic clock; only times that are stored are wall-clock times. Methods that return
changes have already applied them to the room; the caller passes them to `Effects`.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from server.errors import (
    Conflict,
    InviteInvalid,
    KnockRequired,
    NotHost,
    NoTutor,
    ParticipantNotFound,
    RemovedFromRoom,
    RoomFull,
    RoomLocked,
)
from server.protocol import entities
from server.protocol.door import KnockAnswer
from server.protocol.entities import ParticipantKind, RoomType
from server.protocol.rest import Admission
from server.protocol.rooms import (
    ClosedReason,
    DominantSpeaker,
    HandLowered,
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
    TutorStateChanged,
)
from server.protocol.tutor import Tutor, TutorState
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
from server.rooms.knocks import Knock, KnockQueue
from server.rooms.members import ROLES, Member, carry, empty_slots, next_host, slot_capacity
from server.rooms.model import (
    UNKNOWN_ORIGIN,
    Ban,
    Claim,
    Origin,
    RoomInfo,
    SeatRecord,
    TutorReport,
    TutorSettings,
    User,
    digest,
    new_id,
)
from server.rooms.ports import PeerSpec
from server.rooms.seat_states import SeatEvent, SeatState, next_deadline, next_state
from server.rooms.views import knocker_views, room_view, slot_states, tutor_view

_NUMBERS = 255
_MAX_ADMITTED = 1_000
_RETURN_S = 600.0
"""For how long somebody who left a locked room may come back. The lock is for new people."""
_MAX_OPTED_OUT = 1_000
"""Bounds what strangers by the thousand can add to the record of a room."""
_HAND_SPOKEN_S = 3.0
"""Seconds of speech that lower a raised hand: longer than a cough or "may I?"."""
_REASON_FOR_THE_MEMBER = {
    LeftReason.REMOVED: RemovedReason.REMOVED_BY_HOST,
    LeftReason.TIMED_OUT: RemovedReason.TIMED_OUT,
}


@dataclass(slots=True)
class Room:
    """`grace`: seconds for which a seat without socket or media is kept, and an absent host stays host.

    `host_expected_until`: until then an absent host stays host, since the room was just created or restored.
    `empty_since` is None while a person has a seat, held ones included. `shown_knocks`: the host's connection
    and the ids of the knocks that it was shown last. `may_return`: the users who gave up their seat while the
    room was locked, and until when they may take another. `claim`: whose share of rooms it is; `tutor_claim`:
    whose share of tutors its tutor is, None for its host's. Neither is stored.
    """

    info: RoomInfo
    grace: float
    empty_since: float | None
    host_expected_until: float
    members: dict[str, Member] = field(default_factory=dict)
    dominant: str | None = None
    last_number: int = 0
    knocks: KnockQueue = field(default_factory=KnockQueue)
    shown_knocks: tuple[str | None, tuple[str, ...]] = (None, ())
    tutor_report: TutorReport = field(default_factory=TutorReport)
    tutor_state: TutorState = TutorState.IDLE
    may_return: dict[str, float] = field(default_factory=dict)
    is_closed: bool = False
    claim: Claim | None = None
    tutor_claim: Claim | None = None

    @classmethod
    def opened(cls, info: RoomInfo, now: float, grace: float) -> Room:
        return cls(info, grace, empty_since=now, host_expected_until=now + grace)

    @classmethod
    def restored(
        cls, info: RoomInfo, seats: Sequence[SeatRecord], users: Sequence[User], now: float, grace: float
    ) -> tuple[Room, list[str]]:
        """The room with its seats held for the grace period, and the ids of seats without an owner."""
        room = cls.opened(info, now, grace)
        by_id = {user.id: user for user in users}
        orphaned = []
        for record in sorted(seats, key=lambda s: s.joined_at):
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

    def view(self) -> entities.Room:
        return room_view(self.info, [m.view() for m in self.members.values()], self._tutor_view())

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
            slots=self.slot_count,
            is_muted=member.record.is_muted,
            always_forwarded=member.role.is_always_forwarded,
            reached=origin.reached,
        )

    def expired(self, now: float) -> Sequence[Member]:
        """Members whose seat is to be given up."""
        return [m for m in self.members.values() if m.deadline is not None and now >= m.deadline]

    def is_abandoned(self, now: float, ttl: float) -> bool:
        return self.empty_since is not None and now >= self.empty_since + ttl

    def needs_host(self, now: float) -> bool:
        return self._next_host(now) is not None

    def has_old_addresses(self, wall_now: float) -> bool:
        return without_old_addresses(self.info.bans, wall_now) != self.info.bans

    # Permissions and admission

    def require_host(self, user_id: str) -> None:
        """Raises NotHost."""
        if user_id != self.info.host_id:
            raise NotHost

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
        if self.seat_of(user_id) is not None or user_id == info.host_id:
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
        may_pass = user_id == self.info.host_id or now < self.may_return.get(user_id, -math.inf)
        if self.info.is_locked and not may_pass:
            return Admission.LOCKED
        if self.is_full:
            return Admission.FULL
        return Admission.KNOCK if self.info.knock_to_enter and not self._is_known(user_id) else Admission.OPEN

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
            changes += [self._broadcast(ParticipantJoined(participant=member.view()), exclude=member)]
        elif member.view() != before:
            changes += [self._broadcast(ParticipantUpdated(participant=member.view()), exclude=member)]
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
            self._broadcast(ParticipantLeft(participant_id=member.id, reason=reason)),
        ]
        changes += self._reassign()
        return [*changes, ListingChanged(), *self.settle_host(now), *self._show_knocks(), Dirty(member.id)]

    def close(self, reason: ClosedReason) -> Changes:
        self.is_closed = True
        closed = self._broadcast(RoomClosed(reason=reason))
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
        return [self._broadcast(RoomUpdated(room=self.view())), *self._show_knocks(), Dirty(ROOM)]

    # Media

    def apply(self, member: Member, event: SeatEvent, now: float) -> Changes:
        """Apply the table of seat states."""
        before = member.view()
        self._move(member, event, now)
        if member.view() == before:
            return []
        return [self._updated(member)]

    def set_speaking(self, member: Member, speaking: bool, level: int) -> Changes:
        """`level` in dBov. A muted member is never shown speaking."""
        if speaking and member.record.is_muted:
            return []
        member.is_speaking = speaking
        level = max(-127, min(0, level))
        return [self._broadcast(Speaking(participant_id=member.id, speaking=speaking, level=level))]

    def set_dominant(self, participant_id: str | None) -> Changes:
        if self.dominant == participant_id or (participant_id and participant_id not in self.members):
            return []
        self.dominant = participant_id
        return [self._broadcast(DominantSpeaker(participant_id=participant_id))]

    # Actions of people on themselves

    def mute(self, member: Member, *, at_once: bool = False, by_host: bool = False) -> Changes:
        changes: Changes = [SetMediaMuted(member.id, True, at_once)]
        if member.record.is_muted:
            return changes
        member.record = replace(member.record, is_muted=True)
        member.is_speaking = False
        changes += [self._broadcast(ParticipantUpdated(participant=member.view()), exclude=member)]
        changes += self.send(member, ParticipantUpdated(participant=member.view(), muted_by_host=by_host))
        return [*changes, Dirty(member.id)]

    def unmute(self, member: Member) -> Changes:
        """The caller has stored that the seat is not muted."""
        member.record = replace(member.record, is_muted=False)
        return [SetMediaMuted(member.id, False), self._updated(member)]

    def raise_hand(self, member: Member, wall_now: float) -> Changes:
        if member.record.hand_raised:
            return []
        raised = [
            m.record.hand_raised_at for m in self.members.values() if m.record.hand_raised_at is not None
        ]
        member.record = replace(member.record, hand_raised_at=max([wall_now, *(at + 0.001 for at in raised)]))
        member.hand_spoken_s = 0.0
        return [self._updated(member), Dirty(member.id)]

    def lower_hand(self, member: Member, lowered: HandLowered | None = None) -> Changes:
        """`lowered`: why, if it was not its owner's own action."""
        if not member.record.hand_raised:
            return []
        member.record = replace(member.record, hand_raised_at=None)
        changes: Changes = [self._broadcast(ParticipantUpdated(participant=member.view()), exclude=member)]
        changes += self.send(member, ParticipantUpdated(participant=member.view(), hand_lowered=lowered))
        return [*changes, Dirty(member.id)]

    def note_speech(self, seconds: float) -> None:
        """For so long those who are speaking now have spoken since the last call."""
        for member in self.members.values():
            if member.is_speaking and member.record.hand_raised:
                member.hand_spoken_s += seconds

    def spoken_hands(self) -> Sequence[Member]:
        """Members with a raised hand who have had their turn to speak."""
        return [m for m in self.people if m.record.hand_raised and m.hand_spoken_s >= _HAND_SPOKEN_S]

    def set_recognition(self, member: Member, browser: bool) -> Changes:
        if member.record.browser_recognition == browser:
            return []
        member.record = replace(member.record, browser_recognition=browser)
        return [Dirty(member.id)]

    def set_user(self, member: Member, user: User) -> Changes:
        member.user = user
        return [self._updated(member), ListingChanged()]

    # Consent to be heard by the tutor

    def set_heard(self, member: Member, heard: bool) -> Changes:
        """Whether the tutor gets the member's voice; the list in `info` is what lasts."""
        if member.heard == heard:
            return []
        member.heard = heard
        return [*self._reassign(), self._updated(member)]

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
        self.info = replace(self.info, bans=with_ban(self.info.bans, ban), admitted=admitted)
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

    def set_locked(self, locked: bool) -> Changes:
        if not locked:
            self.may_return.clear()
        return self._change(replace(self.info, is_locked=locked))

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
        return self.info.knock_to_enter or is_from_banned_address(self.info.bans, user, origin)

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
        knock, in_the_way = self.knocks.add(user, origin, connection_id, now)
        changes = [] if in_the_way is None else self._answer(in_the_way, KnockAnswer.EXPIRED)
        if replaced not in (None, connection_id):
            elsewhere = Removed(reason=RemovedReason.JOINED_ELSEWHERE)
            changes += [Send((str(replaced),), elsewhere), KnockEnded(str(replaced))]
        return knock, [*changes, KnockStarted(connection_id), *self._show_knocks()]

    @property
    def can_answer(self) -> bool:
        """Whether the host is connected."""
        return self._host_connection() is not None

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
        if self.is_full:
            raise RoomFull
        self._note_admitted(knock.user.id)
        return [*self._answer(knock, KnockAnswer.ADMITTED), *self._show_knocks(), Dirty(ROOM)]

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

    # The tutor

    def set_tutor(self, settings: TutorSettings | None) -> Changes:
        """None: the room has no tutor. The caller has stored the settings of a new tutor."""
        before, self.info = self.info.tutor, replace(self.info, tutor=settings)
        if before is None or settings is None:
            self.tutor_report, self.tutor_state = TutorReport(), TutorState.IDLE
        changes: Changes = [self._broadcast(RoomUpdated(room=self.view())), ListingChanged()]
        return changes if before is None else [*changes, Dirty(ROOM)]

    def mute_tutor(self, muted: bool) -> Changes:
        """Mute or unmute the tutor's seat and media; the settings are what is stored."""
        member = self.tutor_member
        if member is None or member.record.is_muted == muted:
            return []
        member.record = replace(member.record, is_muted=muted)
        member.is_speaking = False
        return [SetMediaMuted(member.id, muted, at_once=True), self._updated(member)]

    def set_tutor_report(self, report: TutorReport) -> Changes:
        if self.tutor_report == report:
            return []
        if report.status is not self.tutor_report.status:
            self.tutor_state = TutorState.IDLE
        self.tutor_report = report
        return [self._broadcast(RoomUpdated(room=self.view())), ListingChanged()]

    def set_tutor_state(self, state: TutorState) -> Changes:
        if self.tutor_state is state:
            return []
        self.tutor_state = state
        return [self._broadcast(TutorStateChanged(state=state))]

    def show(self, event: SeqEvent) -> Changes:
        """An event of the tutor to everyone."""
        return [self._broadcast(event)]

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

    def _is_known(self, user_id: str) -> bool:
        """Whether the user never has to knock."""
        return user_id == self.info.host_id or user_id in self.info.admitted

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
        seated = {m.user.id for m in self.people}
        connected = [m.user.id for m in self.people if m.connection_id is not None or m is arriving]
        return next_host(self.info.host_id, seated, connected, now < self.host_expected_until)

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
        """The others, without those who do not consent where it needs consent."""
        needs_consent = member.role.needs_consent
        return [m.id for m in self.members.values() if m is not member and (m.heard or not needs_consent)]

    def _hand_over(self, host_id: str) -> None:
        """The host of before need not knock."""
        before = self.info.host_id
        self.info = replace(self.info, host_id=host_id)
        if before != host_id:
            self._note_admitted(before)

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

    def _host_connection(self) -> str | None:
        host = self.seat_of(self.info.host_id)
        return host.connection_id if host is not None else None

    def _show_knocks(self) -> Changes:
        """Notify the host of who waits, and those who wait of whether the host is there, where it changed."""
        host, waiting = self._host_connection(), self.knocks.waiting
        shown_to, shown = self.shown_knocks
        now_shown = (host, tuple(k.id for k in waiting))
        if now_shown == self.shown_knocks:
            return []
        self.shown_knocks = now_shown
        changes: Changes = []
        if shown and shown_to != host and any(m.connection_id == shown_to for m in self.people):
            changes += [Send((str(shown_to),), Knocks(knocks=[]))]
        if host is not None and (waiting or (shown and shown_to == host)):
            changes += [Send((host,), Knocks(knocks=knocker_views(waiting)))]
        if (host is None) != (shown_to is None):
            changes += [Send(self.knocks.connection_ids, KnockUpdated(can_be_answered=host is not None))]
        return changes

    def _change(self, info: RoomInfo) -> Changes:
        if info == self.info:
            return []
        self.info = info
        return self._room_changed()

    def _room_changed(self) -> Changes:
        return [self._broadcast(RoomUpdated(room=self.view())), ListingChanged(), Dirty(ROOM)]

    def _updated(self, member: Member) -> Send:
        return self._broadcast(ParticipantUpdated(participant=member.view()))

    def _broadcast(self, event: SeqEvent, *, exclude: Member | None = None) -> Send:
        """An event to everyone in the room with a socket."""
        others = [m for m in self.members.values() if m is not exclude]
        return Send(tuple(m.connection_id for m in others if m.connection_id is not None), event)

    def send(self, member: Member, event: SeqEvent) -> Changes:
        """An event to one member alone, if it has a socket."""
        return [Send((member.connection_id,), event)] if member.connection_id is not None else []


def _fits(member: Member, token: str) -> bool:
    return hmac.compare_digest(member.record.resume_digest, digest(token))
