from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.notices.quiet import DAY_MINUTES, QuietHours, next_allowed
from tests.fakes.scale import scaled

NIGHT = QuietHours(22 * 60, 7 * 60)
ZONES = (
    "UTC",
    "America/New_York",
    "Asia/Ho_Chi_Minh",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Havana",
)


def at(zone: str, year: int, month: int, day: int, hour: int, minute: int = 0) -> float:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp()


def test_what_comes_at_night_waits_for_the_morning_of_the_persons_own_zone() -> None:
    zone = "Asia/Ho_Chi_Minh"
    morning = at(zone, 2027, 3, 15, 7)
    assert next_allowed(at(zone, 2027, 3, 14, 23), zone, NIGHT) == morning
    assert next_allowed(at(zone, 2027, 3, 15, 3), zone, NIGHT) == morning
    assert next_allowed(morning, zone, NIGHT) == morning
    evening = at(zone, 2027, 3, 15, 21, 59)
    assert next_allowed(evening, zone, NIGHT) == evening
    assert next_allowed(at(zone, 2027, 3, 14, 23), "America/New_York", NIGHT) == at(zone, 2027, 3, 14, 23)


def test_hours_within_a_day_and_no_hours_at_all() -> None:
    siesta = QuietHours(13 * 60, 14 * 60 + 30)
    noon = at("UTC", 2027, 3, 15, 13, 10)
    assert next_allowed(noon, None, siesta) == at("UTC", 2027, 3, 15, 14, 30)
    assert next_allowed(noon, "UTC", None) == noon


@pytest.mark.parametrize(
    ("now", "end"),
    [
        # The clock goes from 2:00 to 3:00: the night is an hour shorter.
        ((2027, 3, 14, 1, 30), (2027, 3, 14, 7)),
        # It goes back from 2:00 to 1:00.
        ((2027, 11, 7, 0, 30), (2027, 11, 7, 7)),
    ],
)
def test_the_night_ends_by_the_clock_on_the_wall(now: tuple[int, ...], end: tuple[int, ...]) -> None:
    assert next_allowed(at("America/New_York", *now), "America/New_York", NIGHT) == at(
        "America/New_York", *end
    )


def test_an_end_that_the_clock_shows_twice_is_the_next_one() -> None:
    zone, quiet = "America/New_York", QuietHours(0, 90)
    first = at(zone, 2027, 11, 7, 0, 15)
    assert next_allowed(first, zone, quiet) == at(zone, 2027, 11, 7, 1, 30)
    again = at(zone, 2027, 11, 7, 1, 15) + 3_600
    assert next_allowed(again, zone, quiet) == at(zone, 2027, 11, 7, 1, 30) + 3_600


_times = st.integers(0, DAY_MINUTES - 1)
_quiet = st.tuples(_times, _times).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: QuietHours(*pair))
_around_changes = st.sampled_from(
    [
        at("America/New_York", 2027, 3, 14, 2),
        at("America/New_York", 2027, 11, 7, 2),
        at("UTC", 2027, 10, 2, 15),
    ]
)


@settings(max_examples=scaled(200, 20_000, "fuzz"), deadline=None)
@given(_around_changes, st.integers(-2_880, 2_880), st.sampled_from(ZONES), _quiet)
def test_nothing_goes_out_in_quiet_hours_and_nothing_waits_for_longer(
    day: float, minutes: int, zone: str, quiet: QuietHours
) -> None:
    now = day + minutes * 60
    allowed = next_allowed(now, zone, quiet)
    assert now <= allowed <= now + 25 * 3_600
    local = datetime.fromtimestamp(allowed, UTC).astimezone(ZoneInfo(zone))
    assert not quiet.has(local.hour * 60 + local.minute)
    assert next_allowed(allowed, zone, quiet) == allowed
