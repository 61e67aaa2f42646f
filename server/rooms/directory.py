"""The rooms' REST actions: list, get, create."""

from __future__ import annotations

import logging
from collections import Counter

from server.errors import RoomNotFound, TooManyHosted, TooManyRooms, Unauthenticated, Unavailable
from server.protocol.entities import Room as WireRoom
from server.protocol.entities import RoomType
from server.protocol.rest import CreatedRoom, CreateRoom, RoomPage, RoomPreview, RoomQuery
from server.rooms.changes import ROOM
from server.rooms.listing import page_of
from server.rooms.lobby import Lobby
from server.rooms.model import UNKNOWN_ORIGIN, Claim, Origin, RoomInfo, new_id, new_secret, settings_for
from server.rooms.persistence import Persistence
from server.rooms.ports import Clock, RoomOwner, RoomsSettings, WallClock
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms
from server.rooms.shares import RoomShares, TutorShares

_AI_ROOM_PEOPLE = 1
"""Whatever `max_participants` the request names."""
_log = logging.getLogger(__name__)


class Directory:
    def __init__(
        self,
        rooms: OpenRooms,
        lobby: Lobby,
        persistence: Persistence,
        tutor_shares: TutorShares,
        settings: RoomsSettings,
        *,
        clock: Clock,
        wall_clock: WallClock,
    ) -> None:
        self._rooms = rooms
        self._lobby = lobby
        self._persistence = persistence
        self._clock = clock
        self._wall_clock = wall_clock
        self._settings = settings
        self._being_created: Counter[Claim] = Counter()
        self._shares = RoomShares(settings)
        self._tutor_shares = tutor_shares

    def list_rooms(self, query: RoomQuery) -> RoomPage:
        """Public rooms of every node. Raises InvalidRequest for a cursor of another list."""
        return page_of(self._lobby.rooms, query)

    def get_listed(self, room_id: str) -> WireRoom:
        """A public room of any node. Raises RoomNotFound."""
        for listed in self._lobby.rooms:
            if listed.room.id == room_id:
                return listed.room
        raise RoomNotFound

    async def find_elsewhere(self, room_id: str) -> RoomOwner | None:
        """The other server that has the room, None if there is none. Raises Unavailable."""
        return await self._rooms.find_elsewhere(room_id)

    async def require_here(self, room_id: str) -> None:
        """Raises RoomNotFound, RoomElsewhere, Unavailable."""
        await self._rooms.look_up(room_id)

    def get_room(
        self, room_id: str, user_id: str, invite: str | None = None, origin: Origin = UNKNOWN_ORIGIN
    ) -> RoomPreview:
        """`user_id` is empty for somebody who has not signed in. They see no room to practise alone: its
        topic is its learner's own. Raises RoomNotFound, InviteInvalid, RemovedFromRoom, Unauthenticated."""
        room = self._rooms.get(room_id).room
        room.require_access(user_id, invite, origin)
        if not user_id and room.info.type is RoomType.AI:
            raise Unauthenticated
        return RoomPreview(
            **dict(room.view()), admission=room.admission(user_id, self._clock()), node=self._settings.node
        )

    async def create_room(
        self, user_id: str, wanted: CreateRoom, origin: Origin = UNKNOWN_ORIGIN
    ) -> CreatedRoom:
        """The user becomes its host. Raises TooManyRooms, TooManyHosted, TooManyRoomsFromNetwork,
        TooManyTutors, TooManyTutorsFromNetwork, Unavailable."""
        if self._rooms.is_draining:
            raise Unavailable
        now, claim = self._clock(), Claim(user_id, origin.address, origin.network)
        if wanted.type is RoomType.AI:
            self._tutor_shares.check(claim)
        self._check_limits(claim, await self._persistence.count_hosted_elsewhere(user_id), now)
        room = Room.opened(_info(user_id, wanted, self._wall_clock()), now, self._settings.seat_grace_s)
        room.claim = room.tutor_claim = claim
        self._being_created[claim] += 1
        try:
            await self._persistence.store_first(room, room.info)
        except BaseException:
            room.is_closed = True  # the store may hold it: it is deleted there
            self._persistence.mark_dirty(room, ROOM)
            raise
        finally:
            self._being_created[claim] -= 1
            self._being_created += Counter()  # drops the zeros
        self._rooms.open(room)
        self._lobby.changed(room, now)
        _log.info("room opened: %s", wanted.type, extra={"room_id": room.id})
        return CreatedRoom(**dict(room.view()), invite=room.info.invite or None)

    def _check_limits(self, claim: Claim, elsewhere: int, now: float) -> None:
        """`elsewhere`: rooms of other servers that the user hosts."""
        settings = self._settings
        opened = self._rooms.all()
        if len(opened) + self._being_created.total() >= settings.max_rooms:
            raise TooManyRooms(
                f"This server already has {settings.max_rooms} rooms, the maximum. Join one, or try later."
            )
        hosted = elsewhere + sum(o.room.info.host_id == claim.user_id for o in opened)
        hosted += sum(n for c, n in self._being_created.items() if c.user_id == claim.user_id)
        if hosted >= settings.max_rooms_per_user:
            raise TooManyHosted(
                f"You already host {settings.max_rooms_per_user} rooms, the maximum. Close one first."
            )
        claims = Counter(o.room.claim for o in opened)
        claims.update(self._being_created)
        self._shares.take(claim, claims, now)


def _info(host_id: str, wanted: CreateRoom, now: float) -> RoomInfo:
    level = wanted.level.value
    return RoomInfo(
        id=new_id(),
        name=wanted.name,
        topic=wanted.topic,
        level=level,
        type=wanted.type,
        language=wanted.language,
        max_participants=_AI_ROOM_PEOPLE if wanted.type is RoomType.AI else wanted.max_participants,
        tags=tuple(dict.fromkeys(wanted.tags)),
        host_id=host_id,
        created_at=now,
        knock_to_enter=wanted.knock_to_enter and wanted.type is not RoomType.AI,
        invite=new_secret() if wanted.type is RoomType.PRIVATE else "",
        tutor=settings_for(wanted.language, level, wanted.topic) if wanted.type is RoomType.AI else None,
    )
