"""Quiet hours: a part of each day, by a person's own clock, in which no message goes to their devices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from server.common.time_zones import zone_of

DAY_MINUTES = 1_440


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to before `end`, minutes after midnight. They may span midnight; they are never equal."""

    start: int
    end: int

    def has(self, minute: int) -> bool:
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


def next_allowed(now: float, time_zone: str | None, quiet: QuietHours | None) -> float:
    """`now`, or the end of the quiet hours that it is in. Without a known zone they are in UTC."""
    if quiet is None:
        return now
    zone = zone_of(time_zone)
    local = datetime.fromtimestamp(now, zone)
    if not quiet.has(_minute(local)):
        return now
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    ends = (midnight + timedelta(days=day, minutes=quiet.end) for day in (0, 1))
    # A clock that is set back shows the end twice. One that is set forward may skip it: then the time that
    # has passed since midnight counts.
    instants = (end.replace(tzinfo=zone, fold=fold).timestamp() for end in ends for fold in (0, 1))
    return min(at for at in instants if at > now and not _is_quiet(at, time_zone, quiet))


def _is_quiet(at: float, time_zone: str | None, quiet: QuietHours) -> bool:
    return quiet.has(_minute(datetime.fromtimestamp(at, UTC).astimezone(zone_of(time_zone))))


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute
