"""Plans of events from what people ask for, and the times at which they take place. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from server.errors import InvalidRequest
from server.protocol.entities import RoomType
from server.protocol.field_errors import wrong_field
from server.protocol.schedule import ChangeEvent, CreateEvent, Repeat
from server.rooms.model import new_id, new_secret
from server.rooms.ports import CleanText
from server.schedule.model import Event, Occurrence, Plan
from server.schedule.recurrence import MAX_DAYS, WEEKDAYS, Frequency, Rule, expand, instant, local_time

YEAR_S = MAX_DAYS * 86_400.0
Texts = TypeVar("Texts", CreateEvent, ChangeEvent)


def plan_of(wanted: CreateEvent) -> Plan:
    return Plan(
        name=wanted.name,
        topic=wanted.topic,
        level=wanted.level.value,
        type=RoomType(wanted.type),
        language=wanted.language,
        tags=tuple(dict.fromkeys(wanted.tags)),
        seats=wanted.max_participants,
        waiting_room=wanted.waiting_room,
        opens_alone=wanted.opens_without_host,
        start=datetime.fromisoformat(wanted.local_start),
        zone=wanted.time_zone,
        minutes=wanted.duration_minutes,
        rule=rule_of(wanted.repeat),
    )


def cleaned(wanted: Texts, clean: CleanText) -> Texts:
    """With names, topics and tags as others may see them. Raises InvalidRequest."""
    shown: dict[str, object] = {}
    for name in ("name", "topic"):
        if text := getattr(wanted, name):
            shown[name] = clean(text, name)
    if wanted.tags:
        shown["tags"] = [clean(tag, f"tags.{index}") for index, tag in enumerate(wanted.tags)]
    return wanted.model_copy(update=shown)


def new_words(event: Event, occurrences: Sequence[Occurrence], change: ChangeEvent) -> set[str]:
    """Names, topics and tags of a change that the event does not have yet."""
    plan = event.plan
    known = {plan.name, plan.topic, *plan.tags}
    known |= {text for o in occurrences for text in (o.name, o.topic) if text is not None}
    given = {text for text in (change.name, change.topic) if text is not None}
    return given.union(change.tags or ()) - known


def rule_of(repeat: Repeat | None) -> Rule | None:
    """Raises InvalidRequest for a repetition without an end."""
    if repeat is None:
        return None
    if repeat.count is None and repeat.until is None:
        raise wrong("repeat", "needs `count` or `until`")
    frequency = Frequency(repeat.frequency)
    is_weekly, is_monthly = frequency is Frequency.WEEKLY, frequency is Frequency.MONTHLY
    return Rule(
        frequency,
        interval=repeat.interval,
        days=tuple(sorted({WEEKDAYS.index(day) for day in repeat.days})) if is_weekly else (),
        nth=repeat.nth if is_monthly else None,
        count=repeat.count,
        until=date.fromisoformat(repeat.until) if repeat.until is not None else None,
    )


def new_event(host_id: str, plan: Plan, now: float) -> tuple[Event, Sequence[Occurrence]]:
    """The event with all its occurrences. Raises InvalidRequest for a start in the past, and for occurrences
    that are more than a year away."""
    starts = starts_of(plan, now)
    if instant(starts[0], plan.zone) <= now:
        raise wrong("localStart", "is in the past")
    plan = replace(plan, start=starts[0])
    invite = new_secret() if plan.type is RoomType.PRIVATE else ""
    event = Event(new_id(), host_id, plan, now, now, invite)
    return event, [occurrence_at(event, at, now) for at in starts]


def starts_of(plan: Plan, now: float) -> Sequence[datetime]:
    """Raises InvalidRequest."""
    if abs(plan.start - local_time(now, "UTC")) > timedelta(days=3 * MAX_DAYS):  # far from year 1 and 9999
        raise wrong("localStart", "must be within a year")
    starts = expand(plan.start, plan.rule)
    if not starts:
        raise wrong("repeat", "has no occurrence")
    if instant(starts[-1], plan.zone) > now + YEAR_S:
        raise wrong("localStart", "and all repetitions must be within a year")
    return starts


def occurrence_at(event: Event, planned: datetime, now: float) -> Occurrence:
    starts_at = instant(planned, event.plan.zone)
    ends_at = starts_at + event.plan.minutes * 60.0
    return Occurrence(new_id(), event.id, planned, planned, starts_at, ends_at, now)


def wrong(path: str, message: str) -> InvalidRequest:
    return InvalidRequest(errors=[wrong_field(path, message)])
