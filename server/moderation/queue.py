"""Shows moderators what they read: reports, what was decided, and the log, page by page."""

from __future__ import annotations

from collections.abc import Callable

from server.common.cursors import cursor_of, position_in
from server.errors import InvalidRequest, ReportNotFound
from server.moderation.ports import ModeratorStore, Position, ReportStore, SanctionStore
from server.moderation.views import detail_view, entry_view, report_view, sanction_view
from server.protocol import moderation as wire

MOST_COUNTED = 100
_HISTORY = 20


class Queue:
    """`clock` is seconds since the epoch. All methods raise Unavailable, and those with a query
    InvalidRequest for a cursor of another list."""

    def __init__(
        self,
        reports: ReportStore,
        sanctions: SanctionStore,
        moderators: ModeratorStore,
        clock: Callable[[], float],
    ) -> None:
        self._reports = reports
        self._sanctions = sanctions
        self._moderators = moderators
        self._clock = clock

    async def reports(self, query: wire.ReportQuery) -> wire.ReportPage:
        found = await self._reports.page(query.state, query.limit + 1, _position(query.cursor))
        shown = found[: query.limit]
        return wire.ReportPage(
            items=[report_view(report) for report in shown],
            next_cursor=cursor_of(shown[-1].at, shown[-1].id) if len(found) > len(shown) else None,
            open_count=await self._reports.count_open(MOST_COUNTED),
        )

    async def report(self, report_id: str) -> wire.ReportDetail:
        """Raises ReportNotFound."""
        report = await self._reports.get(report_id)
        if report is None:
            raise ReportNotFound
        lines = await self._reports.lines(report_id)
        if report.target is None:
            return detail_view(report, lines, (), 0, self._clock())
        history = await self._sanctions.history(report.target.id, _HISTORY)
        count = await self._reports.count_of(report.target.id, MOST_COUNTED)
        return detail_view(report, lines, history, count, self._clock())

    async def sanctions(self, query: wire.SanctionQuery) -> wire.SanctionPage:
        now, objected = self._clock(), query.state == "objected"
        found = await self._sanctions.page(
            query.limit + 1,
            _position(query.cursor),
            active_at=now if query.state == "active" else None,
            objected=objected,
        )
        shown = found[: query.limit]
        last = shown[-1].sanction if len(found) > len(shown) else None
        moment = None if last is None else (last.objected_at if objected else last.at)
        return wire.SanctionPage(
            items=[sanction_view(sanction, now) for sanction in shown],
            next_cursor=cursor_of(moment or 0.0, last.id) if last is not None else None,
        )

    async def log(self, query: wire.LogQuery) -> wire.LogPage:
        before = None if query.cursor is None else _number(query.cursor)
        found = await self._moderators.log_page(query.limit + 1, before)
        shown = found[: query.limit]
        return wire.LogPage(
            items=[entry_view(entry) for entry in shown],
            next_cursor=str(shown[-1].number) if len(found) > len(shown) else None,
        )


def _position(cursor: str | None) -> Position | None:
    if cursor is None:
        return None
    try:
        return position_in(cursor)
    except ValueError:
        raise _of_another_list() from None


def _number(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise _of_another_list()
    return int(cursor)


def _of_another_list() -> InvalidRequest:
    return InvalidRequest("This cursor is not of this list.", errors=[])
