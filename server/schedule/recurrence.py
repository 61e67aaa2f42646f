"""When an event takes place: a rule is expanded in local time, and each local time becomes an instant.

The rules are a part of RFC 5545 (RRULE): daily, weekly and monthly. Expanding in UTC would shift every event
by an hour when the clocks change. A local time that a change of clocks leaves out moves forward by the gap;
of one that occurs twice the first counts (RFC 5545, section 3.3.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count, islice
from zoneinfo import ZoneInfo

MAX_COUNT = 52
MAX_DAYS = 366
"""The last occurrence is within so many days of the first, and of today."""
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS_LOOKED_AT = 120
_WEEK = timedelta(days=7)


class Frequency(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Rule:
    """`days`: weekdays, 0 is Monday, of a weekly rule; without any that of the start. `nth`: of a monthly
    rule the nth weekday of the start's kind, −1 for the last; None: the start's day of the month, which short
    months leave out. It ends after `count` occurrences or on the day `until`, whichever is set."""

    frequency: Frequency
    interval: int = 1
    days: tuple[int, ...] = ()
    nth: int | None = None
    count: int | None = None
    until: date | None = None


def instant(local: datetime, zone: str) -> float:
    """Seconds since the epoch of a local time."""
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).timestamp()


def local_time(at: float, zone: str) -> datetime:
    """The local time of an instant, without zone."""
    return datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def expand(start: datetime, rule: Rule | None) -> list[datetime]:
    """The local starts, at most `MAX_DAYS` of them. `start` is the first if it fits the rule; otherwise the
    first one after it is."""
    if rule is None:
        return [start]
    last = _last_day(start, rule)
    found = (at for at in _candidates(start, rule) if at >= start)
    most = min(rule.count or MAX_DAYS, MAX_DAYS)
    return list(islice(_while_before(found, last), most))


def shifted(rule: Rule, days: int) -> Rule:
    """The rule of a series whose start moves by so many days: its weekdays move along."""
    moved = tuple(sorted((day + days) % 7 for day in rule.days))
    return replace(rule, days=moved, nth=None if days and rule.nth is not None else rule.nth)


def nth_of(day: date) -> int:
    """Return which weekday of its kind the day is in its month: 1 to 4, −1 for the last."""
    return -1 if (day + _WEEK).month != day.month else (day.day - 1) // 7 + 1


def _last_day(start: datetime, rule: Rule) -> date:
    longest = start.date() + timedelta(days=MAX_DAYS)
    return min(rule.until, longest) if rule.until is not None else longest


def _while_before(found: Iterator[datetime], last: date) -> Iterator[datetime]:
    for at in found:
        if at.date() > last:
            return
        yield at


def _candidates(start: datetime, rule: Rule) -> Iterator[datetime]:
    match rule.frequency:
        case Frequency.DAILY:
            return (start + timedelta(days=rule.interval * step) for step in count())
        case Frequency.WEEKLY:
            return _weekly(start, rule)
        case Frequency.MONTHLY:
            return _monthly(start, rule)


def _weekly(start: datetime, rule: Rule) -> Iterator[datetime]:
    """Weeks begin on Monday (WKST=MO), which matters for every second week."""
    monday = start - timedelta(days=start.weekday())
    days = sorted(rule.days) or [start.weekday()]
    for step in count():
        week = monday + _WEEK * rule.interval * step
        yield from (week + timedelta(days=day) for day in days)


def _monthly(start: datetime, rule: Rule) -> Iterator[datetime]:
    for step in range(0, _MONTHS_LOOKED_AT, rule.interval):
        months = start.year * 12 + start.month - 1 + step
        day = _day_in(months // 12, months % 12 + 1, start, rule.nth)
        if day is not None:
            yield datetime.combine(day, start.time())


def _day_in(year: int, month: int, start: datetime, nth: int | None) -> date | None:
    """None in a month without such a day."""
    first = date(year, month, 1)
    if nth is None:
        day = first + timedelta(days=start.day - 1)
    elif nth > 0:
        day = first + timedelta(days=(start.weekday() - first.weekday()) % 7) + _WEEK * (nth - 1)
    else:
        next_month = (first + timedelta(days=31)).replace(day=1)
        day = next_month - timedelta(days=(next_month.weekday() - start.weekday() - 1) % 7 + 1)
    return day if day.month == month else None
