"""The rooms' REST actions: list, get, create."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection

from server.errors import NotJoined, RoomNotFound, TooManyHosted, TooManyRooms, Unauthenticated, Unavailable
from server.protocol.entities import ListedRoom, RoomType
from server.protocol.rest import CreatedRoom, CreateRoom, RoomPage, RoomPreview, RoomQuery
from server.rooms.admission import admission, require_access
from server.rooms.apart import room_for
from server.rooms.beginning import settle_event
from server.rooms.changes import ROOM
from server.rooms.keep_apart import KeepApart
from server.rooms.listing import page_of
from server.rooms.lobby import Lobby
from server.rooms.lobby_seen import listed_without
from server.rooms.model import UNKNOWN_ORIGIN, Claim, Origin, RoomInfo, new_id, new_secret, settings_for
from server.rooms.persistence import Persistence
from server.rooms.ports import CleanText, Clock, RoomsSettings, WallClock, as_it_is
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms
from server.rooms.shares import RoomShares, TutorShares
from server.rooms.views import for_strangers

_AI_ROOM_PEOPLE = 1
"""Whatever `max_participants` the request names."""
_log = logging.getLogger(__name__)


class Directory:
    def __init__(  # noqa: PLR0913 - one argument for each collaborator
        self,
        rooms: OpenRooms,
        lobby: Lobby,
        persistence: Persistence,
        shares: RoomShares,
        tutor_shares: TutorShares,
        settings: RoomsSettings,
        *,
        keep_apart: KeepApart,
        clock: Clock,
        wall_clock: WallClock,
        clean_text: CleanText = as_it_is,
    ) -> None:
        self._rooms = rooms
        self._lobby = lobby
        self._persistence = persistence
        self._keep_apart = keep_apart
        self._clock = clock
        self._wall_clock = wall_clock
        self._settings = settings
        self._clean_text = clean_text
        self._being_created: Counter[Claim] = Counter()
        self._shares = shares
        self._tutor_shares = tutor_shares

    def list_rooms(self, query: RoomQuery, hidden: Collection[str] = ()) -> RoomPage:
        """Public rooms of every node; these show no `hidden` users. Raises InvalidRequest for a cursor of
        another list."""
        page = page_of(self._lobby.rooms, query)
        if not hidden:
            return page
        return page.model_copy(update={"items": [listed_without(room, hidden) for room in page.items]})

    def get_listed(self, room_id: str) -> ListedRoom:
        """A public room of any node. Raises RoomNotFound."""
        for listed in self._lobby.rooms:
            if listed.room.id == room_id:
                return listed.room
        raise RoomNotFound

    async def require_here(self, room_id: str) -> None:
        """Raises RoomNotFound, RoomElsewhere, Unavailable."""
        await self._rooms.look_up(room_id)

    def name_for(self, room_id: str, user_id: str) -> str:
        """The name of a room in which the user has a seat. Raises RoomNotFound, NotJoined."""
        room = self._rooms.get(room_id).room
        if room.seat_of(user_id) is None:
            raise NotJoined
        return room.info.name

    def get_room(
        self, room_id: str, user_id: str, invite: str | None = None, origin: Origin = UNKNOWN_ORIGIN
    ) -> RoomPreview:
        """`user_id` is empty for somebody who has not signed in. They see no room to practise alone: its
        topic is its learner's own. Raises RoomNotFound, InviteInvalid, RemovedFromRoom, Unauthenticated."""
        room = self._rooms.get(room_id).room
        require_access(room, user_id, invite, origin)
        if not user_id and room.info.type is RoomType.AI:
            raise Unauthenticated
        has_seat = user_id != "" and room.seat_of(user_id) is not None
        view = room.view() if has_seat else for_strangers(room.view())
        return RoomPreview(
            **dict(view), admission=admission(room, user_id, self._clock()), node=self._settings.node
        )

    async def get_room_for(
        self, room_id: str, user_id: str, invite: str | None = None, origin: Origin = UNKNOWN_ORIGIN
    ) -> RoomPreview:
        """As `get_room`, without the people from whom the user is kept apart. Raises Unavailable too."""
        seen = self.get_room(room_id, user_id, invite, origin)
        if not user_id:
            return seen
        apart = await self._keep_apart.among({user_id, *(p.user_id for p in seen.participants)})
        return room_for(seen, user_id, apart)

    async def create_room(
        self, user_id: str, wanted: CreateRoom, origin: Origin = UNKNOWN_ORIGIN
    ) -> CreatedRoom:
        """The user becomes its host. Raises InvalidRequest, TooManyRooms, TooManyHosted,
        TooManyRoomsFromNetwork, TooManyTutors, TooManyTutorsFromNetwork, Unavailable."""
        if self._rooms.is_draining:
            raise Unavailable
        now, claim = self._clock(), Claim.of(user_id, origin)
        if wanted.type is RoomType.AI:
            self._tutor_shares.check(claim)
        else:
            wanted = self._cleaned(wanted)
        self._check_limits(claim, await self._persistence.count_hosted_elsewhere(user_id))
        room = Room.opened(new_room(user_id, wanted, self._wall_clock()), now, self._settings.seat_grace_s)
        room.claim = room.tutor_claim = claim
        await self._admit(room, claim, now)
        _log.info("room opened: %s", wanted.type, extra={"room_id": room.id})
        return CreatedRoom(**dict(room.view()), invite=room.info.invite or None)

    async def open_for_event(self, info: RoomInfo, claim: Claim) -> None:
        """It counts to the share of the address from which it is opened, and not to the rooms that its host
        may open at will. Raises TooManyRooms, TooManyRoomsFromNetwork, Unavailable."""
        now = self._clock()
        self._check_places(claim)
        room = Room.opened(info, now, self._settings.seat_grace_s)
        room.claim = claim
        settle_event(room, now, self._wall_clock())
        await self._admit(room, claim, now)

    async def _admit(self, room: Room, claim: Claim, now: float) -> None:
        """Raises TooManyRoomsFromNetwork, Unavailable."""
        self._being_created[claim] += 1
        try:
            await self._shares.count_new(claim, now)
            await self._store(room)
        finally:
            self._being_created[claim] -= 1
            self._being_created += Counter()  # drops the zeros
        self._rooms.open(room)
        self._lobby.changed(room, now)
        self.publish_claims(now)

    def publish_claims(self, now: float) -> None:
        """Let the other servers count the rooms of this one. Call it often."""
        self._shares.publish({o.room.id: o.room.claim for o in self._rooms.all() if o.room.claim}, now)

    def _cleaned(self, wanted: CreateRoom) -> CreateRoom:
        """Of a room to practise alone nobody else sees anything. Raises InvalidRequest."""
        clean = self._clean_text
        tags = [clean(tag, f"tags.{index}") for index, tag in enumerate(wanted.tags)]
        shown = {"name": clean(wanted.name, "name"), "topic": clean(wanted.topic, "topic"), "tags": tags}
        return wanted.model_copy(update=shown)

    async def _store(self, room: Room) -> None:
        try:
            await self._persistence.store_first(room, room.info)
        except BaseException:
            room.is_closed = True  # the store may hold it: it is deleted there
            self._persistence.mark_dirty(room, ROOM)
            raise

    def _check_limits(self, claim: Claim, elsewhere: int) -> None:
        """`elsewhere`: rooms of other servers that the user hosts."""
        settings = self._settings
        opened = self._rooms.all()
        hosted = elsewhere + sum(o.room.info.host_id == claim.user_id for o in opened)
        hosted += sum(n for c, n in self._being_created.items() if c.user_id == claim.user_id)
        if hosted >= settings.max_rooms_per_user:
            raise TooManyHosted(
                f"You already host {settings.max_rooms_per_user} rooms, the maximum. Close one first."
            )
        self._check_places(claim)

    def _check_places(self, claim: Claim) -> None:
        """Raises TooManyRooms, TooManyRoomsFromNetwork."""
        most, opened = self._settings.max_rooms, self._rooms.all()
        if len(opened) + self._being_created.total() >= most:
            raise TooManyRooms(f"This server already has {most} rooms, the maximum. Join one, or try later.")
        claims = Counter(o.room.claim for o in opened)
        claims.update(self._being_created)
        self._shares.check(claim, claims)


def new_room(host_id: str, wanted: CreateRoom, now: float) -> RoomInfo:
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
