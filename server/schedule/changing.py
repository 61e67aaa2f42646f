"""What a change, a cancellation or a new rule of a time zone does to the occurrences of an event. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from server.errors import EventNotFound, EventOver
from server.protocol.schedule import ChangeEvent
from server.rooms.model import new_id, new_secret
from server.schedule.model import Edit, Event, Occurrence, Plan, Status
from server.schedule.planning import YEAR_S, occurrence_at, rule_of, starts_of, wrong
from server.schedule.recurrence import instant, shifted

_NEAR = timedelta(days=3, hours=12)
"""An occurrence whose day goes takes the place of one that is no farther away."""
_OF_ONE = frozenset({"scope", "occurrence_id", "name", "topic", "local_start", "duration_minutes"})
_PLAN_NAMES = {
    "name": "name",
    "topic": "topic",
    "level": "level",
    "language": "language",
    "tags": "tags",
    "max_participants": "seats",
    "waiting_room": "waiting_room",
    "opens_without_host": "opens_alone",
    "time_zone": "zone",
    "duration_minutes": "minutes",
}
"""Members of a change, and what of a plan they set."""


def changed(event: Event, occurrences: Sequence[Occurrence], change: ChangeEvent, now: float) -> Edit:
    """Return what the change makes of the event. `occurrences`: all of them. Raises EventNotFound, EventOver,
    InvalidRequest."""
    anchor = _anchor(event, occurrences, change.occurrence_id, now)
    given = {name: getattr(change, name) for name in change.model_fields_set}
    nulls = [name for name, value in given.items() if value is None and name != "repeat"]
    if nulls:
        raise wrong(nulls[0], "must not be null")
    if change.scope == "this":
        return _one(event, anchor, change, given, now)
    occurrences = [_without_own(o, given) if o is anchor else o for o in occurrences]
    if change.scope == "following" and any(o.planned < anchor.planned for o in occurrences):
        return _split(event, occurrences, anchor, change, given, now)
    return _all(event, occurrences, anchor, change, given, now)


def cancelled(
    event: Event, occurrences: Sequence[Occurrence], scope: str, occurrence_id: str | None, now: float
) -> Edit:
    """Return what does not take place any more. Raises EventNotFound, EventOver."""
    coming = [o for o in occurrences if o.status is Status.OPEN and o.ends_at > now]
    if scope != "all":
        anchor = _anchor(event, occurrences, occurrence_id or "", now)
        is_meant = {o.id for o in coming if o is anchor or (scope != "this" and o.planned > anchor.planned)}
        coming = [o for o in coming if o.id in is_meant]
    ended = [_ended(o, now) for o in coming]
    gone = tuple(o.id for o in ended)
    after = {o.id: o for o in (*occurrences, *ended)}
    has_more = any(o.status is Status.OPEN for o in after.values())
    status = Status.OPEN if has_more and scope != "all" else Status.CANCELLED
    event = replace(event, status=status, sequence=event.sequence + 1, changed_at=now)
    return Edit((event,), tuple(ended), gone)


def retimed(event: Event, occurrences: Sequence[Occurrence], now: float) -> Edit | None:
    """The event with the rules of time zones of today, which countries change. None if they are the same."""
    moved: dict[str, float] = {}
    found = []
    for occurrence in occurrences:
        starts_at = instant(occurrence.start, event.plan.zone)
        if occurrence.status is not Status.OPEN or occurrence.starts_at <= now:
            continue
        if starts_at == occurrence.starts_at:
            continue
        length = occurrence.ends_at - occurrence.starts_at
        moved[occurrence.id] = occurrence.starts_at
        found.append(_moved_to(occurrence, starts_at, length, now))
    if not found:
        return None
    event = replace(event, sequence=event.sequence + 1, changed_at=now)
    return Edit((event,), tuple(found), moved=moved)


def carried(old: Collection[datetime], new: Collection[datetime]) -> dict[datetime, datetime]:
    """Map each old local start to its new one: that of the same day, then the nearest of those that are left,
    both in their order. Those without one are not in it."""
    left = sorted(new)
    by_day = {at.date(): at for at in left}
    found = {at: by_day[at.date()] for at in sorted(old) if at.date() in by_day}
    left = [at for at in left if at not in found.values()]
    for at in sorted(set(old) - found.keys()):
        near = next((other for other in left if abs(other - at) <= _NEAR), None)
        if near is not None:
            found[at] = near
            left = [other for other in left if other > near]
    return found


def _one(event: Event, anchor: Occurrence, change: ChangeEvent, given: Mapping[str, Any], now: float) -> Edit:
    if extra := given.keys() - _OF_ONE:
        raise wrong(min(extra), "cannot differ for one occurrence")
    start = datetime.fromisoformat(change.local_start) if change.local_start else anchor.start
    starts_at = instant(start, event.plan.zone)
    length = (
        (anchor.ends_at - anchor.starts_at)
        if not change.duration_minutes
        else (change.duration_minutes * 60.0)
    )
    after = replace(
        anchor,
        start=start,
        name=change.name or anchor.name,
        topic=anchor.topic if change.topic is None else change.topic,
        changed_at=now,
    )
    moved = {}
    if (starts_at, length) != (anchor.starts_at, anchor.ends_at - anchor.starts_at):
        _require_coming(starts_at, now)
        moved = {anchor.id: anchor.starts_at} if starts_at != anchor.starts_at else {}
        after = _moved_to(after, starts_at, length, now)
    return Edit((event,), (after,), moved=moved)


def _all(
    event: Event,
    occurrences: Sequence[Occurrence],
    anchor: Occurrence,
    change: ChangeEvent,
    given: Mapping[str, Any],
    now: float,
) -> Edit:
    """Times that are over stay as they were. The series moves by as much as the anchor does."""
    by = _shift(anchor, change)
    rule = event.plan.rule
    if "repeat" in given:
        rule = rule_of(change.repeat)
    elif rule is not None and by.days:
        rule = shifted(rule, by.days)
    # A new rule begins with the anchor: it may not fit the start of the series.
    start = (anchor.planned if "repeat" in given else event.plan.start) + by
    plan = replace(_with(event.plan, given), start=start, rule=rule)
    return _replanned(event, plan, occurrences, given, now)


def _split(
    event: Event,
    occurrences: Sequence[Occurrence],
    anchor: Occurrence,
    change: ChangeEvent,
    given: Mapping[str, Any],
    now: float,
) -> Edit:
    """The anchor and all after it become an event of their own, which keeps their places."""
    by, rule = _shift(anchor, change), event.plan.rule
    before = [o for o in occurrences if o.planned < anchor.planned]
    after = [o for o in occurrences if o.planned >= anchor.planned]
    if "repeat" in given:
        later = rule_of(change.repeat)
    else:
        later = None if rule is None else replace(shifted(rule, by.days), count=len(after), until=None)
    earlier = None if rule is None else replace(rule, count=len(before), until=None)
    kept = replace(event, plan=replace(event.plan, rule=earlier), sequence=event.sequence + 1, changed_at=now)
    plan = replace(_with(event.plan, given), start=anchor.planned + by, rule=later)
    new = replace(event, id=new_id(), created_at=now, changed_at=now, sequence=0)
    if event.invite:
        new = replace(new, invite=new_secret())
    edit = _replanned(new, plan, after, given, now)
    return replace(edit, events=(kept, *edit.events))


def _without_own(anchor: Occurrence, given: Mapping[str, Any]) -> Occurrence:
    """The occurrence that a change of several names, without what it had of its own and the change sets."""
    own: dict[str, Any] = {name: None for name in ("name", "topic") if name in given}
    if "local_start" in given:
        own["start"] = anchor.planned
    return replace(anchor, **own)


def _replanned(
    event: Event, plan: Plan, occurrences: Sequence[Occurrence], given: Mapping[str, Any], now: float
) -> Edit:
    """The event with another plan: its occurrences that are to come take the new times that are theirs."""
    starts = [at for at in starts_of(plan, now) if instant(at, plan.zone) > now]
    if not starts and (plan.start, plan.rule, plan.zone) != (
        event.plan.start,
        event.plan.rule,
        event.plan.zone,
    ):
        raise wrong("localStart", "is in the past")
    # A day that the host has cancelled stays so.
    coming = {o.planned: o for o in occurrences if o.status is Status.OPEN and o.starts_at > now}
    fixed = [o for o in occurrences if o.planned not in coming]
    cancelled_days = {o.planned.date() for o in fixed if o.status is Status.CANCELLED}
    starts = [at for at in starts if at.date() not in cancelled_days or at in coming]
    becomes = carried(coming, starts)
    event = replace(event, plan=plan, changed_at=now)
    moved: dict[str, float] = {}
    found, gone = [replace(o, event_id=event.id) for o in fixed if o.event_id != event.id], []
    for planned, occurrence in coming.items():
        if planned not in becomes:
            found.append(replace(_ended(occurrence, now), event_id=event.id))
            gone.append(occurrence.id)
            continue
        length = (
            plan.minutes * 60.0 if "duration_minutes" in given else occurrence.ends_at - occurrence.starts_at
        )
        after = _at(occurrence, event, becomes[planned], length, now)
        if after.starts_at != occurrence.starts_at:
            moved[after.id] = occurrence.starts_at
        found.append(after)
    found += [occurrence_at(event, at, now) for at in starts if at not in becomes.values()]
    has_changed = bool(moved or gone) or len(found) != len(coming)
    event = replace(event, sequence=event.sequence + int(has_changed))
    return Edit((event,), tuple(found), tuple(gone), moved)


def _at(occurrence: Occurrence, event: Event, planned: datetime, length: float, now: float) -> Occurrence:
    """The occurrence at another time of its event's plan, `length` seconds long. One that was moved alone
    stays where it is as long as its planned time does not change."""
    start = occurrence.start if planned == occurrence.planned else planned
    starts_at = instant(start, event.plan.zone)
    after = replace(occurrence, event_id=event.id, planned=planned, start=start, changed_at=now)
    if (starts_at, starts_at + length) == (occurrence.starts_at, occurrence.ends_at):
        return after
    return _moved_to(after, starts_at, length, now)


def _with(plan: Plan, given: Mapping[str, Any]) -> Plan:
    values = {_PLAN_NAMES[name]: value for name, value in given.items() if name in _PLAN_NAMES}
    if "level" in values:
        values["level"] = values["level"].value
    if "tags" in values:
        values["tags"] = tuple(dict.fromkeys(values["tags"]))
    return replace(plan, **values)


def _shift(anchor: Occurrence, change: ChangeEvent) -> timedelta:
    if change.local_start is None:
        return timedelta()
    return datetime.fromisoformat(change.local_start) - anchor.planned


def _anchor(event: Event, occurrences: Sequence[Occurrence], occurrence_id: str, now: float) -> Occurrence:
    found = next((o for o in occurrences if o.id == occurrence_id), None)
    if found is None:
        raise EventNotFound
    if event.status is not Status.OPEN or found.status is not Status.OPEN or found.ends_at <= now:
        raise EventOver
    return found


def _moved_to(occurrence: Occurrence, starts_at: float, length: float, now: float) -> Occurrence:
    return replace(
        occurrence,
        starts_at=starts_at,
        ends_at=starts_at + length,
        sequence=occurrence.sequence + 1,
        changed_at=now,
    )


def _ended(occurrence: Occurrence, now: float) -> Occurrence:
    sequence = occurrence.sequence + 1
    return replace(occurrence, status=Status.CANCELLED, sequence=sequence, changed_at=now)


def _require_coming(starts_at: float, now: float) -> None:
    if starts_at <= now:
        raise wrong("localStart", "is in the past")
    if starts_at > now + YEAR_S:
        raise wrong("localStart", "must be within a year")
