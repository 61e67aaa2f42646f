"""Pages of lists whose newest rows come first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.common.cursors import cursor_of, position_in
from server.errors import InvalidRequest
from server.people.model import Item, Page, Position
from server.protocol.field_errors import wrong_field


def page_of(found: Sequence[Item], limit: int, position_of: Callable[[Item], Position]) -> Page[Item]:
    """`found`: up to one row more than `limit`, which says that there is another page."""
    items = found[:limit]
    more = len(found) > limit
    return Page(items, cursor_of(*position_of(items[-1])) if more else None)


def decode(cursor: str | None) -> Position | None:
    """Raises InvalidRequest for what `page_of` has not returned."""
    if cursor is None:
        return None
    try:
        return position_in(cursor)
    except ValueError:
        raise InvalidRequest(
            "The cursor does not belong to this list.",
            errors=[wrong_field("cursor", "is not a cursor of this list")],
        ) from None
