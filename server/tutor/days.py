"""The day on which somebody practised: a calendar day of their own time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def day_at(at: float, time_zone: str | None) -> date:
    """`at`: seconds since the epoch. UTC if the zone is None or this machine does not know it."""
    return datetime.fromtimestamp(at, _zone(time_zone)).date()


def _zone(name: str | None) -> tzinfo:
    if name is None:
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):  # stored when the time zone database had it
        return UTC
