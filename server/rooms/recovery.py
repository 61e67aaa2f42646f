"""After a restart: rooms and seats as they were, each seat held for its owner to come back."""

from __future__ import annotations

from collections.abc import Sequence

from server.rooms import slots as slot_table
from server.rooms.context import Context
from server.rooms.model import ParticipantKind, RoomInfo, Seat, User
from server.rooms.room import Member, Room
from server.rooms.seat_states import SeatState


async def restore(context: Context) -> None:
    """Open every stored room. Seats of tutors are not kept: a tutor is invited anew."""
    now = context.clock()
    for info, seats, users in await context.store.load_rooms():
        room, stale = revive(info, seats, users, now, context.settings.seat_grace_s)
        for seat in stale:
            await context.saved_if_possible(
                context.store.delete_seat(seat.room_id, seat.id), seat.room_id, seat.id
            )
        context.rooms.open(room)
        context.lobby.changed(room, now)


def revive(
    info: RoomInfo, seats: Sequence[Seat], users: Sequence[User], now: float, grace: float
) -> tuple[Room, Sequence[Seat]]:
    """The room with its seats held until `now + grace`, and the seats that nobody can come back to."""
    room = Room.opened(info, now, grace)
    by_id = {u.id: u for u in users}
    kept = [s for s in seats if s.kind is ParticipantKind.PERSON and s.user_id in by_id]
    for seat in sorted(kept, key=lambda s: s.joined_at):
        member = Member(
            seat,
            by_id[seat.user_id],
            slot_table.empty(room.slot_count),
            state=SeatState.HELD,
            deadline=now + grace,
            heard=seat.user_id not in info.unheard,
        )
        room.admit(member)
    room.reassign()
    return room, [s for s in seats if s not in kept]
