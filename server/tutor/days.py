"""The day on which somebody practised: a calendar day of their own time zone."""

from __future__ import annotations

from datetime import date, datetime, time

from server.common.time_zones import zone_of


def day_at(at: float, time_zone: str | None) -> date:
    """`at`: seconds since the epoch. UTC if the zone is None or this machine does not know it."""
    return datetime.fromtimestamp(at, zone_of(time_zone)).date()


def start_of(day: date, time_zone: str | None) -> float:
    """The instant at which the day begins there, seconds since the epoch."""
    return datetime.combine(day, time(), zone_of(time_zone)).timestamp()
