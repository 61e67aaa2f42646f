"""The people and the tutor in a room: what each kind counts for, a seat in memory, and its slots."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from server.protocol import entities
from server.protocol.entities import ParticipantKind
from server.rooms.model import UNKNOWN_ORIGIN, Origin, SeatRecord, SlotTable, User, digest
from server.rooms.seat_states import SeatState, public_status
from server.rooms.views import participant_view


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """The rules for one kind of participant.

    `is_counted`: counts for the room's size, its host and its lock, and for keeping it open. `is_restored`:
    its seat is held after a restart. `is_always_forwarded`: exempt from the choice of the loudest.
    `needs_consent`: gets only the voices of people who let the tutor hear them.
    """

    is_counted: bool
    is_restored: bool
    is_always_forwarded: bool
    needs_consent: bool


ROLES = {
    ParticipantKind.PERSON: Role(
        is_counted=True, is_restored=True, is_always_forwarded=False, needs_consent=False
    ),
    ParticipantKind.TUTOR: Role(
        is_counted=False, is_restored=False, is_always_forwarded=True, needs_consent=True
    ),
}


@dataclass(slots=True)
class Member:
    """A seat: its record in the store and what lasts only as long as the process.

    `connection_id` names the socket that speaks for it. `media_requested_at` is when its owner joined, until
    media is connected; that and `deadline` are monotonic times. `heard`: a tutor gets their voice.
    `patience`: the tutor waits so much longer in their pauses. `wants_feedback`: on what they say to others,
    after the talk. `origin` is that of the newest join.
    `muted_until`: a moderator has muted them, wall time.
    `mute_requests` and `opt_outs` count how often the owner muted, and kept their voice from the tutor: an
    unmute or a consent under way that finds a newer one is void. `hand_spoken_s`: how long they have spoken
    with the hand raised.
    """

    record: SeatRecord
    user: User
    slots: SlotTable
    state: SeatState = SeatState.CONNECTING
    deadline: float | None = None
    connection_id: str | None = None
    is_speaking: bool = False
    hand_spoken_s: float = 0.0
    media_requested_at: float | None = None
    heard: bool = True
    patience: float = 1.0
    wants_feedback: bool = False
    origin: Origin = UNKNOWN_ORIGIN
    muted_until: float | None = None
    mute_requests: int = 0
    opt_outs: int = 0

    @property
    def id(self) -> str:
        return self.record.id

    @property
    def role(self) -> Role:
        return ROLES[self.record.kind]

    @property
    def is_person(self) -> bool:
        return self.record.kind is ParticipantKind.PERSON

    def opens_with(self, resume_token: str) -> bool:
        """Whether the token is that of the seat."""
        return hmac.compare_digest(self.record.resume_digest, digest(resume_token))

    def view(self) -> entities.Participant:
        return participant_view(
            self.record,
            self.user,
            public_status(self.state),
            is_speaking=self.is_speaking,
            heard_by_tutor=self.heard,
        )


def slot_capacity(max_participants: int) -> int:
    """One slot for each other person, and one for the tutor, which takes no person's seat."""
    return max(1, max_participants)


def empty_slots(capacity: int) -> SlotTable:
    return (None,) * capacity


def carry(current: SlotTable, publishers: Sequence[str]) -> SlotTable:
    """The slots once `publishers` (the others in the room, longest-present first) are all there are.

    A publisher that stays keeps its slot, so that its audio is not cut when others join and leave. Publishers
    that find no free slot are left out, in the order given.
    """
    wanted = set(publishers)
    slots = [held if held in wanted else None for held in current]
    placed = set(slots)
    waiting = iter([p for p in dict.fromkeys(publishers) if p not in placed])
    return tuple(next(waiting, None) if held is None else held for held in slots)
