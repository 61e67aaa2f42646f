"""Finding rooms: filters, search, order and pages, over what the lobby knows. Pure."""

from __future__ import annotations

import base64
import binascii
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from server.errors import InvalidRequest
from server.rooms.model import RoomType
from server.rooms.views import RoomView

Sort = Literal["participants", "newest"]
_Key = tuple[float, float, str]
_LETTERS = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe"})
"""Letters that Unicode does not decompose, but that people type without their stroke."""


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Empty `levels`: any level. `search`: each of its words occurs in name, topic or a tag."""

    levels: frozenset[str] = frozenset()
    search: str = ""
    sort: Sort = "participants"
    type: RoomType | None = None
    language: str | None = None
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`next_cursor` None: this was the last page."""

    items: Sequence[RoomView]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A room with the text that searches look at, folded once."""

    view: RoomView
    text: str = field(compare=False)

    @classmethod
    def of(cls, view: RoomView) -> Listed:
        return cls(view, fold(" ".join((view.name, view.topic, *view.tags))))


def fold(text: str) -> str:
    """Without case and accents, so that `cafe` finds `Café` and `du lich` finds `Du lịch`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return bare.translate(_LETTERS)


def list_rooms(rooms: Iterable[Listed], query: ListQuery) -> Page:
    """One page. A room that comes or goes between two pages shifts no other: the cursor holds the last
    item's place in the order, not its index. Raises InvalidRequest for a cursor that is not ours."""
    after = _decode(query.cursor, query.sort) if query.cursor else None
    words = fold(query.search).split()
    keyed = [(_key(room.view, query.sort), room.view) for room in rooms if _matches(room, query, words)]
    found = sorted(keyed, key=lambda pair: pair[0])
    rest = [pair for pair in found if after is None or pair[0] > after]
    page = rest[: query.limit]
    more = len(rest) > len(page)
    return Page([view for _, view in page], _encode(page[-1][0], query.sort) if more and page else None)


def _matches(room: Listed, query: ListQuery, words: Sequence[str]) -> bool:
    view = room.view
    return (
        (not query.levels or view.level in query.levels)
        and (query.type is None or view.type is query.type)
        and (query.language is None or view.language == query.language)
        and all(word in room.text for word in words)
    )


def _key(view: RoomView, sort: Sort) -> _Key:
    people = -view.people if sort == "participants" else 0
    return (people, -view.created_at, view.id)


def _encode(key: _Key, sort: Sort) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, *key]).encode()).decode().rstrip("=")


def _decode(cursor: str, sort: Sort) -> _Key:
    try:
        data = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        kind, people, created, room_id = data
        key = (float(people), float(created), room_id)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        kind, key = None, (0.0, 0.0, None)
    if kind != sort or not isinstance(key[2], str):
        raise InvalidRequest("The cursor does not belong to this list.", errors=[_CURSOR_ERROR])
    return key


_CURSOR_ERROR = {"path": "cursor", "message": "is not one that this list gave"}
