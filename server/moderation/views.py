"""Values of moderation as messages."""

from __future__ import annotations

from collections.abc import Sequence

from server.moderation.model import (
    FoundBan,
    PersonRef,
    Report,
    ReportLine,
    Sanction,
    ShownEntry,
    ShownSanction,
)
from server.protocol import moderation as wire
from server.protocol.moderation import BanScope
from server.rooms.views import timestamp


def ban_notice(found: FoundBan, contact: str) -> wire.BanNotice:
    """Return what somebody who is banned is told. Only the account itself learns why: others share its
    browser and its address."""
    is_account = found.scope is BanScope.ACCOUNT
    sanction = found.sanction
    return wire.BanNotice(
        scope=found.scope,
        until=None if found.until is None else timestamp(found.until),
        reason=sanction.reason if is_account else None,
        message=sanction.message if is_account else "",
        contact=contact,
        can_object=is_account and sanction.objected_at is None,
    )


def standing_view(holding: Sequence[Sanction], *, is_moderator: bool) -> wire.Standing:
    warnings = [s for s in holding if s.kind is wire.SanctionKind.WARN]
    mutes = [s for s in holding if s.kind is wire.SanctionKind.MUTE and s.until is not None]
    longest = max(mutes, key=lambda mute: mute.until or 0.0, default=None)
    return wire.Standing(
        warnings=[
            wire.OwnWarning(id=s.id, reason=s.reason, message=s.message, at=timestamp(s.at)) for s in warnings
        ],
        muted_until=None if longest is None or longest.until is None else timestamp(longest.until),
        mute_message="" if longest is None else longest.message,
        is_moderator=is_moderator,
    )


def person_view(person: PersonRef | None) -> wire.PersonRef | None:
    if person is None:
        return None
    return wire.PersonRef(id=person.id, name=person.name, avatar_url=person.avatar)


def report_view(report: Report) -> wire.ReportSummary:
    return wire.ReportSummary(
        id=report.id,
        at=timestamp(report.at),
        state=report.state,
        outcome=report.outcome,
        reason=report.reason,
        place=report.place,
        words=report.words,
        target=person_view(report.target),
        target_name=report.target_name,
        reporter=person_view(report.reporter),
        room_name=report.room_name,
    )


def detail_view(
    report: Report,
    lines: Sequence[ReportLine],
    history: Sequence[ShownSanction],
    reports_of_target: int,
    now: float,
) -> wire.ReportDetail:
    target, reporter = (None if p is None else p.id for p in (report.target, report.reporter))
    return wire.ReportDetail(
        **dict(report_view(report)),
        lines=[
            wire.ReportedLine(
                name=line.name,
                text=line.text,
                at=timestamp(line.at),
                is_target=line.user_id == target,
                is_reporter=line.user_id == reporter,
                is_subject=line.is_subject,
            )
            for line in lines
        ],
        history=[sanction_view(shown, now) for shown in history],
        reports_of_target=reports_of_target,
    )


def sanction_view(shown: ShownSanction, now: float) -> wire.Sanction:
    sanction = shown.sanction
    return wire.Sanction(
        id=sanction.id,
        kind=sanction.kind,
        state=sanction.state_at(now),
        target=person_view(shown.target),
        reason=sanction.reason,
        message=sanction.message,
        at=timestamp(sanction.at),
        until=None if sanction.until is None else timestamp(sanction.until),
        acknowledged_at=None if sanction.acknowledged_at is None else timestamp(sanction.acknowledged_at),
        undone_at=None if sanction.undone_at is None else timestamp(sanction.undone_at),
        objection=sanction.objection,
        report_id=sanction.report_id,
        by=shown.by,
    )


def entry_view(shown: ShownEntry) -> wire.LogEntry:
    entry = shown.entry
    return wire.LogEntry(
        id=shown.number,
        at=timestamp(entry.at),
        action=entry.action.value,
        moderator=shown.moderator,
        target=person_view(shown.target),
        kind=entry.kind,
        until=None if entry.until is None else timestamp(entry.until),
        note=entry.note,
        report_id=entry.report_id,
    )
