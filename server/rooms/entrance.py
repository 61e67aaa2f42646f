"""Checks what people need before they sit with others, and what moderators have decided about their voice.

Nobody else is in a room to practise alone, so none of it counts there.
"""

from __future__ import annotations

from server.errors import MutedByModerator, RulesNotAccepted, WarningNotRead
from server.protocol.entities import RoomType
from server.rooms.members import Member
from server.rooms.model import User
from server.rooms.ports import Standing, StandingOf
from server.rooms.room import Room
from server.rooms.views import timestamp_text


class Entrance:
    """`house_rules`: people must have accepted them."""

    def __init__(self, standing_of: StandingOf, *, house_rules: bool) -> None:
        self._standing_of = standing_of
        self._house_rules = house_rules

    async def require(self, room: Room, user: User) -> Standing:
        """Return what holds for the person in that room. They take back a seat that they have without a
        question. Raises RulesNotAccepted, WarningNotRead, Unavailable."""
        if room.info.type is RoomType.AI:
            return Standing()
        standing = await self._standing_of(user.id)
        if room.seat_of(user.id) is not None:
            return standing
        if self._house_rules and user.rules_accepted_at is None:
            raise RulesNotAccepted
        if standing.has_warning:
            raise WarningNotRead
        return standing


def require_voice(member: Member, wall_now: float) -> None:
    """Raises MutedByModerator."""
    until = member.muted_until
    if until is not None and wall_now < until:
        raise MutedByModerator(until=timestamp_text(until))
