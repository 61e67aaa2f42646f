"""Work on rooms at a restart and by time, and rooms that change the server."""

from __future__ import annotations

import logging

from server.errors import ParlorError, Unavailable
from server.protocol.rooms import ClosedReason, HandLowered, LeftReason
from server.rooms.banning import forget_old_addresses, has_old_addresses
from server.rooms.beginning import settle_event
from server.rooms.changes import CHAT, ListingChanged
from server.rooms.club_actions import settle_turns
from server.rooms.effects import Effects
from server.rooms.handoff import Handoff, take_up
from server.rooms.hands import lower_hand, note_speech, spoken_hands
from server.rooms.knocking import expire_knocks
from server.rooms.membership import Membership
from server.rooms.model import StoredRoom
from server.rooms.persistence import Persistence
from server.rooms.ports import Clock, RoomsSettings, WallClock
from server.rooms.room import Room
from server.rooms.runtime import OpenRoom, OpenRooms
from server.rooms.seat_states import SeatState
from server.rooms.seating import expired_seats, restored_room
from server.rooms.settling import settle
from server.rooms.succession import end_cohost, needs_host, settle_host

_log = logging.getLogger(__name__)


class Upkeep:
    """Restores rooms, those of ended servers too; gives up rooms that another server has taken; ends expired
    seats, unanswered knocks and empty rooms, replaces hosts who do not come, forgets addresses of old bans,
    lowers hands of people who had their turn, begins the next turn when a speaker has left, stores new lines
    of the chat, retries writes."""

    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        membership: Membership,
        *,
        clock: Clock,
        wall_clock: WallClock,
        settings: RoomsSettings,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._persistence = persistence
        self._membership = membership
        self._clock = clock
        self._wall_clock = wall_clock
        self._settings = settings
        self._posted: set[str] = set()
        self._ticked_at: float | None = None

    async def restore(self) -> None:
        """Open the stored rooms that belong to no live server, each seat held for its owner. The tutor's seat
        is not restored: a tutor is requested again. Raises Unavailable."""
        if self._rooms.is_draining:  # since the last await
            return
        ids: set[str] = set()
        self._rooms.is_restoring = True
        try:
            claimed = await self._persistence.claim()
            ids = {stored.info.id for stored in claimed}
            self._rooms.opening |= ids
            for stored in claimed:
                await self._open(stored)
        finally:
            self._rooms.is_restoring = False
            self._rooms.opening -= ids

    async def adopt(self, room_id: str, epoch: int, handoff: Handoff | None = None) -> None:
        """Take the room over, if its epoch is still `epoch`: from a server that has ended or, with `handoff`,
        from one that is about to. Raises Unavailable."""
        if self._rooms.is_draining:
            raise Unavailable
        opened = self._rooms.find(room_id)
        self._rooms.opening.add(room_id)
        try:
            if opened is not None:
                await self._persistence.find_lost([opened.room])
                if not self._persistence.is_lost(opened.room):
                    return
                await opened.mailbox.run_anyway(self._give_up, opened.room)
            claimed = await self._persistence.claim_room(room_id, epoch)
            if claimed is not None:
                await self._open(claimed, handoff)
                _log.info("room taken over", extra={"room_id": room_id, "epoch": epoch + 1})
        finally:
            self._rooms.opening.discard(room_id)

    async def find_lost(self) -> bool:
        """Find rooms that another server has taken: the next tick closes them. Returns whether the store has
        answered."""
        try:
            await self._persistence.find_lost([opened.room for opened in self._rooms.all()])
        except ParlorError as error:
            _log.warning("ownership of rooms not checked: %s", error.code)
            return False
        return True

    async def keep_ownership(self) -> None:
        """Find rooms that another server has taken, and take those of servers that have ended."""
        if self._rooms.is_draining:
            return
        await self.find_lost()
        try:
            await self.restore()
        except ParlorError as error:
            _log.warning("rooms of servers that have ended not taken: %s", error.code)

    async def _open(self, stored: StoredRoom, handoff: Handoff | None = None) -> None:
        now = self._clock()
        room, orphaned = restored_room(stored, now, self._settings.seat_grace_s)
        if handoff is not None:
            take_up(room, handoff, now)
        self._persistence.mark_dirty(room, *orphaned)
        await self._persistence.flush(room, orphaned, required=False)
        self._rooms.open(room)
        self._effects.apply(room, [*settle_event(room, now, self._wall_clock()), ListingChanged()])

    def person_gone(self, user_id: str) -> None:
        """The profile was deleted: it is no co-host any more, and at the next tick its rooms get other hosts,
        and the empty ones close."""
        for opened in self._rooms.all():
            if opened.room.info.host_id == user_id:
                opened.room.host_is_gone = True
            self._effects.apply(opened.room, end_cohost(opened.room, user_id))

    def tick(self, now: float) -> None:
        """Post the work to the rooms that have some due."""
        self._persistence.retry_deletions(now)
        elapsed = 0.0 if self._ticked_at is None else now - self._ticked_at
        self._ticked_at = now
        if self._rooms.is_draining:
            return
        for opened in self._rooms.all():
            note_speech(opened.room, elapsed)
            self._effects.apply(opened.room, settle(opened.room, now))
            self._effects.apply(opened.room, settle_event(opened.room, now, self._wall_clock()))
            self._effects.apply(opened.room, settle_turns(opened.room, self._wall_clock()))
            if self._is_due(opened.room, now):
                self._post(opened)

    def _is_due(self, room: Room, now: float) -> bool:
        return (
            self._persistence.is_lost(room)
            or room.is_abandoned(now, self._settings.empty_room_ttl_s)
            or self._persistence.is_due(room, now)
            or bool(expired_seats(room, now))
            or needs_host(room, now)
            or room.chat.is_due(now)
            or bool(spoken_hands(room))
            or bool(room.knocks.expired(now))
            or has_old_addresses(room, self._wall_clock())
        )

    def _post(self, opened: OpenRoom) -> None:
        room = opened.room
        if room.id not in self._posted:  # a slow store must not let these pile up
            self._posted.add(room.id)
            opened.mailbox.post(self._do_what_is_due, room)

    async def _give_up(self, room: Room) -> None:
        if not room.is_closed:
            await self._membership.close(room, ClosedReason.MOVED)

    async def _do_what_is_due(self, room: Room) -> None:
        """Checks again: the operations before this one may have settled it."""
        self._posted.discard(room.id)
        if self._persistence.is_lost(room):
            await self._give_up(room)
            return
        now = self._clock()
        for member in expired_seats(room, now):
            reason = LeftReason.LEFT if member.state is SeatState.LEAVING else LeftReason.TIMED_OUT
            await self._membership.remove(room, member, reason)
        for member in spoken_hands(room):
            lowered = lower_hand(room, member, HandLowered.SPOKEN)
            await self._effects.commit(room, lowered, required=False)
        self._effects.apply(room, expire_knocks(room, now))
        changes = [*settle_host(room, now), *forget_old_addresses(room, self._wall_clock())]
        await self._effects.commit(room, changes, required=False)
        if self._persistence.is_due(room, now):
            await self._persistence.flush(room, required=False)
        elif room.chat.is_due(now):
            self._persistence.mark_dirty(room, CHAT)
            await self._persistence.flush(room, [CHAT], required=False)
        if room.is_abandoned(now, self._settings.empty_room_ttl_s):
            await self._membership.close(room, ClosedReason.EMPTY)
