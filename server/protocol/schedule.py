"""Rooms at a set time: bodies and queries of the REST routes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PlainSerializer, StringConstraints

from server.protocol.base import (
    MAX_PARTICIPANTS,
    AvatarPath,
    CleanInvite,
    Id,
    Inbound,
    KnownTimeZone,
    LanguageTag,
    Outbound,
    RoomName,
    Secret,
    Tag,
    Timestamp,
    TimeZone,
    Topic,
)
from server.protocol.entities import RoomType
from server.protocol.levels import Level

MAX_EVENT_PAGE = 50
MAX_EVENT_COUNT = 52
MIN_MINUTES, MAX_MINUTES = 10, 240


def _local_time(value: str) -> str:
    """Refuse a time that no calendar has, such as that of 30 February."""
    datetime.fromisoformat(value)
    return value


def _day(value: str) -> str:
    date.fromisoformat(value)
    return value


LocalTime = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$", max_length=16),
    AfterValidator(_local_time),
]
"""A time of day in the event's own zone, `2027-03-09T19:00`."""
Day = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", max_length=10), AfterValidator(_day)
]
LocalView = Annotated[datetime, PlainSerializer(lambda t: t.isoformat(timespec="minutes"), return_type=str)]
Minutes = Annotated[int, Field(ge=MIN_MINUTES, le=MAX_MINUTES)]
Weekday = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
RepeatFrequency = Literal["daily", "weekly", "monthly"]
Scope = Literal["this", "following", "all"]


class Repeat(Inbound):
    """Part of RFC 5545's rules. `days` of a weekly rule, `nth` of a monthly one: the nth weekday of the
    start's kind, −1 for the last; null: the start's day of the month. One of `count` and `until`, a day in
    the event's zone, is needed: the last occurrence is within a year."""

    frequency: RepeatFrequency
    interval: Annotated[int, Field(ge=1, le=12)] = 1
    days: Annotated[list[Weekday], Field(max_length=7)] = []
    nth: Literal[1, 2, 3, 4, -1] | None = None
    count: Annotated[int | None, Field(ge=1, le=MAX_EVENT_COUNT)] = None
    until: Day | None = None


class CreateEvent(Inbound):
    """`max_participants` counts the people in the room, with the host. `waiting_room`: the host lets people
    in one by one. `opens_without_host`: people come in five minutes after the start even if the host is not
    there. `local_start` is in the zone `time_zone`. `language` is that of the talk."""

    name: RoomName
    topic: Topic = ""
    level: Annotated[Level, Field(strict=False)]
    type: Literal["public", "private"] = "public"
    language: LanguageTag = "en"
    tags: Annotated[list[Tag], Field(max_length=5)] = []
    max_participants: Annotated[int, Field(ge=2, le=MAX_PARTICIPANTS)] = MAX_PARTICIPANTS
    waiting_room: bool = False
    opens_without_host: bool = True
    local_start: LocalTime
    time_zone: KnownTimeZone
    duration_minutes: Minutes = 60
    repeat: Repeat | None = None


class ChangeEvent(Inbound):
    """Only the members that are present are changed. `occurrence_id` names the one that the change starts
    from; `local_start` is its new start. `scope` `this` changes that one alone, and takes the first four
    members; `following` that one and all later ones, which become an event of their own; `all` all that are
    to come. `repeat` null ends the repetition."""

    scope: Scope
    occurrence_id: Id
    name: RoomName | None = None
    topic: Topic | None = None
    local_start: LocalTime | None = None
    duration_minutes: Minutes | None = None
    level: Annotated[Level | None, Field(strict=False)] = None
    language: LanguageTag | None = None
    tags: Annotated[list[Tag] | None, Field(max_length=5)] = None
    max_participants: Annotated[int | None, Field(ge=2, le=MAX_PARTICIPANTS)] = None
    waiting_room: bool | None = None
    opens_without_host: bool | None = None
    time_zone: KnownTimeZone | None = None
    repeat: Repeat | None = None


class CancelEvent(Inbound):
    """Query string of DELETE /api/events/{id}: `occurrence` with the scopes `this` and `following`."""

    scope: Scope = "all"
    occurrence: Id | None = None


class EventAccess(Inbound):
    """Query string. A private event needs its invite, unless one hosts it or has a place."""

    invite: Annotated[str | None, Field(max_length=200), CleanInvite] = None


class EventQuery(Inbound):
    """Query string of GET /api/events. `mine`: those that one hosts, has a place at or waits for, private
    ones too; otherwise public ones. `level` may be repeated."""

    level: Annotated[list[Level], Field(strict=False, max_length=6)] = []
    language: LanguageTag | None = None
    mine: Annotated[bool, Field(strict=False)] = False
    limit: Annotated[int, Field(strict=False, ge=1, le=MAX_EVENT_PAGE)] = 20
    cursor: Annotated[str | None, Field(max_length=120)] = None


class EventHost(Outbound):
    id: Id
    name: str
    avatar_url: AvatarPath


class RepeatView(Outbound):
    """As `Repeat`, with what it leaves to the start: the weekdays of a weekly rule, the weekday of `nth`, and
    otherwise the `month_day` of a monthly one."""

    frequency: RepeatFrequency
    interval: int
    days: list[Weekday]
    nth: Literal[1, 2, 3, 4, -1] | None
    month_day: int | None
    count: int | None
    until: str | None


EventPlaceState = Literal["going", "waiting"]


class OccurrenceView(Outbound):
    """One time at which an event takes place. `local_start` is in the event's zone. `places` for people who
    register, of whom `going` have one and `waiting` wait. `my_place`: one's own, null without one; `ahead`:
    how many wait before oneself. `name` and `topic` are those of this time. `is_cancelled`: it does not take
    place. `has_begun`: the host said so."""

    id: Id
    event_id: Id
    name: str
    topic: str
    starts_at: Timestamp
    ends_at: Timestamp
    local_start: LocalView
    places: int
    going: int
    waiting: int
    my_place: EventPlaceState | None
    ahead: int
    is_cancelled: bool
    has_begun: bool


class ListedEvent(Outbound):
    """An occurrence with what lists show of its event. `time_zone` is the host's; `repeats`: there are
    more."""

    occurrence: OccurrenceView
    host: EventHost
    is_mine: bool
    level: Level
    type: RoomType
    language: LanguageTag
    tags: list[str]
    time_zone: TimeZone
    repeats: bool


class EventPage(Outbound):
    """Soonest first: those that are not over."""

    items: list[ListedEvent]
    next_cursor: str | None


class EventView(Outbound):
    """`occurrences`: those that are not over, soonest first, at most 60. `invite` for the host of a private
    event alone. `doors_minutes`: how long before the start the doors open."""

    id: Id
    host: EventHost
    is_mine: bool
    name: str
    topic: str
    level: Level
    type: RoomType
    language: LanguageTag
    tags: list[str]
    max_participants: int
    waiting_room: bool
    opens_without_host: bool
    time_zone: TimeZone
    duration_minutes: int
    repeat: RepeatView | None
    is_cancelled: bool
    invite: Secret | None
    doors_minutes: int
    occurrences: list[OccurrenceView]


class TakePlace(Inbound):
    """`following`: for all later ones too. `language`: of e-mails and messages about it."""

    occurrence_id: Id
    following: bool = False
    invite: Annotated[Secret | None, CleanInvite] = None
    language: Literal["en", "vi"] | None = None


class GiveUpPlace(Inbound):
    """Query string."""

    occurrence: Id
    following: Annotated[bool, Field(strict=False)] = False


class OccurrenceQuery(Inbound):
    """Query string."""

    occurrence: Id


class RegisteredPerson(Outbound):
    id: Id
    name: str
    avatar_url: AvatarPath
    place: EventPlaceState
    at: Timestamp


class RegisteredPeople(Outbound):
    """All of one occurrence, for its host: those with a place first, then those who wait, in their order."""

    items: list[RegisteredPerson]


class EnterEvent(Inbound):
    occurrence_id: Id
    invite: Annotated[Secret | None, CleanInvite] = None


class EnteredEvent(Outbound):
    """The room of the occurrence. `invite` opens it if it is private."""

    room_id: Id
    invite: Secret | None


class OccurrenceChoice(Inbound):
    occurrence_id: Id


class CalendarFeed(Outbound):
    """Whether one's calendar has an address, and since when."""

    created_at: Timestamp | None


class NewCalendarFeed(Outbound):
    """`path` is relative to the page's origin and is shown once: it opens the calendar without a sign-in."""

    path: str
