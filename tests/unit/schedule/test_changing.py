"""What a host's change makes of times that have something of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from server.protocol.schedule import ChangeEvent, CreateEvent
from server.schedule.changing import changed
from server.schedule.model import Event, Occurrence
from server.schedule.planning import new_event, plan_of

NOW = datetime(2027, 3, 1, tzinfo=UTC).timestamp()
HOUR_S, MINUTE_S = 3_600.0, 60.0


class Series:
    """Tea at 19:00 on three Tuesdays, for an hour each."""

    def __init__(self) -> None:
        wanted = {
            "name": "Tea",
            "topic": "Green tea",
            "level": "B1",
            "localStart": "2027-03-09T19:00",
            "timeZone": "UTC",
            "repeat": {"frequency": "weekly", "count": 3},
        }
        plan = plan_of(CreateEvent.model_validate(wanted))
        self.event, made = new_event("u1", plan, NOW)
        self.times = list(made)

    def change(self, scope: str, index: int, **changes: Any) -> None:
        body = {"scope": scope, "occurrenceId": self.times[index].id, **changes}
        edit = changed(self.event, self.times, ChangeEvent.model_validate(body), NOW)
        found = {o.id: o for o in (*self.times, *edit.occurrences)}
        self.event, self.times = edit.events[-1], sorted(found.values(), key=lambda o: o.planned)

    def shown(self) -> list[tuple[str, str, float]]:
        """Name, local start and minutes of each time."""
        return [(_name(self.event, o), f"{o.start:%d %H:%M}", _minutes(o)) for o in self.times]


def _name(event: Event, occurrence: Occurrence) -> str:
    return occurrence.name or event.plan.name


def _minutes(occurrence: Occurrence) -> float:
    return (occurrence.ends_at - occurrence.starts_at) / MINUTE_S


def test_what_one_time_has_of_its_own_outlives_a_change_of_all() -> None:
    series = Series()
    series.change("this", 1, name="Cake", localStart="2027-03-16T20:00", durationMinutes=90)
    series.change("all", 0, level="B2", name="Coffee")
    assert series.shown() == [
        ("Coffee", "09 19:00", 60),
        ("Cake", "16 20:00", 90),
        ("Coffee", "23 19:00", 60),
    ]
    assert series.event.plan.level == "B2"


def test_a_longer_time_stays_longer_when_all_move_and_becomes_as_long_as_all_if_they_change() -> None:
    series = Series()
    series.change("this", 1, durationMinutes=90)
    series.change("all", 0, localStart="2027-03-09T18:00")
    assert [minutes for _, _, minutes in series.shown()] == [60, 90, 60]
    series.change("all", 0, durationMinutes=45)
    assert [minutes for _, _, minutes in series.shown()] == [45, 45, 45]


def test_a_change_of_all_that_names_one_time_holds_for_that_time_too() -> None:
    series = Series()
    series.change("this", 1, name="Cake", topic="", localStart="2027-03-16T20:00")
    series.change("all", 1, name="Coffee", topic="Beans", localStart="2027-03-16T19:00")
    assert series.shown() == [
        ("Coffee", "09 19:00", 60),
        ("Coffee", "16 19:00", 60),
        ("Coffee", "23 19:00", 60),
    ]
    assert [o.topic for o in series.times] == [None, None, None]
    assert series.times[1].starts_at == datetime(2027, 3, 16, 19, tzinfo=UTC).timestamp()


def test_a_change_from_one_time_on_holds_for_that_time_too() -> None:
    series = Series()
    series.change("this", 1, name="Cake", localStart="2027-03-16T20:00")
    series.change("following", 1, name="Coffee", localStart="2027-03-16T19:00")
    assert series.shown()[1:] == [("Coffee", "16 19:00", 60), ("Coffee", "23 19:00", 60)]
