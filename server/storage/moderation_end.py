"""Keeps what stays of moderation when a profile is deleted or becomes part of another, in the caller's
transaction.

Of a report on a deleted profile its reason, place and times stay, without name, words and lines. A report by
one stays without the reporter and their words. Nobody's lines of chat outlive their profile. A ban that holds
goes on by the digests of cookie and address alone, which name nobody; one for good at most as long as a
browser keeps a cookie.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.common.durations import DAY_S
from server.protocol.moderation import ReportOutcome, ReportState
from server.storage.moderation_tables import ban_marks, moderation_log, report_lines, reports, sanctions

_COOKIE_S = 400 * DAY_S
"""Browsers keep no cookie for longer (RFC 6265bis section 5.5)."""


async def forget_in_moderation(connection: AsyncConnection, user_ids: Sequence[str]) -> None:
    """Call it before the users' rows are deleted: the foreign keys do the rest."""
    is_target = reports.c.target_id.in_(user_ids)
    of_target = select(reports.c.id).where(is_target)
    await connection.execute(delete(report_lines).where(report_lines.c.report_id.in_(of_target)))
    nameless = {"words": "", "target_name": "", "devices": []}
    await connection.execute(update(reports).where(is_target).values(nameless))
    is_open = reports.c.state == ReportState.OPEN
    gone = {"state": ReportState.CLOSED, "outcome": ReportOutcome.GONE, "closed_at": reports.c.at}
    await connection.execute(update(reports).where(is_target, is_open).values(gone))
    await connection.execute(update(reports).where(reports.c.reporter_id.in_(user_ids)).values(words=""))
    mine = sanctions.c.target_id.in_(user_ids)
    of_sanction = select(sanctions.c.at).where(sanctions.c.id == ban_marks.c.sanction_id).scalar_subquery()
    bans = select(sanctions.c.id).where(mine)
    for_good = (ban_marks.c.sanction_id.in_(bans), ban_marks.c.until.is_(None))
    await connection.execute(update(ban_marks).where(*for_good).values(until=of_sanction + _COOKIE_S))
    await connection.execute(update(sanctions).where(mine).values(message="", objection=""))
    about = moderation_log.c.target_id.in_(user_ids)
    await connection.execute(update(moderation_log).where(about).values(note=""))


async def move_in_moderation(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    """Move decisions about the guest, and reports of the guest, to the account."""
    for column in (
        reports.c.reporter_id,
        reports.c.target_id,
        report_lines.c.user_id,
        sanctions.c.target_id,
        ban_marks.c.user_id,
        moderation_log.c.moderator_id,
        moderation_log.c.target_id,
    ):
        moved = update(column.table).where(column == guest_id).values({column.name: user_id})
        await connection.execute(moved)
