"""The table of achievements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import available_timezones

from hypothesis import given
from hypothesis import strategies as st

from server.progress.achievements import RULES, newly_earned
from server.progress.model import Counts
from server.progress.streak import streak_of
from server.protocol.progress import AchievementName
from server.tutor.days import day_at, start_of

NAMES = [rule.name for rule in RULES]
counts = st.builds(
    Counts,
    **{f.name: st.floats(0, 1e6) if f.name.endswith("_s") else st.integers(0, 500) for f in fields(Counts)},
)


def test_there_are_twenty_and_each_name_has_one_rule() -> None:
    assert len(NAMES) == 20
    assert sorted(NAMES) == sorted(get_args(AchievementName))


def test_nobody_begins_with_one() -> None:
    assert newly_earned(Counts(), ()) == []


def test_the_first_words_to_the_tutor_are_the_first_talk() -> None:
    assert newly_earned(Counts(turns=1), ()) == ["first_talk"]


def test_an_hour_is_not_rounded_up() -> None:
    assert "one_hour" not in newly_earned(Counts(talked_s=3_599.0), ())
    assert "one_hour" in newly_earned(Counts(talked_s=3_600.0), ())


def test_each_rule_looks_at_a_count_that_can_earn_it() -> None:
    everything = Counts(**{f.name: 1_000_000 for f in fields(Counts)})
    assert newly_earned(everything, ()) == NAMES


@given(before=counts, more=counts)
def test_practice_never_takes_an_achievement_away(before: Counts, more: Counts) -> None:
    names = [field.name for field in fields(Counts)]
    after = Counts(**{name: getattr(before, name) + getattr(more, name) for name in names})
    assert set(newly_earned(before, ())) <= set(newly_earned(after, ()))


@given(found=counts, known=st.sets(st.sampled_from(NAMES)))
def test_counting_again_grants_nothing_again(found: Counts, known: set[AchievementName]) -> None:
    first = newly_earned(found, known)
    assert not set(first) & known
    assert newly_earned(found, known | set(first)) == []


@given(found=counts, split=st.integers(0, len(RULES)))
def test_a_rule_that_is_added_later_is_granted_for_what_was_done_before(found: Counts, split: int) -> None:
    """`known`: what an earlier version with fewer rules had granted."""
    known = [name for name in newly_earned(found, ()) if name in NAMES[:split]]
    assert sorted(known + newly_earned(found, known)) == sorted(newly_earned(found, ()))


def test_progress_is_shown_up_to_the_goal() -> None:
    rule = next(rule for rule in RULES if rule.name == "people_10")
    assert [rule.done(replace(Counts(), people=n)) for n in (0, 4, 10, 12)] == [0, 4, 10, 10]


OF_DAYS = [rule for rule in RULES if rule.name.startswith(("days_", "streak_"))]
zones = st.sampled_from(sorted(available_timezones()))


def of_days(days: Mapping[date, float], today: float) -> Counts:
    return Counts(days=len(days), best_streak=streak_of(list(days.values()), today).best)


@given(
    first=st.datetimes(datetime(2000, 1, 1), datetime(2035, 1, 1)),
    steps=st.lists(st.tuples(st.floats(0.0, 30.0), zones), min_size=1, max_size=60),
)
def test_days_are_earned_by_living_them_whatever_the_time_zone(
    first: datetime, steps: list[tuple[float, str]]
) -> None:
    """26 hours lie between the first and the last place on earth that has a date."""
    began = at = first.replace(tzinfo=UTC).timestamp()
    days: dict[date, float] = {}
    for hours, zone in steps:
        at += hours * 3_600
        day = day_at(at, zone)
        days.setdefault(day, start_of(day, zone))
    lived = (at - began) / 86_400 + 26 / 24 + 2
    earned = newly_earned(of_days(days, at), ())
    assert all(rule.goal <= lived for rule in OF_DAYS if rule.name in earned)


@given(zone=zones, first=st.dates(date(2000, 1, 1), date(2035, 1, 1)), practised=st.lists(st.booleans()))
def test_what_days_have_earned_is_earned_on_every_later_day(
    zone: str, first: date, practised: list[bool]
) -> None:
    """Whatever summer time does, and however often it is counted."""
    days: dict[date, float] = {}
    before: set[AchievementName] = set()
    for n, was_there in enumerate(practised):
        day = first + timedelta(days=n)
        if was_there:
            days[day] = start_of(day, zone)
        now = set(newly_earned(of_days(days, start_of(day, zone)), ()))
        assert before <= now
        before = now
