"""Notices to one person: what they say, the list of them, and how they reach the person outside the page."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from server.protocol.base import Id, Inbound, Outbound, Part, Timestamp, TimeZone
from server.protocol.progress import AchievementName, WeekSummary

MAX_NOTICE_PAGE = 50
NoticeTopic = Literal["reminders", "changes", "invitations", "summary"]
"""Topics that people turn on and off for devices: reminders of rooms at a set time, changes of them,
invitations of friends, and the summary of the week."""
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5)]


class EventReminder(Outbound):
    """A room at a set time begins in `minutes`: a day before, or ten minutes before."""

    kind: Literal["event_reminder"] = "event_reminder"
    event_id: Id
    occurrence_id: Id
    name: str
    starts_at: Timestamp
    minutes: int


class EventStarting(Outbound):
    """The host says that it starts now."""

    kind: Literal["event_starting"] = "event_starting"
    event_id: Id
    occurrence_id: Id
    name: str
    starts_at: Timestamp


class EventMoved(Outbound):
    """It has another time. `was_at`: the time before."""

    kind: Literal["event_moved"] = "event_moved"
    event_id: Id
    occurrence_id: Id
    name: str
    was_at: Timestamp
    starts_at: Timestamp


class EventCancelled(Outbound):
    """It does not take place. Its page may be gone."""

    kind: Literal["event_cancelled"] = "event_cancelled"
    event_id: Id
    occurrence_id: Id
    name: str
    starts_at: Timestamp


class EventPaused(Outbound):
    """It cannot be opened for now, for a reason that the notice does not give."""

    kind: Literal["event_paused"] = "event_paused"
    event_id: Id
    occurrence_id: Id
    name: str
    starts_at: Timestamp


class EventResumed(Outbound):
    """It was paused, and takes place after all."""

    kind: Literal["event_resumed"] = "event_resumed"
    event_id: Id
    occurrence_id: Id
    name: str
    starts_at: Timestamp


class EventPlace(Outbound):
    """A place became free for somebody on the waitlist, and is theirs now."""

    kind: Literal["event_place"] = "event_place"
    event_id: Id
    occurrence_id: Id
    name: str
    starts_at: Timestamp


class AchievementsEarned(Outbound):
    """The person has earned these."""

    kind: Literal["achievements"] = "achievements"
    names: list[AchievementName]


class WeekSummed(Outbound):
    """A summary of the person's last week; it comes on their Monday."""

    kind: Literal["week_summary"] = "week_summary"
    week: WeekSummary
    goal_reached: bool


class NewFollower(Outbound):
    """Somebody follows the reader. `are_friends`: the reader follows them too."""

    kind: Literal["new_follower"] = "new_follower"
    user_id: Id
    name: str
    are_friends: bool


class RoomInvitation(Outbound):
    """A friend who is in a room invites the reader. `invite`: opens a private room."""

    kind: Literal["room_invitation"] = "room_invitation"
    user_id: Id
    name: str
    room_id: Id
    room_name: str
    invite: str | None


EventBody = (
    EventReminder | EventStarting | EventMoved | EventCancelled | EventPaused | EventResumed | EventPlace
)
PeopleBody = NewFollower | RoomInvitation
NoticeBody = Annotated[EventBody | AchievementsEarned | WeekSummed | PeopleBody, Field(discriminator="kind")]
"""The content of a notice. A new kind is a class here, and a row of `KINDS` with its texts in the web
client."""


class Notice(Outbound):
    id: Id
    at: Timestamp
    is_read: bool
    body: NoticeBody


class NoticesPart(Part):
    """Sent to a person's open pages when a notice arrives, and when some are read or deleted: then `notice`
    is null. `unread`: how many they have not read."""

    unread: int
    notice: Notice | None = None


class NoticeQuery(Inbound):
    """Query string of GET /api/notices."""

    limit: Annotated[int, Field(strict=False, ge=1, le=MAX_NOTICE_PAGE)] = 20
    cursor: Annotated[str | None, Field(max_length=120)] = None


class NoticePage(Outbound):
    """Newest first."""

    items: list[Notice]
    unread: int
    next_cursor: str | None


class ReadNotices(Inbound):
    """`ids` null: all of them."""

    ids: Annotated[list[Id] | None, Field(max_length=MAX_NOTICE_PAGE)] = None


class QuietTimes(Inbound):
    """Part of each day, by the clock of the person's own zone, in which nothing is sent to devices. It may
    span midnight."""

    start: TimeOfDay
    end: TimeOfDay

    @model_validator(mode="after")
    def _is_part_of_a_day(self) -> Self:
        if self.start == self.end:
            raise ValueError("start and end must differ")
        return self


class NoticeSettings(Outbound):
    """`mail`: e-mails are wanted. `can_mail`: the server sends e-mails and the profile has an address.
    `push_key`: what a browser subscribes with; null if the server sends nothing to devices. `push_here`:
    messages go to the device that asks. `push_devices`: how many devices get them. `topics`: those that
    devices get. `quiet`: null without quiet hours. `time_zone`: in which they are; null: UTC."""

    mail: bool
    can_mail: bool
    push_key: str | None
    push_here: bool
    push_devices: int
    topics: list[NoticeTopic]
    quiet: QuietTimes | None
    time_zone: TimeZone | None


class NoticeSettingsChange(Inbound):
    """Only the members that are present are changed. `language`: of the texts of e-mails and of messages to
    devices. `topics`: those that devices get, all others are off. `quiet` null: no quiet hours."""

    mail: bool | None = None
    language: Literal["en", "vi"] | None = None
    topics: Annotated[list[NoticeTopic] | None, Field(max_length=20)] = None
    quiet: QuietTimes | None = None


class PushSubscribe(Inbound):
    """A browser's PushSubscription: the URL of its push service, and its keys, base64url: `public_key` is
    `p256dh`."""

    endpoint: Annotated[str, Field(min_length=10, max_length=1_000)]
    public_key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{87}=?$")]
    auth: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}(==)?$")]
    language: Literal["en", "vi"] | None = None
