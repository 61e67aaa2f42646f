"""Safety among strangers: reports, what holds for oneself, and the moderators' work."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from server.protocol.base import AvatarPath, Id, Inbound, Outbound, Timestamp
from server.protocol.chat import clean_chat

MAX_REPORT_WORDS = 1_000
MAX_MESSAGE = 500
MAX_HOURS = 8_760
"""A year; a ban may be for good."""


def _cleaned(value: object) -> object:
    return clean_chat(value) if isinstance(value, str) else value


ReportWords = Annotated[str, BeforeValidator(_cleaned), StringConstraints(max_length=MAX_REPORT_WORDS)]
ShownMessage = Annotated[str, BeforeValidator(_cleaned), StringConstraints(max_length=MAX_MESSAGE)]


class ReportReason(StrEnum):
    """`name`: of the person, or their picture. `minors`: harm to people under 18."""

    INSULTS = "insults"
    HATE = "hate"
    SEXUAL = "sexual"
    THREATS = "threats"
    MINORS = "minors"
    SPAM = "spam"
    NAME = "name"
    OTHER = "other"


class ReportPlace(StrEnum):
    """From where a report was sent."""

    ROOM = "room"
    CHAT = "chat"
    PROFILE = "profile"


class SanctionKind(StrEnum):
    WARN = "warn"
    MUTE = "mute"
    BAN = "ban"


class BanScope(StrEnum):
    """The mark by which a ban was found. `address`: nobody may make a new profile from it for a while."""

    ACCOUNT = "account"
    DEVICE = "device"
    ADDRESS = "address"


# People


class NewReport(Inbound):
    """A report on a person, from their profile card. `target_id` is a user id."""

    target_id: Id
    reason: Annotated[ReportReason, Field(strict=False)]
    words: ReportWords = ""


class RoomReport(NewReport):
    """A report on a person from a room in which the reporter has a seat: its last lines of chat go with it.
    `line_id`: the line that the report is about."""

    line_id: Id | None = None


class ReportTaken(Outbound):
    """All that the reporter learns; the reported person learns nothing."""

    ok: Literal[True] = True


class OwnWarning(Outbound):
    """A warning by a moderator, which its receiver must acknowledge. `message` may be empty."""

    id: Id
    reason: ReportReason
    message: str
    at: Timestamp


class Standing(Outbound):
    """The moderators' decisions about oneself. `warnings`: those that were not acknowledged. `muted_until`:
    until then nobody hears or reads one in rooms with others. `is_moderator`: may use /api/moderation."""

    warnings: list[OwnWarning]
    muted_until: Timestamp | None
    mute_message: str
    is_moderator: bool


class Objection(Inbound):
    words: Annotated[ReportWords, StringConstraints(min_length=1)]


class BanNotice(Outbound):
    """With `banned`. `until` null: for good. `contact`: of the people who run this server; may be empty.
    `can_object`: POST /api/users/me/objection is open, once. `message`: the moderator's, may be empty."""

    scope: BanScope
    until: Timestamp | None
    reason: ReportReason | None
    message: str
    contact: str
    can_object: bool


class PrivacyFacts(Outbound):
    """The time for which this server keeps things, in days; 0: until they are deleted. `contact` may be
    empty."""

    contact: str
    guest_days: int
    audio_days: int
    report_days: int
    decision_days: int


# Moderators


class PersonRef(Outbound):
    """A person as moderators see them."""

    id: Id
    name: str
    avatar_url: AvatarPath


class ReportState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class ReportOutcome(StrEnum):
    """`gone`: the reported person deleted their profile."""

    DISMISSED = "dismissed"
    WARNED = "warned"
    MUTED = "muted"
    BANNED = "banned"
    GONE = "gone"


class ReportSummary(Outbound):
    """`target` and `reporter` are null once they have deleted their profile. `target_name`: at that time."""

    id: Id
    at: Timestamp
    state: ReportState
    outcome: ReportOutcome | None
    reason: ReportReason
    place: ReportPlace
    words: str
    target: PersonRef | None
    target_name: str
    reporter: PersonRef | None
    room_name: str | None


class ReportPage(Outbound):
    """Of open reports the oldest are first, of closed ones the newest. `open_count` is 100 at most."""

    items: list[ReportSummary]
    next_cursor: str | None
    open_count: int


class ReportedLine(Outbound):
    """A line of a room's text chat. `is_subject`: the one that the report is about."""

    name: str
    text: str
    at: Timestamp
    is_target: bool
    is_reporter: bool
    is_subject: bool


class SanctionState(StrEnum):
    """`ended`: by time, or acknowledged."""

    ACTIVE = "active"
    ENDED = "ended"
    UNDONE = "undone"


class Sanction(Outbound):
    """`until` null: for good, or a warning. `by`: the moderator, null if their profile is gone."""

    id: Id
    kind: SanctionKind
    state: SanctionState
    target: PersonRef | None
    reason: ReportReason
    message: str
    at: Timestamp
    until: Timestamp | None
    acknowledged_at: Timestamp | None
    undone_at: Timestamp | None
    objection: str
    report_id: Id | None
    by: str | None


class ReportDetail(ReportSummary):
    """`history`: what was decided about the person before, newest first, at most 20. `reports_of_target`: how
    often they were reported, 100 at most."""

    lines: list[ReportedLine]
    history: list[Sanction]
    reports_of_target: int


class SanctionPage(Outbound):
    """Newest first."""

    items: list[Sanction]
    next_cursor: str | None


class LogEntry(Outbound):
    """`moderator` null: the command line, or somebody whose profile is gone."""

    id: int
    at: Timestamp
    action: str
    moderator: str | None
    target: PersonRef | None
    kind: SanctionKind | None
    until: Timestamp | None
    note: str
    report_id: Id | None


class LogPage(Outbound):
    """Newest first."""

    items: list[LogEntry]
    next_cursor: str | None


class _Page(Inbound):
    limit: Annotated[int, Field(strict=False, ge=1, le=50)] = 20
    cursor: Annotated[str | None, Field(max_length=120)] = None


class ReportQuery(_Page):
    """Query string of GET /api/moderation/reports."""

    state: Annotated[ReportState, Field(strict=False)] = ReportState.OPEN


class SanctionQuery(_Page):
    """Query string of GET /api/moderation/sanctions. `objected`: only those with an objection."""

    state: Literal["active", "all", "objected"] = "active"


class LogQuery(_Page):
    """Query string of GET /api/moderation/log."""


class Dismiss(Inbound):
    note: ShownMessage = ""


class NewSanction(Inbound):
    """`hours` null: for good, which only a ban may be; a warning has none. `address_hours`: for how long
    nobody may make a new profile from the addresses of somebody who is banned. `message`: for the person.
    `note`: for the log."""

    kind: Annotated[SanctionKind, Field(strict=False)]
    target_id: Id
    reason: Annotated[ReportReason, Field(strict=False)]
    hours: Annotated[int, Field(ge=1, le=MAX_HOURS)] | None = None
    address_hours: Annotated[int, Field(ge=0, le=168)] = 24
    message: ShownMessage = ""
    note: ShownMessage = ""
    report_id: Id | None = None


class Undo(Inbound):
    note: ShownMessage = ""
