"""One open room: its members and what follows from who is there. No I/O; `now` is passed in.

Times are wall-clock seconds, as in `model`.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from server.errors import InviteInvalid, NotHost, RemovedFromRoom
from server.protocol import entities
from server.protocol.entities import ParticipantKind, RoomType
from server.protocol.tutor import Tutor, TutorState
from server.rooms.model import RoomInfo, SeatRecord, SlotTable, User
from server.rooms.seat_states import SeatEvent, SeatState, next_deadline, next_state, shown
from server.rooms.tutor_model import TutorReport
from server.rooms.views import participant_view, room_view, tutor_view


def empty_slots(capacity: int) -> SlotTable:
    return (None,) * capacity


def carry(current: SlotTable, publishers: Sequence[str]) -> SlotTable:
    """The slots once `publishers` (the others in the room, longest-present first) are all there are.

    A publisher that stays keeps its slot, so that its audio is not cut when others come and go. Those who
    find no free slot are left out, in the order given.
    """
    wanted = set(publishers)
    slots = [held if held in wanted else None for held in current]
    placed = set(slots)
    waiting = iter([p for p in dict.fromkeys(publishers) if p not in placed])
    return tuple(next(waiting, None) if held is None else held for held in slots)


def slot_capacity(max_participants: int) -> int:
    """The other people, and one for the tutor, who takes no person's seat."""
    return max(1, max_participants)


def heir(host_id: str, present: Sequence[str], host_expected: bool) -> str | None:
    """The user who becomes host, or None if nothing changes.

    `present` are the people with a seat, longest-present first; a held seat counts, so a host who lost the
    connection stays host until the seat is given up. `host_expected`: the host may be about to arrive.
    """
    if not present or host_id in present or host_expected:
        return None
    return present[0]


def require_host(info: RoomInfo, user_id: str) -> None:
    """Raises NotHost."""
    if user_id != info.host_id:
        raise NotHost


def require_access(info: RoomInfo, user_id: str, invite: str | None, *, is_seated: bool) -> None:
    """May the user see the room and ask for a seat? Raises RemovedFromRoom, InviteInvalid."""
    if user_id in info.banned:
        raise RemovedFromRoom
    if info.type is not RoomType.PRIVATE or is_seated or user_id == info.host_id:
        return
    if invite is None or not hmac.compare_digest(invite.encode(), info.invite.encode()):
        raise InviteInvalid


_NUMBERS = 255


@dataclass(slots=True)
class Member:
    """A seat with what is not kept in the store. `connection_id` names the socket that speaks for it;
    `asked_at` is when it joined, until its media is there. `mute_requests` counts its owner's mutes, so
    that an unmute on its way knows of a newer one.  `heard`: a tutor gets their voice;
    `heard_refusals` counts the times that they took it away, for the same reason as `mute_requests`."""

    record: SeatRecord
    user: User
    slots: SlotTable
    state: SeatState = SeatState.CONNECTING
    deadline: float | None = None
    connection_id: str | None = None
    is_speaking: bool = False
    asked_at: float | None = None
    mute_requests: int = 0
    heard: bool = True
    heard_refusals: int = 0

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def is_person(self) -> bool:
        return self.record.kind is ParticipantKind.PERSON

    def view(self) -> entities.Participant:
        return participant_view(
            self.record,
            self.user,
            shown(self.state),
            is_speaking=self.is_speaking,
            heard_by_tutor=self.heard,
        )


@dataclass(slots=True)
class Room:
    """`host_expected_until`: until then an absent host keeps the room (it was just made, or restored).

    `empty_since` is None while a person has a seat, held ones included.
    """

    info: RoomInfo
    empty_since: float | None
    host_expected_until: float
    members: dict[str, Member] = field(default_factory=dict)
    dominant: str | None = None
    last_number: int = 0
    tutor_report: TutorReport = field(default_factory=TutorReport)
    tutor_state: TutorState = TutorState.IDLE
    is_closed: bool = False

    @classmethod
    def opened(cls, info: RoomInfo, now: float, grace: float) -> Room:
        return cls(info, empty_since=now, host_expected_until=now + grace)

    @property
    def id(self) -> str:
        return self.info.id

    @property
    def people(self) -> list[Member]:
        """Longest-present first."""
        return [m for m in self.members.values() if m.is_person]

    @property
    def tutor_member(self) -> Member | None:
        return next((m for m in self.members.values() if not m.is_person), None)

    @property
    def slot_count(self) -> int:
        return slot_capacity(self.info.max_participants)

    @property
    def is_full(self) -> bool:
        return len(self.people) >= self.info.max_participants

    def seat_of(self, user_id: str) -> Member | None:
        return next((m for m in self.people if m.user.id == user_id), None)

    def next_number(self) -> int:
        """A free publisher number. Recently freed ones come last: packets on their way still bear them."""
        taken = {m.record.number for m in self.members.values()}
        return next(n for n in self._numbers() if n not in taken)

    def _numbers(self) -> Iterator[int]:
        for step in range(_NUMBERS):
            yield (self.last_number + step) % _NUMBERS + 1

    def view(self) -> entities.Room:
        return room_view(self.info, [m.view() for m in self.members.values()], self._tutor_view())

    def _tutor_view(self) -> Tutor | None:
        if self.info.tutor is None:
            return None
        member = self.tutor_member
        return tutor_view(self.info.tutor, self.tutor_report, self.tutor_state, member.id if member else None)

    def admit(self, member: Member) -> None:
        self.members[member.id] = member
        self.last_number = member.record.number
        if member.is_person:
            self.empty_since = None
        if member.user.id == self.info.host_id:
            self.host_expected_until = 0.0

    def dismiss(self, member: Member, now: float) -> None:
        """Take the seat away; empties the slots that carried it at the next `reassign`."""
        self.members.pop(member.id, None)
        if self.dominant == member.id:
            self.dominant = None
        if member.is_person and not self.people:
            self.empty_since = now

    def happened(self, member: Member, event: SeatEvent, now: float, grace: float) -> bool:
        """Apply the table of seat states; True if what others see of the member has changed."""
        before = member.view()
        member.deadline = next_deadline(member.state, event, member.deadline, now, grace)
        member.state = next_state(member.state, event)
        if member.state is not SeatState.CONNECTED:
            member.is_speaking = False
        return member.view() != before

    def reassign(self) -> list[Member]:
        """Bring every member's slots up to date; returns those whose slots have changed."""
        changed = []
        for member in self.members.values():
            slots = carry(member.slots, self._publishers_for(member))
            if slots != member.slots:
                member.slots = slots
                changed.append(member)
        return changed

    def _publishers_for(self, member: Member) -> list[str]:
        """The others; of these the tutor gets only who lets it have their voice."""
        return [m.id for m in self.members.values() if m is not member and (m.heard or member.is_person)]

    def succeed(self, now: float) -> bool:
        """Give the room a new host if it has lost its own; True if that changed it."""
        new = self._heir(now)
        if new is None:
            return False
        self.info = replace(self.info, host_id=new)
        return True

    def needs_host(self, now: float) -> bool:
        return self._heir(now) is not None

    def _heir(self, now: float) -> str | None:
        return heir(self.info.host_id, [m.user.id for m in self.people], now < self.host_expected_until)

    def expired(self, now: float) -> Sequence[Member]:
        """Members whose seat is given up."""
        return [m for m in self.members.values() if m.deadline is not None and now >= m.deadline]

    def is_abandoned(self, now: float, ttl: float) -> bool:
        return self.empty_since is not None and now >= self.empty_since + ttl
