"""Events and occurrences as rows, and back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping

from server.protocol.entities import RoomType
from server.schedule.model import Event, Host, Listing, Occurrence, Place, Plan, Status
from server.schedule.recurrence import Frequency, Rule
from server.storage.schedule_tables import event_occurrences, events

_PLAN = ("name", "topic", "level", "language", "seats", "waiting_room", "opens_alone", "zone", "minutes")
_LOCAL = "minutes"

Row = RowMapping | dict[str, Any]


def event_row(event: Event) -> dict[str, Any]:
    plan = event.plan
    return {
        "id": event.id,
        "host_id": event.host_id,
        **{name: getattr(plan, name) for name in _PLAN},
        "type": plan.type.value,
        "tags": list(plan.tags),
        "start": plan.start.isoformat(timespec=_LOCAL),
        "rule": _rule_row(plan.rule),
        "invite": event.invite,
        "sequence": event.sequence,
        "status": event.status.value,
        "created_at": event.created_at,
        "changed_at": event.changed_at,
    }


def event_of(row: Row) -> Event:
    plan = Plan(
        **{name: row[name] for name in _PLAN},
        type=RoomType(row["type"]),
        tags=tuple(row["tags"]),
        start=datetime.fromisoformat(row["start"]),
        rule=_rule_of(row["rule"]),
    )
    return Event(
        id=row["id"],
        host_id=row["host_id"],
        plan=plan,
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        invite=row["invite"],
        sequence=row["sequence"],
        status=Status(row["status"]),
    )


def occurrence_row(occurrence: Occurrence) -> dict[str, Any]:
    row = asdict(occurrence)
    row["status"] = occurrence.status.value
    for name in ("planned", "start"):
        row[name] = getattr(occurrence, name).isoformat(timespec=_LOCAL)
    return row


def occurrence_of(row: Row) -> Occurrence:
    values = {name: row[name] for name in event_occurrences.c.keys()}  # noqa: SIM118 - a collection of columns
    for name in ("planned", "start"):
        values[name] = datetime.fromisoformat(values[name])
    return Occurrence(**{**values, "status": Status(values["status"])})


def listing_columns() -> list[Any]:
    """Both tables' columns under names of their own: some are in both."""
    both = ((events, "e"), (event_occurrences, "o"))
    return [column.label(f"{short}_{column.name}") for table, short in both for column in table.c]


def listing_of(row: RowMapping) -> Listing:
    """A row of `listing_columns`, with host_name, host_avatar, going, waiting, mine and ahead."""
    parts = {
        short: {name[2:]: value for name, value in row.items() if name.startswith(f"{short}_")}
        for short in ("e", "o")
    }
    event = event_of(parts["e"])
    return Listing(
        event=event,
        occurrence=occurrence_of(parts["o"]),
        host=Host(event.host_id, row["host_name"], row["host_avatar"]),
        going=row["going"],
        waiting=row["waiting"],
        mine=Place(row["mine"]) if row["mine"] else None,
        ahead=row["ahead"] or 0,
    )


def _rule_row(rule: Rule | None) -> dict[str, Any] | None:
    if rule is None:
        return None
    row = asdict(rule) | {"frequency": rule.frequency.value, "days": list(rule.days)}
    return row | {"until": rule.until.isoformat() if rule.until else None}


def _rule_of(row: dict[str, Any] | None) -> Rule | None:
    if row is None:
        return None
    until = date.fromisoformat(row["until"]) if row["until"] else None
    return Rule(
        Frequency(row["frequency"]), row["interval"], tuple(row["days"]), row["nth"], row["count"], until
    )
