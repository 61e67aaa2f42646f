"""What the routes need of the rooms."""

from __future__ import annotations

from typing import Protocol

from server.rooms.directory import CreatedRoom, RoomDraft
from server.rooms.listing import ListQuery, Page
from server.rooms.views import RoomView


class RoomDirectory(Protocol):
    """`server.rooms.directory.Directory`, as far as routes go."""

    def list_rooms(self, query: ListQuery) -> Page:
        """Raises InvalidRequest for a cursor that no page gave."""
        ...

    def get_room(self, room_id: str, user_id: str, invite: str | None = None) -> RoomView:
        """Raises RoomNotFound, InviteInvalid, RemovedFromRoom."""
        ...

    async def create_room(self, user_id: str, draft: RoomDraft) -> CreatedRoom:
        """Raises TooManyRequests, Unavailable."""
        ...
