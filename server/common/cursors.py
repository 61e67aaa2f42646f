"""Cursors of pages: time and id of the last row, so that rows that come or go shift no others."""

from __future__ import annotations

import base64
import math
import re

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def cursor_of(at: float, row_id: str) -> str:
    return base64.urlsafe_b64encode(f"{at!r} {row_id}".encode()).decode()


def position_in(cursor: str) -> tuple[float, str]:
    """The time and the id. Raises ValueError for what `cursor_of` cannot have returned: a database may refuse
    it, as PostgreSQL does NUL."""
    at, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().split(" ")
    if not math.isfinite(float(at)) or not _ID.fullmatch(row_id):
        raise ValueError("not the place of a row")
    return float(at), row_id
