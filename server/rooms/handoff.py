"""The state that a server passes on with a room, apart from what is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from server.protocol.agents import TutorInput
from server.protocol.base import Id
from server.rooms.room import Room
from server.rooms.settling import expect

MAX_RETURNING = 500
MAX_DECLINED = 100
MAX_UNANSWERED = 16


class SeatHandoff(BaseModel):
    """The settings of the seat's owner, as in `Member`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    patience: float = 1.0
    wants_feedback: bool = False


class Handoff(BaseModel):
    """`seats`: of the people who are connected, by participant id; the new owner waits for them. `may_return`
    as in `Room`, `declined` as in `KnockQueue`, both with the seconds that are left. `unanswered`: as in
    `Room`. Members of later versions are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    seats: Annotated[dict[Id, SeatHandoff], Field(max_length=255)] = {}
    may_return: Annotated[dict[Id, float], Field(max_length=MAX_RETURNING)] = {}
    declined: Annotated[dict[str, float], Field(max_length=MAX_DECLINED)] = {}
    unanswered: Annotated[list[TutorInput], Field(max_length=MAX_UNANSWERED)] = []


def handoff_of(room: Room, unanswered: Sequence[TutorInput], now: float) -> Handoff:
    seats = {
        m.id: SeatHandoff(patience=m.patience, wants_feedback=m.wants_feedback)
        for m in room.people
        if m.connection_id is not None
    }
    left = {user_id: until - now for user_id, until in room.may_return.items() if until > now}
    return Handoff(
        seats=seats,
        may_return=_longest(left, MAX_RETURNING),
        declined=_longest(room.knocks.declined_left(now), MAX_DECLINED),
        unanswered=list(unanswered)[-MAX_UNANSWERED:],
    )


def take_up(room: Room, handoff: Handoff, now: float) -> None:
    """Give a room that was just restored what its former owner passed on."""
    for participant_id, seat in handoff.seats.items():
        member = room.members.get(participant_id)
        if member is not None:
            member.patience, member.wants_feedback = seat.patience, seat.wants_feedback
    room.may_return = {user_id: now + left for user_id, left in handoff.may_return.items()}
    room.knocks.keep_declined(handoff.declined, now)
    room.unanswered = tuple(handoff.unanswered)
    expect(room, [i for i in handoff.seats if i in room.members], now)


def _longest(left: Mapping[str, float], count: int) -> dict[str, float]:
    return {who: left[who] for who in sorted(left, key=left.__getitem__)[-count:]}
