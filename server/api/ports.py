"""What the routes need of the rooms."""

from __future__ import annotations

from typing import Protocol

from server.protocol.entities import Room
from server.protocol.rest import CreatedRoom, CreateRoom, RoomPage, RoomQuery


class RoomDirectory(Protocol):
    """`server.rooms.directory.Directory`, as far as routes go."""

    def list_rooms(self, query: RoomQuery) -> RoomPage:
        """Raises InvalidRequest for a cursor that no page gave."""
        ...

    def get_room(self, room_id: str, user_id: str, invite: str | None = None) -> Room:
        """Raises RoomNotFound, InviteInvalid, RemovedFromRoom."""
        ...

    async def create_room(self, user_id: str, wanted: CreateRoom) -> CreatedRoom:
        """Raises TooManyRequests, Unavailable."""
        ...
