"""Events as iCalendar (RFC 5545): a file of one event, and the feed of a person's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Component

from server.schedule.model import Event, Listing, Occurrence, Place, Status
from server.schedule.recurrence import WEEKDAYS, Frequency, Rule, expand, instant
from server.schedule.vtimezone import vtimezone

_PRODUCT = "-//Parlor//Rooms at a set time//EN"
_REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Site:
    """`url`: the server's address, without a slash at its end."""

    url: str

    @property
    def name(self) -> str:
        """The part of UIDs behind the @, which must not change."""
        return urlsplit(self.url).hostname or "parlor"

    def page(self, event: Event, occurrence_id: str = "") -> str:
        at = f"?at={occurrence_id}" if occurrence_id else ""
        return f"{self.url}/schedule/{event.id}{at}"


def event_file(event: Event, occurrences: Sequence[Occurrence], site: Site, now: float) -> bytes:
    """The event from now on: its rule with its time zone, days that are left out, occurrences that differ.
    One that was cancelled, or is over, is a cancellation."""
    plan = event.plan
    open_ones = {o.planned: o for o in occurrences if o.status is Status.OPEN and o.ends_at > now}
    coming = [
        at
        for at in expand(plan.start, plan.rule)
        if at in open_ones or instant(at, plan.zone) + plan.minutes * 60 > now
    ]
    if event.status is Status.CANCELLED or not open_ones or not coming:
        return _cancellation(event, site)
    calendar = _calendar("PUBLISH")
    zone = ZoneInfo(plan.zone)
    calendar.add_component(
        vtimezone(plan.zone, coming[0].replace(tzinfo=zone), coming[-1].replace(tzinfo=zone) + _longest())
    )
    main = _component(event, f"{event.id}@{site.name}", site.page(event), event.changed_at, event.sequence)
    main.add("dtstart", coming[0].replace(tzinfo=zone))
    main.add("duration", timedelta(minutes=plan.minutes))
    _describe(main, plan.name, plan.topic, site.page(event))
    if plan.rule is not None:
        main.add("rrule", _rrule(plan.rule, coming))
        left_out = [at.replace(tzinfo=zone) for at in coming if at not in open_ones]
        if left_out:
            main.add("exdate", left_out)
    calendar.add_component(main)
    for occurrence in open_ones.values():
        if _differs(event, occurrence):
            calendar.add_component(_exception(event, occurrence, site, zone))
    return bytes(calendar.to_ical())


def feed(listings: Sequence[Listing], site: Site, user_id: str) -> bytes:
    """Write the events that a person hosts, has a place in or waits for, each time for itself, in UTC."""
    calendar = _calendar("PUBLISH")
    calendar.add("x-wr-calname", "Parlor")
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for listing in listings:
        calendar.add_component(_listed(listing, site, user_id))
    return bytes(calendar.to_ical())


def _calendar(method: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _cancellation(event: Event, site: Site) -> bytes:
    calendar, plan = _calendar("CANCEL"), event.plan
    main = _component(event, f"{event.id}@{site.name}", site.page(event), event.changed_at, event.sequence)
    zone = ZoneInfo(plan.zone)
    calendar.add_component(
        vtimezone(plan.zone, plan.start.replace(tzinfo=zone), plan.start.replace(tzinfo=zone) + _longest())
    )
    main.add("dtstart", plan.start.replace(tzinfo=zone))
    main.add("duration", timedelta(minutes=plan.minutes))
    main.add("summary", plan.name)
    main.add("status", "CANCELLED")
    calendar.add_component(main)
    return bytes(calendar.to_ical())


def _exception(event: Event, occurrence: Occurrence, site: Site, zone: ZoneInfo) -> Component:
    page = site.page(event, occurrence.id)
    sequence = max(event.sequence, occurrence.sequence)
    made = _component(event, f"{event.id}@{site.name}", page, occurrence.changed_at, sequence)
    made.add("recurrence-id", occurrence.planned.replace(tzinfo=zone))
    made.add("dtstart", occurrence.start.replace(tzinfo=zone))
    made.add("duration", timedelta(seconds=occurrence.ends_at - occurrence.starts_at))
    _describe(made, occurrence.name or event.plan.name, occurrence.topic or event.plan.topic, page)
    return made


def _listed(listing: Listing, site: Site, user_id: str) -> Component:
    event, occurrence = listing.event, listing.occurrence
    page = site.page(event, occurrence.id)
    made = _component(event, f"{occurrence.id}@{site.name}", page, occurrence.changed_at, occurrence.sequence)
    made.add("dtstart", datetime.fromtimestamp(occurrence.starts_at, UTC))
    made.add("duration", timedelta(seconds=occurrence.ends_at - occurrence.starts_at))
    if Status.CANCELLED in {event.status, occurrence.status}:
        made.add("summary", occurrence.name or event.plan.name)
        made.add("status", "CANCELLED")
        return made
    _describe(made, occurrence.name or event.plan.name, occurrence.topic or event.plan.topic, page)
    is_sure = event.host_id == user_id or listing.mine is Place.GOING
    made["status"] = "CONFIRMED" if is_sure else "TENTATIVE"
    return made


def _component(event: Event, uid: str, page: str, changed_at: float, sequence: int) -> Component:
    made = Component()
    made.add("uid", uid)
    made.add("dtstamp", datetime.fromtimestamp(changed_at, UTC))
    made.add("created", datetime.fromtimestamp(event.created_at, UTC))
    made.add("last-modified", datetime.fromtimestamp(changed_at, UTC))
    made.add("sequence", sequence)
    made.add("url", page)
    return made


def _describe(made: Component, name: str, topic: str, page: str) -> None:
    made.add("summary", name)
    made.add("description", f"{topic}\n{page}" if topic else page)
    made.add("location", page)
    made.add("status", "CONFIRMED")


def _differs(event: Event, occurrence: Occurrence) -> bool:
    minutes = (occurrence.ends_at - occurrence.starts_at) / 60
    is_as_planned = occurrence.start == occurrence.planned and minutes == event.plan.minutes
    return not is_as_planned or occurrence.name is not None or occurrence.topic is not None


def _rrule(rule: Rule, coming: Sequence[datetime]) -> dict[str, object]:
    found: dict[str, object] = {"freq": rule.frequency.value.upper(), "interval": rule.interval}
    found["count"] = len(coming)
    if rule.frequency is Frequency.WEEKLY and rule.days:
        found["byday"] = [WEEKDAYS[day] for day in rule.days]
    if rule.frequency is Frequency.MONTHLY and rule.nth is not None:
        found["byday"] = [f"{rule.nth}{WEEKDAYS[coming[0].weekday()]}"]
    return found


def _longest() -> timedelta:
    """After the last start the clocks may still change."""
    return timedelta(days=1)
