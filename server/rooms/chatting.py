"""The text chat and reactions of a room. Every action raises NotJoined.

Both are for people: the tutor neither gets nor sends any, so that nobody's words to the others reach a
language model. Words for the tutor are sent with `say`.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.errors import ChatClosed, Forbidden
from server.protocol.chat import DeleteChat, React, SendChat
from server.protocol.rooms import ChatAdded, ChatDeleted, Ok, Reacted
from server.rooms.changes import CHAT, Dirty, Send
from server.rooms.chat import ChatLine
from server.rooms.effects import Effects
from server.rooms.entrance import require_voice
from server.rooms.model import new_id
from server.rooms.persistence import Persistence
from server.rooms.ports import CleanText, Clock, WallClock, as_it_is
from server.rooms.room import Room
from server.rooms.runtime import OpenRooms, Place, as_cohost, in_room
from server.rooms.views import chat_view

RECENT = 50
"""Lines of which a report can be about."""


class Chatting:
    """Lines are shown at once and stored a moment later: see `Upkeep`."""

    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        persistence: Persistence,
        *,
        clock: Clock,
        wall_clock: WallClock,
        clean_text: CleanText = as_it_is,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._persistence = persistence
        self._clock = clock
        self._wall_clock = wall_clock
        self._clean_text = clean_text

    @in_room
    async def send_chat(self, place: Place, payload: SendChat) -> Ok:
        """Raises Forbidden for the tutor, MutedByModerator, ChatClosed, InvalidRequest, TooManyRequests."""
        room, member = place.room, place.member
        if not member.is_person:
            raise Forbidden
        if not room.info.options.chat_open:
            raise ChatClosed
        require_voice(member, self._wall_clock())
        line = ChatLine(
            id=new_id(),
            room_id=room.id,
            participant_id=member.id,
            user_id=member.user.id,
            name=member.user.name,
            text=self._clean_text(payload.text, "text"),
            at=self._wall_clock(),
        )
        room.chat.add(line, self._clock())
        self._effects.apply(room, [room.to_people(ChatAdded(line=chat_view(line))), Dirty(CHAT)])
        return Ok()

    @as_cohost
    async def delete_chat(self, place: Place, payload: DeleteChat) -> Ok:
        """Raises NotCohost, ChatLineNotFound."""
        room = place.room
        room.chat.delete(payload.line_id, self._clock())
        self._effects.apply(room, [_deleted(room, [payload.line_id]), Dirty(CHAT)])
        return Ok()

    @in_room
    async def react(self, place: Place, payload: React) -> Ok:
        """Raises Forbidden for the tutor, TooManyRequests."""
        room, member = place.room, place.member
        if not member.is_person:
            raise Forbidden
        room.chat.react(member.user.id, self._clock())
        event = Reacted(participant_id=member.id, reaction=payload.reaction)
        self._effects.apply(room, [room.to_people(event)])
        return Ok()

    async def recent_messages(self, room_id: str, count: int = RECENT) -> Sequence[ChatLine]:
        """The last lines of a room of any server, for reports; with deleted ones, oldest first. Those of
        another server's room are up to some seconds old. Empty for a room that has closed. Raises
        Unavailable."""
        opened = self._rooms.find(room_id)
        if opened is not None:
            return opened.room.chat.recent(count)
        return (await self._persistence.load_chat(room_id))[-count:]

    def forget(self, user_id: str) -> None:
        """The person's profile was deleted: their lines go from all rooms of this server."""
        for opened in self._rooms.all():
            line_ids = opened.room.chat.forget(user_id)
            if line_ids:
                self._effects.apply(opened.room, [_deleted(opened.room, line_ids)])


def _deleted(room: Room, line_ids: Sequence[str]) -> Send:
    return room.to_people(ChatDeleted(line_ids=list(line_ids)))
