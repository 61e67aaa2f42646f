from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from server.schedule.recurrence import Frequency, Rule, expand, instant, local_time, nth_of, shifted

START = datetime(2027, 3, 9, 19, 0)  # a Tuesday
DAILY, WEEKLY, MONTHLY = Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY


def days(start: datetime, rule: Rule | None) -> list[str]:
    return [f"{at:%m-%d}" for at in expand(start, rule)]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (None, ["03-09"]),
        (Rule(DAILY, interval=3, count=3), ["03-09", "03-12", "03-15"]),
        (Rule(WEEKLY, count=2), ["03-09", "03-16"]),
        (Rule(WEEKLY, days=(1, 3), count=3), ["03-09", "03-11", "03-16"]),
        # The first one is the first that fits.
        (Rule(WEEKLY, days=(0,), count=2), ["03-15", "03-22"]),
        # Weeks begin on Monday: Monday the 8th is in the week of the start, and before it.
        (Rule(WEEKLY, interval=2, days=(0, 1), count=3), ["03-09", "03-22", "03-23"]),
        (Rule(WEEKLY, until=date(2027, 3, 23)), ["03-09", "03-16", "03-23"]),
        (Rule(MONTHLY, count=3), ["03-09", "04-09", "05-09"]),
        (Rule(MONTHLY, nth=2, count=3), ["03-09", "04-13", "05-11"]),
        (Rule(MONTHLY, nth=-1, count=2), ["03-30", "04-27"]),
    ],
)
def test_a_rule_is_expanded_in_local_time(rule: Rule | None, found: list[str]) -> None:
    assert days(START, rule) == found


def test_short_months_leave_the_31st_out() -> None:
    assert days(datetime(2027, 1, 31, 9), Rule(MONTHLY, count=3)) == ["01-31", "03-31", "05-31"]


def test_a_series_ends_after_a_year() -> None:
    assert len(expand(START, Rule(DAILY, until=date(2040, 1, 1)))) == 366
    assert expand(START, Rule(MONTHLY, interval=12, count=52))[-1] == datetime(2028, 3, 9, 19, 0)


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        # Seven in the evening in New York, before and after the clocks change on 14 March 2027.
        ("America/New_York", "2027-03-09T19:00", "2027-03-10T00:00"),
        ("America/New_York", "2027-03-16T19:00", "2027-03-16T23:00"),
        ("Asia/Ho_Chi_Minh", "2027-03-10T07:00", "2027-03-10T00:00"),
        # Half past two does not exist that night: it moves forward by the hour that is left out.
        ("America/New_York", "2027-03-14T02:30", "2027-03-14T07:30"),
        # Half past one happens twice: the first counts.
        ("America/New_York", "2027-11-07T01:30", "2027-11-07T05:30"),
        # The clocks change by half an hour.
        ("Australia/Lord_Howe", "2027-10-03T02:15", "2027-10-02T15:45"),
        ("Asia/Kathmandu", "2027-03-10T07:00", "2027-03-10T01:15"),
    ],
)
def test_a_local_time_is_one_instant(zone: str, local: str, utc: str) -> None:
    expected = datetime.fromisoformat(f"{utc}+00:00").timestamp()
    assert instant(datetime.fromisoformat(local), zone) == expected
    assert instant(local_time(expected, zone), zone) == expected


def test_weekdays_move_along_with_the_start() -> None:
    assert shifted(Rule(WEEKLY, days=(1, 6), count=4), 1).days == (0, 2)
    assert shifted(Rule(MONTHLY, nth=2, count=4), 0).nth == 2
    assert shifted(Rule(MONTHLY, nth=2, count=4), 7).nth is None


def test_the_weekdays_of_a_month_are_counted_and_the_last_is_the_last() -> None:
    first = datetime(2027, 3, 1)
    assert [nth_of((first + timedelta(days=7 * n)).date()) for n in range(5)] == [1, 2, 3, 4, -1]
