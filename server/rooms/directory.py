"""Rooms as pages and the REST API see them: find, look at, create."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass

from server.errors import TooManyRequests, Unavailable
from server.rooms.context import Context
from server.rooms.listing import ListQuery, Page, list_rooms
from server.rooms.model import RoomInfo, RoomType
from server.rooms.room import Room, require_access
from server.rooms.tokens import new_id, new_secret
from server.rooms.tutor_model import settings_for
from server.rooms.views import RoomView

_AI_ROOM_PEOPLE = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """What a person says of the room they want; already checked for form. `max_participants` counts people
    and is 1 in a room of type `ai`, whatever is said here."""

    name: str
    topic: str
    level: str
    type: RoomType
    language: str
    max_participants: int
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CreatedRoom:
    """`invite` is None unless the room is private."""

    view: RoomView
    invite: str | None


class Directory:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._being_created: Counter[str] = Counter()

    def list_rooms(self, query: ListQuery) -> Page:
        """Public rooms of every node. Raises InvalidRequest for a cursor that is not ours."""
        return list_rooms(self._context.lobby.rooms, query)

    def get_room(self, room_id: str, user_id: str, invite: str | None = None) -> RoomView:
        """Raises RoomNotFound, InviteInvalid, RemovedFromRoom."""
        room = self._context.rooms.get(room_id).room
        require_access(room.info, user_id, invite, is_seated=room.seat_of(user_id) is not None)
        return room.view()

    async def create_room(self, user_id: str, draft: RoomDraft) -> CreatedRoom:
        """The user becomes its host. Raises TooManyRequests, Unavailable."""
        context = self._context
        if context.is_draining:
            raise Unavailable
        self._check_limits(user_id)
        self._being_created[user_id] += 1
        try:
            now = context.clock()
            room = Room.opened(_info(user_id, draft, now), now, context.settings.seat_grace_s)
            await context.saved(context.store.save_room(room.info))
        finally:
            self._being_created[user_id] -= 1
            self._being_created += Counter()  # drops the zeros
        context.rooms.open(room)
        context.lobby.changed(room, now)
        _log.info("room opened: %s", draft.type, extra={"room_id": room.id})
        return CreatedRoom(room.view(), room.info.invite or None)

    def _check_limits(self, user_id: str) -> None:
        settings = self._context.settings
        opened = self._context.rooms.all()
        if len(opened) + self._being_created.total() >= settings.max_rooms:
            raise TooManyRequests("There are as many rooms as this server takes. Join one, or try later.")
        hosted = sum(o.room.info.host_id == user_id for o in opened) + self._being_created[user_id]
        if hosted >= settings.max_rooms_per_user:
            raise TooManyRequests(
                f"You host {settings.max_rooms_per_user} rooms, and that is the most. Close one first."
            )


def _info(host_id: str, draft: RoomDraft, now: float) -> RoomInfo:
    return RoomInfo(
        id=new_id(),
        name=draft.name,
        topic=draft.topic,
        level=draft.level,
        type=draft.type,
        language=draft.language,
        max_participants=_AI_ROOM_PEOPLE if draft.type is RoomType.AI else draft.max_participants,
        tags=tuple(dict.fromkeys(draft.tags)),
        host_id=host_id,
        created_at=now,
        invite=new_secret() if draft.type is RoomType.PRIVATE else "",
        tutor=settings_for(draft.language, draft.level, draft.topic) if draft.type is RoomType.AI else None,
    )
