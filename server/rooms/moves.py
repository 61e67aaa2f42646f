"""Rooms that another server takes before this one ends, while their people talk on.

Their clients are connected to both servers for a moment: this one forwards audio until they have left it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from server.errors import ParlorError, Unavailable
from server.protocol.entities import RoomNode
from server.protocol.rooms import ClosedReason, ServerDraining
from server.protocol.tutor import TutorState
from server.rooms.changes import ConnectionReleased
from server.rooms.effects import Effects
from server.rooms.handoff import Handoff, handoff_of
from server.rooms.membership import Membership
from server.rooms.persistence import Persistence
from server.rooms.ports import Clock
from server.rooms.room import Room
from server.rooms.runtime import OpenRoom, OpenRooms
from server.rooms.settling import SETTLE_WITHIN_S, moving
from server.rooms.tutor_jobs import TutorReconciler
from server.rooms.tutor_ports import Tutors

Give = Callable[[str, Handoff], Awaitable[RoomNode]]
"""Lets another server take the room of this id, and returns that server. Raises Unavailable if none does."""

LEAVE_WITHIN_S = SETTLE_WITHIN_S + 2.0
"""Clients that have switched to the new server keep the connection to this one for a second."""
TURN_WITHIN_S = 10.0
"""Longest wait for the end of a tutor's turn: the new server starts another tutor."""
STORE_WITHIN_S = 3.0
OPEN_WITHIN_S = 5.0
"""Longest wait for a room that this server began to take before its own end."""
_LOOK_AGAIN_S = 0.1
_TAKEN_WITHIN_S, _TRY_AGAIN_S = 1.5, 0.2
"""Until two beats have passed: in a rolling restart the server that is to take the rooms began a moment ago,
and is not known yet to take any."""
_PEOPLE_AT_ONCE = 96
"""Maximum of people who move at the same time. A join costs about 10 ms of the new server's event loop."""
_log = logging.getLogger(__name__)


class Moves:
    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        membership: Membership,
        *,
        tutors: Tutors,
        reconciler: TutorReconciler,
        clock: Clock,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._persistence = persistence
        self._membership = membership
        self._tutors = tutors
        self._reconciler = reconciler
        self._clock = clock
        self._left: dict[str, asyncio.Event] = {}
        self._moving = 0
        self._fewer = asyncio.Condition()

    async def hand_over(self, give: Give) -> None:
        """Let other servers take all rooms, those of some people at a time. A room that none takes stays. The
        rooms must be draining."""
        await self._all_are_open()
        async with asyncio.TaskGroup() as group:
            for opened in self._rooms.all():
                group.create_task(self._move_in_turn(opened, give), name=f"move of room {opened.room.id}")

    def in_doubt(self) -> None:
        """Other servers may have the rooms, and nobody can be asked: let clients ask where their room is."""
        for opened in self._rooms.all():
            self._effects.apply(opened.room, moving(opened.room, None))

    def connection_lost(self, connection_id: str) -> bool:
        """Whether the connection was one to a room that another server has: its seat is there."""
        place = self._rooms.find_connection(connection_id)
        if place is None or not self._rooms.was_handed_over(place.room.id):
            return False
        self._effects.apply(place.room, [ConnectionReleased(connection_id)])
        place.member.connection_id = None
        if place.room.id in self._left and not _has_people(place.room):
            self._left[place.room.id].set()
        return True

    async def _move_in_turn(self, opened: OpenRoom, give: Give) -> None:
        room = opened.room
        await self._end_of_turn(room)
        people = min(_PEOPLE_AT_ONCE, max(1, len(room.people)))
        async with self._fewer:
            await self._fewer.wait_for(lambda: self._moving + people <= _PEOPLE_AT_ONCE)
            self._moving += people
        try:
            await self._move(opened, give)
        finally:
            async with self._fewer:
                self._moving -= people
                self._fewer.notify_all()

    async def _move(self, opened: OpenRoom, give: Give) -> None:
        room = opened.room
        left = self._left[room.id] = asyncio.Event()
        try:
            await self._give_to_any(opened, give)
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAVE_WITHIN_S):
                    await left.wait()
        except ParlorError as error:
            _log.warning("room not handed over: %s", error.code, extra={"room_id": room.id})
        finally:
            del self._left[room.id]
        if self._rooms.was_handed_over(room.id):
            await self._membership.close(room, ClosedReason.MOVED)
        elif not room.is_closed:
            self._effects.apply(room, [room.broadcast(ServerDraining())])

    async def _give_to_any(self, opened: OpenRoom, give: Give) -> None:
        """Raises ParlorError if no server takes the room in time."""
        until = self._clock() + _TAKEN_WITHIN_S
        while True:
            try:
                return await opened.mailbox.run_anyway(self._give, opened.room, give)
            except Unavailable:
                if self._clock() >= until:
                    raise
            await asyncio.sleep(_TRY_AGAIN_S)

    async def _give(self, room: Room, give: Give) -> None:
        """In the room's mailbox: nothing changes between the last write and the other server's claim. Raises
        Unavailable."""
        if room.is_closed:
            self._left[room.id].set()
            return
        await self._persistence.flush(room, required=True)
        await self._store_words()
        self._rooms.giving.add(room.id)
        try:
            unanswered = self._reconciler.unanswered(room)
            node = await give(room.id, handoff_of(room, unanswered, self._clock()))
        finally:
            self._rooms.giving.discard(room.id)
        self._persistence.lose(room)
        self._tutors.moved(room.id)
        self._rooms.hand_over(room)
        self._effects.apply(room, moving(room, node))
        if not _has_people(room):
            self._left[room.id].set()

    async def _store_words(self) -> None:
        """The new server's tutor reads from the store what was said."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STORE_WITHIN_S):
                await self._tutors.stored()

    async def _all_are_open(self) -> None:
        """This server may just have claimed rooms of one that has ended or is about to: their people are on
        the way here."""
        until = self._clock() + OPEN_WITHIN_S
        while (self._rooms.opening or self._rooms.is_restoring) and self._clock() < until:  # noqa: ASYNC110 - no event
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _end_of_turn(self, room: Room) -> None:
        until = self._clock() + TURN_WITHIN_S
        while room.tutor_state is not TutorState.IDLE and self._clock() < until:  # noqa: ASYNC110 - no event
            await asyncio.sleep(_LOOK_AGAIN_S)


def _has_people(room: Room) -> bool:
    """Whether anybody is connected to this server; its tutor stays until the end."""
    return any(member.connection_id is not None for member in room.people)
