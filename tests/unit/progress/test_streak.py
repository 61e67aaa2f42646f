"""Days in a row, with one freeze, in any time zone."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.progress.streak import RETURNS_AFTER, Streak, streak_of
from server.tutor.days import day_at, start_of

HANOI = "Asia/Ho_Chi_Minh"
ZONES = sorted(available_timezones())
zones = st.sampled_from(ZONES)
dates = st.dates(date(2000, 1, 1), date(2036, 12, 31))


def begins(day: date, zone: str = HANOI) -> float:
    return start_of(day, zone)


def after(practised: str, zone: str = HANOI, first: date = date(2026, 3, 1)) -> Streak:
    """Each letter is a day from `first` on, the last one is today. `x`: with practice."""
    days = [first + timedelta(days=n) for n in range(len(practised))]
    kept = [begins(day, zone) for day, letter in zip(days, practised, strict=True) if letter == "x"]
    return streak_of(kept, begins(days[-1], zone))


def test_somebody_new_has_no_streak_and_a_freeze() -> None:
    assert after(".") == Streak(0, 0, has_freeze=True, returns_in=0, is_today_done=False, saved=())


def test_days_in_a_row_count_and_today_may_still_come() -> None:
    assert after("xxx").length == 3
    waiting = after("xxx.")
    assert (waiting.length, waiting.is_today_done, waiting.has_freeze) == (3, False, True)


def test_one_missed_day_is_saved_by_the_freeze_and_does_not_count() -> None:
    saved = after("xxx.x")
    assert (saved.length, saved.has_freeze, saved.returns_in) == (4, False, RETURNS_AFTER - 1)
    assert saved.saved == (begins(date(2026, 3, 3)),)


def test_a_day_that_was_just_missed_holds_the_freeze() -> None:
    held = after("xxx..")
    assert (held.length, held.has_freeze, held.returns_in) == (3, False, RETURNS_AFTER)


def test_two_missed_days_end_a_streak_and_leave_the_freeze() -> None:
    over = after("xxx...")
    assert (over.length, over.best, over.has_freeze) == (0, 3, True)
    assert after("xxx..x").length == 1


def test_a_second_missed_day_in_the_same_week_ends_it() -> None:
    assert after("xxx.xx.x") == Streak(1, 5, False, RETURNS_AFTER - 3, is_today_done=True, saved=())


def test_a_week_kept_gives_the_freeze_back() -> None:
    week = "x" * RETURNS_AFTER
    assert after(f"xxx.{week}").has_freeze
    again = after(f"xxx.{week}.x")
    assert (again.length, again.has_freeze) == (3 + RETURNS_AFTER + 1, False)


@given(zone=zones, first=dates, practised=st.lists(st.booleans(), min_size=1, max_size=60))
def test_the_zone_does_not_matter_to_somebody_who_stays(
    zone: str, first: date, practised: list[bool]
) -> None:
    """Whatever summer time does. A date that a zone left out (Samoa, 30 December 2011) is no day."""
    days = [first + timedelta(days=n) for n in range(len(practised))]
    real = [(d, p) for d, p in zip(days, practised, strict=True) if _exists(d, zone)]
    letters = "".join("x" if p else "." for _, p in real)
    kept = [begins(day, zone) for day, p in real if p]
    if real:
        expected = after(letters, "UTC")
        found = streak_of(kept, begins(real[-1][0], zone))
        assert (found.length, found.best, found.has_freeze, found.returns_in, found.is_today_done) == (
            expected.length,
            expected.best,
            expected.has_freeze,
            expected.returns_in,
            expected.is_today_done,
        )


@given(
    first=st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)),
    steps=st.lists(st.tuples(st.floats(0.1, 19.9), zones), min_size=1, max_size=40),
)
def test_changes_of_zone_never_end_a_streak(first: datetime, steps: list[tuple[float, str]]) -> None:
    """Of somebody who practises at least every twenty hours, wherever they say they are."""
    at, days = first.replace(tzinfo=UTC).timestamp(), set()
    zone = HANOI
    for hours, zone in steps:
        at += hours * 3_600
        days.add(begins(day_at(at, zone), zone))
    found = streak_of(list(days), begins(day_at(at, zone), zone))
    assert found.has_freeze
    assert found.length == found.best >= 1


@given(
    first=st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)),
    steps=st.lists(st.tuples(st.floats(0.0, 60.0), zones), min_size=1, max_size=40),
)
def test_no_day_counts_twice(first: datetime, steps: list[tuple[float, str]]) -> None:
    """Real time bounds a streak, however often the zone changes: 26 hours lie between the first place on
    earth that has a date and the last one."""
    began = at = first.replace(tzinfo=UTC).timestamp()
    days: dict[date, float] = {}
    for hours, zone in steps:
        at += hours * 3_600
        day = day_at(at, zone)
        days.setdefault(day, begins(day, zone))
    lived = (at - began) / 86_400
    assert streak_of(list(days.values()), at).best <= lived + 26 / 24 + 2


@given(days=st.lists(st.integers(0, 80), max_size=60), today=st.integers(0, 80), seed=st.randoms())
def test_the_order_and_repetitions_do_not_matter(days: list[int], today: int, seed: random.Random) -> None:
    """So days of a guest and of an account may be united in any way, and read on any server."""
    starts = [begins(date(2026, 3, 1) + timedelta(days=n)) for n in days]
    mixed = [*starts, *starts]
    seed.shuffle(mixed)
    now = begins(date(2026, 3, 1) + timedelta(days=today))
    assert streak_of(mixed, now) == streak_of(sorted(set(starts)), now)


@given(days=st.sets(st.integers(0, 80)), more=st.integers(0, 80))
def test_one_more_day_of_practice_never_makes_the_best_streak_shorter_by_more_than_a_freeze_would(
    days: set[int], more: int
) -> None:
    """A day in a gap may spend the freeze that a later gap had; it can never take away a day."""
    without, with_it = (
        streak_of([begins(date(2026, 3, 1) + timedelta(days=n)) for n in chosen], begins(date(2026, 5, 31)))
        for chosen in (days, days | {more})
    )
    longest = _longest_run(days | {more})
    assert with_it.best >= longest
    assert without.best >= _longest_run(days)


def _longest_run(days: set[int]) -> int:
    best = 0
    for day in days:
        if day - 1 not in days:
            end = day
            while end in days:
                end += 1
            best = max(best, end - day)
    return best


@pytest.mark.parametrize("zone", ["Pacific/Apia", "Pacific/Kwajalein", "Australia/Lord_Howe"])
def test_zones_with_unusual_rules_have_days(zone: str) -> None:
    assert after("xxx", zone).length == 3


def test_a_flight_over_the_date_line_keeps_the_streak_both_ways() -> None:
    honolulu, tokyo = "Pacific/Honolulu", "Asia/Tokyo"
    monday = date(2026, 3, 2)
    east = [begins(monday, honolulu), begins(monday + timedelta(days=2), tokyo)]
    assert streak_of(east, east[-1]).length == 2
    west = [begins(monday, tokyo), begins(monday, honolulu), begins(monday + timedelta(days=1), honolulu)]
    assert streak_of(west, west[-1]).length >= 2
    assert streak_of(west, west[-1]).has_freeze


def _exists(day: date, zone: str) -> bool:
    noon = datetime.combine(day, time(12), ZoneInfo(zone))
    return noon.astimezone(UTC).astimezone(ZoneInfo(zone)).date() == day
