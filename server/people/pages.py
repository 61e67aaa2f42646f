"""Pages of lists whose newest rows come first. Pure.

A cursor holds the place of the last row, so that rows that come or go between two pages shift no others.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable, Sequence

from server.errors import InvalidRequest
from server.people.model import Item, Page, Position
from server.protocol.field_errors import wrong_field

_MAX_ID = 64


def page_of(found: Sequence[Item], limit: int, position_of: Callable[[Item], Position]) -> Page[Item]:
    """`found`: up to one row more than `limit`, which says that there is another page."""
    items = found[:limit]
    more = len(found) > limit
    return Page(items, encode(position_of(items[-1])) if more else None)


def encode(position: Position) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def decode(cursor: str | None) -> Position | None:
    """Raises InvalidRequest for what `encode` has not returned."""
    if cursor is None:
        return None
    try:
        at, name = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if isinstance(at, float) and math.isfinite(at) and isinstance(name, str) and name.isascii():
            return at, name[:_MAX_ID]
    except (ValueError, TypeError, RecursionError, binascii.Error):
        pass
    raise InvalidRequest(
        "The cursor does not belong to this list.",
        errors=[wrong_field("cursor", "is not a cursor of this list")],
    )
