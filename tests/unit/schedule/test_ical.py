"""Calendars: valid by `icalendar`, and read by `recurring-ical-events` as this server reads its own rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from server.protocol.entities import RoomType
from server.schedule.ical import Site, event_file, feed
from server.schedule.model import Event, Host, Listing, Occurrence, Place, Plan, Status
from server.schedule.recurrence import Frequency, Rule, expand, instant
from server.schedule.vtimezone import vtimezone
from tests.fakes.scale import scaled

SITE = Site("https://parlor.example")
NOW = datetime(2027, 1, 1, tzinfo=UTC).timestamp()
ZONES = (
    "America/New_York",
    "Asia/Ho_Chi_Minh",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Europe/London",
    "Africa/Casablanca",
    "America/Sao_Paulo",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Antarctica/Troll",
    "UTC",
)


def plan(start: datetime, zone: str, rule: Rule | None, **other: Any) -> Plan:
    about = {"name": "Tea, cakes; and talk", "topic": "Line one\\two", "level": "B1", "language": "en"}
    room = {"type": RoomType.PUBLIC, "tags": (), "seats": 6, "waiting_room": False, "opens_alone": True}
    return Plan(**{**about, **room, "start": start, "zone": zone, "minutes": 45, "rule": rule, **other})


def made(planned: Plan, now: float = NOW) -> tuple[Event, list[Occurrence]]:
    event = Event("e1", "ann", planned, now, now)
    found = []
    for number, at in enumerate(expand(planned.start, planned.rule)):
        starts_at = instant(at, planned.zone)
        ends_at = starts_at + planned.minutes * 60
        found.append(Occurrence(f"o{number}", "e1", at, at, starts_at, ends_at, now))
    return event, found


def instants(file: bytes) -> list[float]:
    calendar = icalendar.Calendar.from_ical(file)
    found = recurring_ical_events.of(calendar).between(datetime(2026, 6, 1), datetime(2030, 1, 1))
    return sorted(component["DTSTART"].dt.timestamp() for component in found)


_RULES = st.one_of(
    st.builds(Rule, st.just(Frequency.DAILY), interval=st.integers(1, 12), count=st.integers(1, 52)),
    st.builds(
        Rule,
        st.just(Frequency.WEEKLY),
        interval=st.integers(1, 6),
        days=st.sets(st.integers(0, 6)).map(lambda found: tuple(sorted(found))),
        count=st.integers(1, 52),
    ),
    st.builds(
        Rule,
        st.just(Frequency.MONTHLY),
        interval=st.integers(1, 6),
        nth=st.sampled_from([None, 1, 2, 3, 4, -1]),
        count=st.integers(1, 24),
    ),
    st.builds(
        Rule,
        st.sampled_from(Frequency),
        until=st.dates(date(2027, 1, 1), date(2028, 2, 1)),
    ),
)
_STARTS = st.datetimes(datetime(2027, 1, 2), datetime(2028, 1, 1)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@pytest.mark.fuzz
@given(start=_STARTS, zone=st.sampled_from(ZONES), rule=_RULES)
@settings(max_examples=scaled(150, 20_000, "fuzz"), deadline=None)
def test_calendars_read_a_rule_as_this_server_does(start: datetime, zone: str, rule: Rule) -> None:
    event, occurrences = made(plan(start, zone, rule))
    if not occurrences:
        return
    assert instants(event_file(event, occurrences, SITE, NOW)) == [o.starts_at for o in occurrences]


@pytest.mark.parametrize("zone", ZONES)
def test_a_daily_event_keeps_its_local_time_over_every_change_of_clocks(zone: str) -> None:
    rule = Rule(Frequency.DAILY, until=date(2028, 1, 1))
    event, occurrences = made(plan(datetime(2027, 1, 2, 2, 30), zone, rule))
    assert instants(event_file(event, occurrences, SITE, NOW)) == [o.starts_at for o in occurrences]
    shown = {f"{datetime.fromtimestamp(o.starts_at, ZoneInfo(zone)):%H:%M}" for o in occurrences}
    assert "02:30" in shown
    assert len(shown) <= 2  # the other one is that of the night in which 2:30 does not exist


def test_days_that_are_left_out_moved_or_over_are_so_in_the_file() -> None:
    event, occurrences = made(plan(datetime(2027, 3, 9, 19), ZONES[0], Rule(Frequency.WEEKLY, count=5)))
    later = occurrences[3].start + timedelta(hours=2)
    moved_at = instant(later, ZONES[0])
    changed = [
        occurrences[0],
        occurrences[1],
        replace(occurrences[2], status=Status.CANCELLED),
        replace(occurrences[3], start=later, starts_at=moved_at, ends_at=moved_at + 2_700, sequence=1),
        replace(occurrences[4], name="The last one"),
    ]
    now = occurrences[0].ends_at + 1
    file = event_file(event, changed, SITE, now)
    assert instants(file) == [changed[1].starts_at, moved_at, changed[4].starts_at]
    components = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert [str(c["SUMMARY"]) for c in components] == ["Tea, cakes; and talk"] * 2 + ["The last one"]
    assert {str(c["UID"]) for c in components} == {"e1@parlor.example"}
    assert [c["SEQUENCE"] for c in components] == [0, 1, 0]


def test_a_cancelled_event_is_a_cancellation_with_the_same_uid() -> None:
    event, occurrences = made(plan(datetime(2027, 3, 9, 19), ZONES[0], Rule(Frequency.WEEKLY, count=2)))
    gone = replace(event, status=Status.CANCELLED, sequence=1)
    calendar = icalendar.Calendar.from_ical(event_file(gone, occurrences, SITE, NOW))
    [component] = calendar.walk("VEVENT")
    assert (calendar["METHOD"], component["STATUS"]) == ("CANCEL", "CANCELLED")
    assert (component["UID"], component["SEQUENCE"]) == ("e1@parlor.example", 1)


def test_a_feed_is_valid_and_says_what_is_sure() -> None:
    event, occurrences = made(plan(datetime(2027, 3, 9, 19), ZONES[0], Rule(Frequency.WEEKLY, count=3)))
    host = Host("ann", "Ann", "/a.svg")
    listings = [
        Listing(event, occurrences[0], host, 1, 0, Place.GOING),
        Listing(event, occurrences[1], host, 5, 1, Place.WAITING),
        Listing(event, replace(occurrences[2], status=Status.CANCELLED), host, 0, 0, Place.GOING),
    ]
    calendar = icalendar.Calendar.from_ical(feed(listings, SITE, "ben"))
    components = calendar.walk("VEVENT")
    assert [str(c["STATUS"]) for c in components] == ["CONFIRMED", "TENTATIVE", "CANCELLED"]
    assert [str(c["UID"]) for c in components] == [f"o{n}@parlor.example" for n in range(3)]
    assert components[0].decoded("DTSTART") == datetime(2027, 3, 10, tzinfo=UTC)
    assert str(components[0]["URL"]) == "https://parlor.example/schedule/e1?at=o0"
    for required in ("PRODID", "VERSION", "METHOD"):
        assert required in calendar
    own = icalendar.Calendar.from_ical(feed(listings[1:2], SITE, "ann")).walk("VEVENT")
    assert [str(c["STATUS"]) for c in own] == ["CONFIRMED"]


@pytest.mark.parametrize("zone", ZONES)
def test_a_zone_is_written_with_the_changes_of_its_clocks(zone: str) -> None:
    first, last = datetime(2027, 1, 2, tzinfo=UTC), datetime(2027, 12, 30, tzinfo=UTC)
    written = vtimezone(zone, first, last)
    component: Any = icalendar.Timezone.from_ical(written.to_ical())
    read = component.to_tz(lookup_tzid=False)
    for hours in range(363 * 24):
        at = (first + timedelta(hours=hours)).astimezone(ZoneInfo(zone))
        local = at.replace(tzinfo=None)
        if at.fold or instant(local, zone) != at.timestamp():
            continue  # a local time that occurs twice
        assert local.replace(tzinfo=read).utcoffset() == at.utcoffset(), local
