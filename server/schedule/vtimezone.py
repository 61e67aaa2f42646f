"""A time zone as a component of a calendar: the changes of its clocks in the years of an event.

`icalendar` can make one, from 1970 on and with the onset of summer time an hour late (7.3: it writes the new
local time, where RFC 5545, section 3.6.5, wants the old one).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY = timedelta(days=1)


def vtimezone(zone: str, first: datetime, last: datetime) -> Timezone:
    """`first` and `last` are aware. Clocks change at most once a day."""
    info = ZoneInfo(zone)
    made = Timezone()
    made.add("tzid", zone)
    begin = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - _DAY
    made.add_component(_observance(begin, info, begin.astimezone(info).utcoffset()))
    for at in _changes(begin, last.astimezone(UTC) + _DAY, info):
        before = (at - timedelta(seconds=1)).astimezone(info).utcoffset()
        made.add_component(_observance(at, info, before))
    return made


def _changes(begin: datetime, end: datetime, info: ZoneInfo) -> Iterator[datetime]:
    """Instants at which the offset changes."""
    at = begin
    while at < end:
        later = at + _DAY
        if at.astimezone(info).utcoffset() != later.astimezone(info).utcoffset():
            yield _change_between(at, later, info)
        at = later


def _change_between(low: datetime, high: datetime, info: ZoneInfo) -> datetime:
    before = low.astimezone(info).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(info).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _observance(
    at: datetime, info: ZoneInfo, before: timedelta | None
) -> TimezoneStandard | TimezoneDaylight:
    """Return what holds from that instant on. Its start is the local time by the offset of before."""
    local = at.astimezone(info)
    made = TimezoneDaylight() if local.dst() else TimezoneStandard()
    made.add("dtstart", (at + (before or timedelta())).replace(tzinfo=None))
    made.add("tzoffsetfrom", before or timedelta())
    made.add("tzoffsetto", local.utcoffset() or timedelta())
    made.add("tzname", local.tzname() or info.key)
    return made
