"""Events as messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.protocol import schedule as wire
from server.protocol.levels import Level
from server.rooms.views import timestamp
from server.schedule.doors import DOORS_S
from server.schedule.model import Event, Host, Listing, Registered, Status
from server.schedule.recurrence import WEEKDAYS, Frequency, Rule


def event_view(event: Event, host: Host, listings: Sequence[Listing], user_id: str) -> wire.EventView:
    plan, is_mine = event.plan, event.host_id == user_id
    return wire.EventView(
        id=event.id,
        host=_host(host),
        is_mine=is_mine,
        name=plan.name,
        topic=plan.topic,
        level=Level(plan.level),
        type=plan.type,
        language=plan.language,
        tags=list(plan.tags),
        max_participants=plan.seats,
        waiting_room=plan.waiting_room,
        opens_without_host=plan.opens_alone,
        time_zone=plan.zone,
        duration_minutes=plan.minutes,
        repeat=_repeat(plan.rule, plan.start),
        is_cancelled=event.status is Status.CANCELLED,
        invite=event.invite if is_mine and event.invite else None,
        doors_minutes=round(DOORS_S / 60),
        occurrences=[occurrence_view(listing) for listing in listings],
    )


def listed_view(listing: Listing, user_id: str) -> wire.ListedEvent:
    plan = listing.event.plan
    return wire.ListedEvent(
        occurrence=occurrence_view(listing),
        host=_host(listing.host),
        is_mine=listing.event.host_id == user_id,
        level=Level(plan.level),
        type=plan.type,
        language=plan.language,
        tags=list(plan.tags),
        time_zone=plan.zone,
        repeats=plan.rule is not None,
    )


def occurrence_view(listing: Listing) -> wire.OccurrenceView:
    event, occurrence = listing.event, listing.occurrence
    return wire.OccurrenceView(
        id=occurrence.id,
        event_id=event.id,
        name=occurrence.name or event.plan.name,
        topic=event.plan.topic if occurrence.topic is None else occurrence.topic,
        starts_at=timestamp(occurrence.starts_at),
        ends_at=timestamp(occurrence.ends_at),
        local_start=occurrence.start,
        places=event.plan.places,
        going=listing.going,
        waiting=listing.waiting,
        my_place=listing.mine.value if listing.mine else None,
        ahead=listing.ahead,
        is_cancelled=Status.CANCELLED in {event.status, occurrence.status},
        has_begun=occurrence.called_at is not None,
    )


def people_view(people: Sequence[Registered]) -> wire.RegisteredPeople:
    return wire.RegisteredPeople(
        items=[
            wire.RegisteredPerson(
                id=person.user_id,
                name=person.name,
                avatar_url=person.avatar,
                place=person.place.value,
                at=timestamp(person.at),
            )
            for person in people
        ]
    )


def _host(host: Host) -> wire.EventHost:
    return wire.EventHost(id=host.id, name=host.name, avatar_url=host.avatar)


def _repeat(rule: Rule | None, start: datetime) -> wire.RepeatView | None:
    if rule is None:
        return None
    is_weekly, is_monthly = rule.frequency is Frequency.WEEKLY, rule.frequency is Frequency.MONTHLY
    days = rule.days or ((start.weekday(),) if is_weekly or rule.nth is not None else ())
    return wire.RepeatView(
        frequency=rule.frequency.value,
        interval=rule.interval,
        days=[WEEKDAYS[day] for day in days],
        nth=rule.nth,
        month_day=start.day if is_monthly and rule.nth is None else None,
        count=rule.count,
        until=rule.until.isoformat() if rule.until else None,
    )
