"""Values of moderation, as they are stored. Times are seconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from server.common.durations import DAY_S
from server.protocol.moderation import (
    BanScope,
    ReportOutcome,
    ReportPlace,
    ReportReason,
    ReportState,
    SanctionKind,
    SanctionState,
)
from server.rooms.model import Origin

CLOSED_REPORTS_KEPT_S = 180 * DAY_S
LOG_KEPT_S = 365 * DAY_S
MAX_LINES = 30
"""Lines of a room's text chat that go with a report."""
MAX_MARKS = 50
"""Marks of one ban: its bearer could make more by coming back with ever new cookies."""
MODERATOR = "moderator"
"""The role that opens the moderators' routes."""


@dataclass(frozen=True, slots=True)
class PersonRef:
    id: str
    name: str
    avatar: str


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A line of text chat as it was, with its author. `is_subject`: the report is about it."""

    user_id: str
    name: str
    text: str
    at: float
    is_subject: bool = False


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report before it is stored. `room_name`: None for one from a profile."""

    id: str
    at: float
    reason: ReportReason
    place: ReportPlace
    words: str
    reporter_id: str
    target_id: str
    target_name: str
    room_name: str | None = None
    lines: tuple[ReportLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A stored report. `target` and `reporter` are None once their profile is deleted."""

    id: str
    at: float
    state: ReportState
    outcome: ReportOutcome | None
    reason: ReportReason
    place: ReportPlace
    words: str
    target: PersonRef | None
    target_name: str
    reporter: PersonRef | None
    room_name: str | None


@dataclass(frozen=True, slots=True)
class Sanction:
    """A warning, mute or ban. `until` None: for good, or a warning. `target_id` None: the profile is gone."""

    id: str
    kind: SanctionKind
    target_id: str | None
    reason: ReportReason
    message: str
    at: float
    until: float | None = None
    address_until: float | None = None
    acknowledged_at: float | None = None
    undone_at: float | None = None
    objection: str = ""
    objected_at: float | None = None
    report_id: str | None = None

    def state_at(self, now: float) -> SanctionState:
        if self.undone_at is not None:
            return SanctionState.UNDONE
        is_over = self.acknowledged_at is not None or (self.until is not None and now >= self.until)
        return SanctionState.ENDED if is_over else SanctionState.ACTIVE


@dataclass(frozen=True, slots=True)
class ShownSanction:
    """A sanction with the people that moderators see beside it. `by`: the moderator's name."""

    sanction: Sanction
    target: PersonRef | None
    by: str | None


@dataclass(frozen=True, slots=True)
class BanMark:
    """By what a ban is found. `value`: a user's id, or a digest of a cookie or of an address."""

    scope: BanScope
    value: str
    until: float | None


@dataclass(frozen=True, slots=True)
class FoundBan:
    """A ban that keeps somebody out, and by what it was found."""

    scope: BanScope
    sanction: Sanction
    until: float | None


class Action(StrEnum):
    """The acts that the log names. `grant` and `revoke` are of the command line."""

    DISMISS = "dismiss"
    SANCTION = "sanction"
    UNDO = "undo"
    GRANT = "grant"
    REVOKE = "revoke"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """A line of the audit log. `moderator_id` is None for the command line."""

    at: float
    action: Action
    moderator_id: str | None
    target_id: str | None
    kind: SanctionKind | None = None
    until: float | None = None
    note: str = ""
    report_id: str | None = None
    sanction_id: str | None = None


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry of the log with the names of its people. `number` counts up."""

    number: int
    entry: LogEntry
    moderator: str | None
    target: PersonRef | None


OUTCOMES = {
    SanctionKind.WARN: ReportOutcome.WARNED,
    SanctionKind.MUTE: ReportOutcome.MUTED,
    SanctionKind.BAN: ReportOutcome.BANNED,
}


def marks_of(sanction: Sanction, origin: Origin, now: float) -> tuple[BanMark, ...]:
    """The marks that a ban leaves on a browser and, while it is fresh, on an address."""
    marks: list[BanMark] = []
    if origin.device:
        marks.append(BanMark(BanScope.DEVICE, origin.device, sanction.until))
    if origin.address and sanction.address_until is not None and now < sanction.address_until:
        marks.append(BanMark(BanScope.ADDRESS, origin.address, sanction.address_until))
    return tuple(marks)


def with_target(entry: LogEntry, sanction: Sanction) -> LogEntry:
    """The entry with what it is about: it is known once the sanction was read."""
    return replace(entry, target_id=sanction.target_id, kind=sanction.kind, report_id=sanction.report_id)
