"""Carries out what moderators decide about people: warn, mute, ban, undo, or close a report without any of
these."""

from __future__ import annotations

import logging
from collections.abc import Callable

from server.errors import Conflict, InvalidRequest, UserNotFound
from server.moderation.enforcement import Enforcement
from server.moderation.model import Action, LogEntry, Sanction
from server.moderation.ports import ModeratorStore, People, ReportStore, SanctionStore
from server.protocol.field_errors import wrong_field
from server.protocol.moderation import NewSanction, ReportOutcome, SanctionKind
from server.rooms.model import new_id

HOUR_S = 3_600.0
_log = logging.getLogger(__name__)


def sanction_of(wanted: NewSanction, now: float) -> Sanction:
    """Raises InvalidRequest for a warning with a time, and a mute without one."""
    if (wanted.kind is SanctionKind.WARN) != (wanted.hours is None) and wanted.kind is not SanctionKind.BAN:
        rule = "a mute needs hours, and a warning has none"
        raise InvalidRequest(errors=[wrong_field("hours", rule, "required")])
    is_ban = wanted.kind is SanctionKind.BAN
    return Sanction(
        id=new_id(),
        kind=wanted.kind,
        target_id=wanted.target_id,
        reason=wanted.reason,
        message=wanted.message,
        at=now,
        until=None if wanted.hours is None else now + wanted.hours * HOUR_S,
        address_until=now + wanted.address_hours * HOUR_S if is_ban and wanted.address_hours else None,
        report_id=wanted.report_id,
    )


class Decisions:
    """`clock` is seconds since the epoch. Callers have checked that `moderator_id` is a moderator."""

    def __init__(
        self,
        reports: ReportStore,
        sanctions: SanctionStore,
        moderators: ModeratorStore,
        people: People,
        enforcement: Enforcement,
        clock: Callable[[], float],
    ) -> None:
        self._reports = reports
        self._sanctions = sanctions
        self._moderators = moderators
        self._people = people
        self._enforcement = enforcement
        self._clock = clock

    async def decide(self, moderator_id: str, wanted: NewSanction) -> Sanction:
        """It holds on every server within seconds. Raises InvalidRequest, UserNotFound, ReportNotFound,
        ReportClosed, Conflict for a moderator, Unavailable."""
        now = self._clock()
        sanction = sanction_of(wanted, now)
        if await self._people.person(wanted.target_id) is None:
            raise UserNotFound
        if await self._moderators.is_moderator(wanted.target_id):
            raise Conflict("This person is a moderator. Revoke that first, on the command line.")
        entry = LogEntry(
            at=now,
            action=Action.SANCTION,
            moderator_id=moderator_id,
            target_id=wanted.target_id,
            kind=wanted.kind,
            until=sanction.until,
            note=wanted.note,
            report_id=wanted.report_id,
            sanction_id=sanction.id,
        )
        decided = await self._sanctions.add(sanction, entry)
        self._enforcement.publish(sanction, decided)
        _log.info("moderator: %s", wanted.kind)
        return sanction

    async def undo(self, moderator_id: str, sanction_id: str, note: str) -> Sanction:
        """Raises SanctionNotFound, also for one that was undone; Unavailable."""
        now = self._clock()
        entry = LogEntry(
            at=now,
            action=Action.UNDO,
            moderator_id=moderator_id,
            target_id=None,
            note=note,
            sanction_id=sanction_id,
        )
        sanction = await self._sanctions.undo(sanction_id, entry)
        self._enforcement.publish(sanction)
        _log.info("moderator: undo %s", sanction.kind)
        return sanction

    async def dismiss(self, moderator_id: str, report_id: str, note: str) -> None:
        """Raises ReportNotFound, ReportClosed, Unavailable."""
        entry = LogEntry(
            at=self._clock(),
            action=Action.DISMISS,
            moderator_id=moderator_id,
            target_id=None,
            note=note,
            report_id=report_id,
        )
        await self._reports.close(report_id, ReportOutcome.DISMISSED, entry)
