from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from server.learning.model import Schedule
from server.learning.review import Grade, after_review, is_mastered

HANOI = "Asia/Ho_Chi_Minh"


def at(text: str, zone: str = HANOI) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def local(seconds: float, zone: str = HANOI) -> str:
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).isoformat()[:16]


def test_a_right_answer_is_due_from_the_first_minute_of_another_day() -> None:
    now = at("2026-11-29T21:00")
    after = after_review(Schedule(now), Grade.RIGHT, now, HANOI)
    assert local(after.due_at) == "2026-12-01T00:00"


def test_days_are_those_of_the_learner() -> None:
    now = at("2026-11-29T21:00")  # still 14:00 in UTC, already the 30th in Auckland
    due = {zone: local(after_review(Schedule(now), Grade.RIGHT, now, zone).due_at, zone) for zone in
           (HANOI, "Pacific/Auckland")}  # fmt: skip
    assert due == {HANOI: "2026-12-01T00:00", "Pacific/Auckland": "2026-12-02T00:00"}


def test_a_day_that_a_clock_change_makes_longer_counts_once() -> None:
    zone = "Europe/Berlin"
    now = at("2026-10-24T21:00", zone)
    after = after_review(Schedule(now), Grade.RIGHT, now, zone)
    assert local(after.due_at, zone) == "2026-10-26T00:00"


@pytest.mark.parametrize("zone", [None, "Not/AZone"])
def test_without_a_known_zone_days_are_those_of_utc(zone: str | None) -> None:
    now = at("2026-11-29T21:00", "UTC")
    after = after_review(Schedule(now), Grade.RIGHT, now, zone)
    assert local(after.due_at, "UTC") == "2026-12-01T00:00"


def test_a_wrong_answer_comes_again_after_ten_minutes() -> None:
    now = at("2026-11-29T21:00")
    assert after_review(Schedule(now), Grade.WRONG, now, HANOI).due_at == now + 600


def test_a_second_try_is_due_sooner_than_a_right_answer_and_later_than_a_wrong_one() -> None:
    now = at("2026-11-29T21:00")
    known = after_review(Schedule(now), Grade.RIGHT, now, HANOI)
    again = known.due_at + 3_600
    wrong, second, right = (
        after_review(known, grade, again, HANOI).due_at
        for grade in (Grade.WRONG, Grade.SECOND_TRY, Grade.RIGHT)
    )
    assert wrong < second < right


def test_an_evening_and_the_next_morning_are_a_day_apart() -> None:
    """Twelve hours are no day for FSRS itself, which would lengthen the pause by minutes' learning only."""
    evening = at("2026-11-29T21:00")
    first = after_review(Schedule(evening), Grade.RIGHT, evening, HANOI)
    by_morning = after_review(first, Grade.RIGHT, at("2026-11-30T09:00"), HANOI)
    same_day = after_review(first, Grade.RIGHT, evening + 3_600, HANOI)
    assert by_morning.due_at - at("2026-11-30T00:00") > same_day.due_at - at("2026-11-29T00:00")


def test_pauses_grow_until_a_mistake_is_mastered() -> None:
    schedule, pauses = Schedule(at("2026-01-01T09:00")), []
    for _ in range(4):
        now = schedule.due_at + 3_600
        schedule = after_review(schedule, Grade.RIGHT, now, HANOI)
        pauses.append(schedule.due_at - now)
    assert pauses == sorted(pauses)
    assert is_mastered(schedule)
    lapsed = after_review(schedule, Grade.WRONG, schedule.due_at, HANOI)
    assert not is_mastered(lapsed)


def test_the_same_review_leads_to_the_same_schedule() -> None:
    now = at("2026-11-29T21:00")
    known = Schedule(now, 2, None, 40.0, 5.0, now - 40 * 86_400)
    assert len({after_review(known, Grade.RIGHT, now, HANOI) for _ in range(20)}) == 1
