"""The list of rooms: filters, search, order and pages. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from server.errors import InvalidRequest
from server.protocol.entities import ListedRoom
from server.protocol.field_errors import wrong_field
from server.protocol.rest import RoomPage, RoomQuery
from server.rooms.search import fold, search_words

_Key = tuple[float, float, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A room with the text that searches look at, folded once."""

    room: ListedRoom
    text: str = field(compare=False)

    @classmethod
    def of(cls, room: ListedRoom) -> Listed:
        return cls(room, fold(" ".join((room.name, room.topic, *room.tags))))


def page_of(rooms: Iterable[Listed], query: RoomQuery) -> RoomPage:
    """One page. The cursor holds the last item's place in the order, not its index, so a room that opens or
    closes between two pages shifts no other room. Raises InvalidRequest for a cursor of another list."""
    after = _decode(query.cursor, query.sort) if query.cursor else None
    words = search_words(query.search)
    keyed = [(_key(each.room, query.sort), each.room) for each in rooms if _matches(each, query, words)]
    found = sorted(keyed, key=lambda pair: pair[0])
    rest = [pair for pair in found if after is None or pair[0] > after]
    page = rest[: query.limit]
    more = len(rest) > len(page)
    cursor = _encode(page[-1][0], query.sort) if more and page else None
    return RoomPage(items=[room for _, room in page], next_cursor=cursor, search_words=words)


def _matches(listed: Listed, query: RoomQuery, words: Sequence[str]) -> bool:
    """No `level` means any; every word of the search must occur in the name, the topic or a tag."""
    room = listed.room
    return (
        (not query.level or room.level in query.level)
        and (query.type is None or room.type is query.type)
        and (query.language is None or room.language == query.language)
        and all(word in listed.text for word in words)
    )


def _key(room: ListedRoom, sort: str) -> _Key:
    people = -room.participant_count if sort == "participants" else 0
    return (people, -room.created_at.timestamp(), room.id)


def _encode(key: _Key, sort: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, *key]).encode()).decode().rstrip("=")


def _decode(cursor: str, sort: str) -> _Key:
    try:
        data = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        kind, people, created, room_id = data
        key = (float(people), float(created), room_id)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        kind, key = None, (0.0, 0.0, None)
    if kind != sort or not isinstance(key[2], str):
        raise InvalidRequest("The cursor does not belong to this list.", errors=[_CURSOR_ERROR])
    return key


_CURSOR_ERROR = wrong_field("cursor", "was not returned by this list")
