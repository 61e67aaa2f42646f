"""Reports of people on people, and the lines of chat that went with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import RowMapping, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import ReportClosed, ReportNotFound, UserNotFound
from server.moderation.model import LogEntry, NewReport, PersonRef, Report, ReportLine
from server.moderation.ports import Position
from server.protocol.moderation import ReportOutcome, ReportPlace, ReportReason, ReportState
from server.storage.database import Database
from server.storage.moderation_log import add_entry
from server.storage.moderation_tables import report_lines, reports
from server.storage.tables import sessions, users

_target, _reporter = users.alias("target"), users.alias("reporter")
_REPORT = (
    select(
        reports,
        _target.c.name.label("target_now"),
        _target.c.avatar.label("target_avatar"),
        _reporter.c.name.label("reporter_name"),
        _reporter.c.avatar.label("reporter_avatar"),
    )
    .outerjoin(_target, _target.c.id == reports.c.target_id)
    .outerjoin(_reporter, _reporter.c.id == reports.c.reporter_id)
)
_BATCH = 500
"""Reports deleted in one transaction: other writers wait for it."""


class SqlReportStore:
    """The ReportStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, report: NewReport) -> None:
        row = asdict(report)
        del row["lines"]
        try:
            async with self._database.write() as connection:
                devices = await _devices_of(connection, report.target_id)
                opened = {**row, "state": ReportState.OPEN, "devices": devices}
                await connection.execute(insert(reports).values(opened))
                await _add_lines(connection, report)
        except IntegrityError as error:
            raise UserNotFound from error

    async def page(self, state: ReportState, limit: int, after: Position | None) -> Sequence[Report]:
        async with self._database.read() as connection:
            found = await connection.execute(page_query(state, limit, after))
            return [_report(row) for row in found.mappings()]

    async def count_open(self, most: int) -> int:
        return await self._count(select(reports.c.id).where(reports.c.state == ReportState.OPEN), most)

    async def get(self, report_id: str) -> Report | None:
        async with self._database.read() as connection:
            found = (await connection.execute(_REPORT.where(reports.c.id == report_id))).mappings().first()
        return None if found is None else _report(found)

    async def lines(self, report_id: str) -> Sequence[ReportLine]:
        of_report = report_lines.c.report_id == report_id
        query = select(report_lines).where(of_report).order_by(report_lines.c.position)
        async with self._database.read() as connection:
            found = (await connection.execute(query)).mappings().all()
        return [ReportLine(r["user_id"], r["name"], r["text"], r["at"], r["is_subject"]) for r in found]

    async def count_of(self, target_id: str, most: int) -> int:
        return await self._count(select(reports.c.id).where(reports.c.target_id == target_id), most)

    async def close(self, report_id: str, outcome: ReportOutcome, entry: LogEntry) -> None:
        async with self._database.write() as connection:
            target_id = await close_report(connection, report_id, outcome, entry.at)
            await add_entry(connection, entry, target_id=target_id)

    async def delete_old(self, closed_before: float) -> int:
        """In batches."""
        is_old = (reports.c.state == ReportState.CLOSED, reports.c.closed_at < closed_before)
        # By `at`, which is before `closed_at`: the index has it.
        old = select(reports.c.id).where(*is_old, reports.c.at < closed_before).limit(_BATCH)
        count = 0
        while True:
            async with self._database.write() as connection:
                gone = await connection.execute(delete(reports).where(reports.c.id.in_(old)))
            count += gone.rowcount
            if gone.rowcount < _BATCH:
                return count

    async def _count(self, query: Select[Any], most: int) -> int:
        bounded = query.limit(most).subquery()
        async with self._database.read() as connection:
            return int(await connection.scalar(select(func.count()).select_from(bounded)) or 0)


def page_query(state: ReportState, limit: int, after: Position | None) -> Select[Any]:
    """Open reports from the oldest on, closed ones from the newest on."""
    key = (reports.c.at, reports.c.id)
    query = _REPORT.where(reports.c.state == state).limit(limit)
    if state is ReportState.OPEN:
        if after is not None:
            query = query.where(_beyond(after, ascending=True))
        return query.order_by(*key)
    if after is not None:
        query = query.where(_beyond(after, ascending=False))
    return query.order_by(*(column.desc() for column in key))


async def close_report(
    connection: AsyncConnection, report_id: str, outcome: ReportOutcome, now: float
) -> str | None:
    """The id of the reported person. Raises ReportNotFound, ReportClosed: of two moderators at once one is
    refused."""
    is_open = (reports.c.id == report_id, reports.c.state == ReportState.OPEN)
    closed = {"state": ReportState.CLOSED, "outcome": outcome, "closed_at": now}
    done = update(reports).where(*is_open).values(closed).returning(reports.c.target_id)
    row = (await connection.execute(done)).first()
    if row is not None:
        target_id: str | None = row[0]
        return target_id
    exists = await connection.scalar(select(reports.c.id).where(reports.c.id == report_id))
    raise ReportNotFound if exists is None else ReportClosed


async def devices_of_report(connection: AsyncConnection, report_id: str) -> Sequence[str]:
    """Digests of the device cookies that the reported person had then."""
    found = await connection.scalar(select(reports.c.devices).where(reports.c.id == report_id))
    return list(found or ())


async def _devices_of(connection: AsyncConnection, user_id: str) -> list[str]:
    has_one = (sessions.c.user_id == user_id, sessions.c.device_digest.is_not(None))
    query = select(sessions.c.device_digest).where(*has_one).distinct().limit(20)
    return list((await connection.execute(query)).scalars())


async def _add_lines(connection: AsyncConnection, report: NewReport) -> None:
    authors = {line.user_id for line in report.lines}
    if not authors:
        return
    known = set((await connection.execute(select(users.c.id).where(users.c.id.in_(authors)))).scalars())
    rows = [
        {**asdict(line), "report_id": report.id, "position": position}
        for position, line in enumerate(report.lines)
        if line.user_id in known
    ]
    if rows:
        await connection.execute(insert(report_lines), rows)


def _beyond(after: Position, *, ascending: bool) -> Any:
    """The plain bound on the time lets the index begin there on both databases."""
    at, report_id = after
    if ascending:
        later = or_(reports.c.at > at, reports.c.id > report_id)
        return and_(reports.c.at >= at, later)
    earlier = or_(reports.c.at < at, reports.c.id < report_id)
    return and_(reports.c.at <= at, earlier)


def _report(row: RowMapping) -> Report:
    return Report(
        id=row["id"],
        at=row["at"],
        state=ReportState(row["state"]),
        outcome=None if row["outcome"] is None else ReportOutcome(row["outcome"]),
        reason=ReportReason(row["reason"]),
        place=ReportPlace(row["place"]),
        words=row["words"],
        target=_person(row["target_id"], row["target_now"], row["target_avatar"]),
        target_name=row["target_name"],
        reporter=_person(row["reporter_id"], row["reporter_name"], row["reporter_avatar"]),
        room_name=row["room_name"],
    )


def _person(user_id: str | None, name: str | None, avatar: str | None) -> PersonRef | None:
    return None if user_id is None else PersonRef(user_id, str(name), str(avatar))
