"""Changes what a room is about, and its options, for the host and co-hosts while it runs."""

from __future__ import annotations

from dataclasses import replace

from server.errors import Conflict, InvalidRequest
from server.protocol.club import EditRoom
from server.protocol.entities import RoomType
from server.protocol.field_errors import wrong_field
from server.protocol.rooms import Ok
from server.rooms.effects import Effects
from server.rooms.entrance import require_voice
from server.rooms.media import MediaActions
from server.rooms.model import RoomInfo, TutorSettings
from server.rooms.ports import CleanText, WallClock, as_it_is
from server.rooms.runtime import OpenRooms, Place, as_cohost
from server.rooms.tutor import TutorActions

_OPTIONS = ("tutor_allowed", "links_allowed", "chat_open")
_ABOUT = ("name", "topic", "language", "max_participants")


def edited(info: RoomInfo, edit: EditRoom, present: int) -> RoomInfo:
    """The room's record after the edit. `present`: people in the room, those with a held seat too.

    A tutor follows in language, level and topic as far as it had those of the room. Raises Conflict for the
    size and the tutor of a room to practise alone, InvalidRequest for fewer chairs than people.
    """
    if info.type is RoomType.AI and (edit.max_participants is not None or edit.tutor_allowed is False):
        raise Conflict("A room to practise alone keeps its size and its tutor.")
    if edit.max_participants is not None and edit.max_participants < present:
        error = wrong_field("maxParticipants", f"must be at least {present}", "out_of_range")
        raise InvalidRequest("People sit on more chairs than that.", errors=[error])
    about = {name: getattr(edit, name) for name in _ABOUT if getattr(edit, name) is not None}
    options = {name: getattr(edit, name) for name in _OPTIONS if getattr(edit, name) is not None}
    level = info.level if edit.level is None else edit.level.value
    after = replace(info, **about, level=level, options=replace(info.options, **options))
    return replace(after, tutor=_following(info, after))


def _following(before: RoomInfo, after: RoomInfo) -> TutorSettings | None:
    tutor = before.tutor
    if tutor is None:
        return None
    return replace(
        tutor,
        language=after.language if tutor.language == before.language else tutor.language,
        level=after.level if tutor.level == before.level else tutor.level,
        topic=after.topic if tutor.topic == before.topic else tutor.topic,
    )


class Editing:
    def __init__(
        self,
        rooms: OpenRooms,
        effects: Effects,
        media: MediaActions,
        tutor: TutorActions,
        wall_clock: WallClock,
        clean_text: CleanText = as_it_is,
    ) -> None:
        self._rooms = rooms
        self._effects = effects
        self._media = media
        self._tutor = tutor
        self._wall_clock = wall_clock
        self._clean_text = clean_text

    @as_cohost
    async def edit_room(self, place: Place, payload: EditRoom) -> Ok:
        """Everybody in the room and the list of rooms see it at once. Raises NotJoined, NotCohost, NotHost
        (`chat_open`), MutedByModerator for words, Unavailable, and as `edited`."""
        room = place.room
        if payload.chat_open is not None:
            room.require_host(place.member.user.id)
        if payload.name is not None or payload.topic is not None:
            require_voice(place.member, self._wall_clock())
        if room.info.type is not RoomType.AI:
            payload = self._cleaned(payload)
        info = edited(room.info, payload, len(room.people))
        if not info.options.tutor_allowed and info.tutor is not None:
            await self._tutor.remove(room)
            info = replace(info, tutor=None)
        await self._effects.commit(room, room.change(info))
        self._media.offer_more_slots(place.opened)
        return Ok()

    def _cleaned(self, edit: EditRoom) -> EditRoom:
        """Raises InvalidRequest."""
        given = {name: getattr(edit, name) for name in ("name", "topic")}
        clean = {name: self._clean_text(text, name) for name, text in given.items() if text is not None}
        return edit.model_copy(update=clean)
