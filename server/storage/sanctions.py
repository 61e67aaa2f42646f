"""Warnings, mutes and bans, and the marks by which bans are found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    RowMapping,
    Select,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import ReportNotFound, SanctionNotFound, UserNotFound
from server.moderation.model import (
    MAX_MARKS,
    OUTCOMES,
    BanMark,
    FoundBan,
    LogEntry,
    PersonRef,
    Sanction,
    ShownSanction,
    with_target,
)
from server.moderation.ports import Decided, Position
from server.protocol.moderation import BanScope, ReportReason, SanctionKind
from server.rooms.model import new_id
from server.storage.database import Database
from server.storage.moderation_log import add_entry
from server.storage.moderation_tables import ban_marks, moderation_log, sanctions
from server.storage.reports import close_report, devices_of_report
from server.storage.tables import sessions, users

_NAMES = tuple(field.name for field in fields(Sanction))
_COLUMNS = tuple(sanctions.c[name] for name in _NAMES)
_target, _moderator = users.alias("target"), users.alias("moderator")
_BY = (
    select(_moderator.c.name)
    .join(moderation_log, moderation_log.c.moderator_id == _moderator.c.id)
    .where(moderation_log.c.sanction_id == sanctions.c.id, moderation_log.c.action == "sanction")
    .limit(1)
    .scalar_subquery()
)
_SHOWN = select(
    *_COLUMNS, _target.c.name.label("target_name"), _target.c.avatar.label("target_avatar"), _BY.label("by")
).outerjoin(_target, _target.c.id == sanctions.c.target_id)
_SCOPES = list(BanScope)
_MAX_SESSIONS = 100


class SqlSanctionStore:
    """The SanctionStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, sanction: Sanction, entry: LogEntry) -> Decided:
        row = {**asdict(sanction), "changed_at": sanction.at}
        try:
            async with self._database.write() as connection:
                if sanction.report_id is not None:
                    outcome = OUTCOMES[sanction.kind]
                    reported = await close_report(connection, sanction.report_id, outcome, sanction.at)
                    if reported != sanction.target_id:  # its devices are those of somebody else
                        raise ReportNotFound
                await connection.execute(insert(sanctions).values(row))
                await add_entry(connection, entry, target_id=sanction.target_id)
                if sanction.kind is not SanctionKind.BAN:
                    return Decided()
                await _mark_known(connection, sanction)
                return await _kept_out(connection, sanction.id)
        except IntegrityError as error:
            raise UserNotFound from error

    async def undo(self, sanction_id: str, entry: LogEntry) -> Sanction:
        this = (sanctions.c.id == sanction_id, sanctions.c.undone_at.is_(None))
        done = update(sanctions).where(*this).values(undone_at=entry.at, changed_at=entry.at)
        async with self._database.write() as connection:
            row = (await connection.execute(done.returning(*_COLUMNS))).mappings().first()
            if row is None:
                raise SanctionNotFound
            sanction = _sanction(row)
            await connection.execute(delete(ban_marks).where(ban_marks.c.sanction_id == sanction_id))
            about = with_target(entry, sanction)
            await add_entry(connection, about, target_id=about.target_id)
        return sanction

    async def add_marks(
        self, sanction_id: str, marks: Sequence[BanMark], *, spares_others: bool = False
    ) -> None:
        if not marks:
            return
        async with self._database.write() as connection:
            holds = select(sanctions.c.target_id).where(
                sanctions.c.id == sanction_id, sanctions.c.undone_at.is_(None)
            )
            # The lock makes two servers that mark at once count one after the other.
            row = (await connection.execute(holds.with_for_update())).first()
            if row is None:
                return
            if spares_others:
                marks = await _without_others(connection, marks, row.target_id)
            await _add_marks(connection, sanction_id, marks)

    async def page(
        self, limit: int, after: Position | None, *, active_at: float | None, objected: bool
    ) -> Sequence[ShownSanction]:
        query = page_query(limit, after, active_at=active_at, objected=objected)
        async with self._database.read() as connection:
            return [_shown(row) for row in (await connection.execute(query)).mappings()]

    async def history(self, target_id: str, limit: int) -> Sequence[ShownSanction]:
        query = _SHOWN.where(sanctions.c.target_id == target_id).order_by(sanctions.c.at.desc()).limit(limit)
        async with self._database.read() as connection:
            return [_shown(row) for row in (await connection.execute(query)).mappings()]

    async def holding(self, target_id: str, now: float) -> Sequence[Sanction]:
        kinds = (SanctionKind.WARN, SanctionKind.MUTE)
        mine = (sanctions.c.target_id == target_id, sanctions.c.kind.in_(kinds))
        query = select(*_COLUMNS).where(*mine, _holds(now)).order_by(sanctions.c.at).limit(20)
        async with self._database.read() as connection:
            return [_sanction(row) for row in (await connection.execute(query)).mappings()]

    async def acknowledge(self, target_id: str, sanction_id: str, now: float) -> None:
        mine = (sanctions.c.id == sanction_id, sanctions.c.target_id == target_id)
        is_warning = (sanctions.c.kind == SanctionKind.WARN, sanctions.c.undone_at.is_(None))
        first = func.coalesce(sanctions.c.acknowledged_at, now)
        done = update(sanctions).where(*mine, *is_warning).values(acknowledged_at=first)
        async with self._database.write() as connection:
            if (await connection.execute(done)).rowcount == 0:
                raise SanctionNotFound

    async def object(self, target_id: str, words: str, now: float) -> bool:
        mine = (sanctions.c.target_id == target_id, sanctions.c.kind == SanctionKind.BAN)
        newest = (
            select(sanctions.c.id).where(*mine, _holds(now)).order_by(sanctions.c.at.desc()).limit(1)
        ).scalar_subquery()
        this = (sanctions.c.id == newest, sanctions.c.objected_at.is_(None))
        done = update(sanctions).where(*this).values(objection=words, objected_at=now)
        async with self._database.write() as connection:
            return (await connection.execute(done)).rowcount > 0

    async def find_ban(
        self, user_id: str, digests: Collection[str], now: float, *, address: str = ""
    ) -> FoundBan | None:
        ways = []
        if user_id:
            ways.append(ban_marks.c.user_id == user_id)
        if digests:
            ways.append(_digest_of(BanScope.DEVICE, digests))
        if address:
            ways.append(_digest_of(BanScope.ADDRESS, [address]))
        if not ways:
            return None
        query = (
            select(*_COLUMNS, ban_marks.c.scope, ban_marks.c.until.label("mark_until"))
            .join(ban_marks, ban_marks.c.sanction_id == sanctions.c.id)
            .where(or_(*ways), _lasts(now))
            .limit(MAX_MARKS)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        found = [FoundBan(BanScope(row["scope"]), _sanction(row), row["mark_until"]) for row in rows]
        return min(found, key=lambda ban: _SCOPES.index(ban.scope), default=None)

    async def changed_since(self, since: float) -> Sequence[tuple[Sanction, Decided]]:
        query = select(*_COLUMNS).where(sanctions.c.changed_at >= since).order_by(sanctions.c.changed_at)
        async with self._database.read() as connection:
            changed = [_sanction(row) for row in (await connection.execute(query.limit(1_000))).mappings()]
            bans = {s.id for s in changed if s.kind is SanctionKind.BAN}
            return [(s, await _kept_out(connection, s.id) if s.id in bans else Decided()) for s in changed]

    async def delete_old(self, ended_before: float, now: float) -> int:
        ends = func.coalesce(sanctions.c.undone_at, sanctions.c.acknowledged_at, sanctions.c.until)
        async with self._database.write() as connection:
            await connection.execute(delete(ban_marks).where(ban_marks.c.until < now))
            gone = await connection.execute(
                delete(sanctions).where(sanctions.c.at < ended_before, ends < ended_before)
            )
        return gone.rowcount


def page_query(limit: int, after: Position | None, *, active_at: float | None, objected: bool) -> Select[Any]:
    """Newest first."""
    moment = sanctions.c.objected_at if objected else sanctions.c.at
    query = _page(_SHOWN, moment, limit, after)
    if objected:
        query = query.where(sanctions.c.objected_at.is_not(None))
    if active_at is not None:
        query = query.where(sanctions.c.id.in_(_held(active_at, limit, after)))
    return query


def _page(query: Select[Any], moment: ColumnElement[Any], limit: int, after: Position | None) -> Select[Any]:
    query = query.order_by(moment.desc(), sanctions.c.id.desc()).limit(limit)
    if after is None:
        return query
    at, sanction_id = after
    return query.where(moment <= at, or_(moment < at, sanctions.c.id < sanction_id))


def is_kept_out(now: float) -> ColumnElement[bool]:
    """Whether a ban keeps a row of `sessions` out, by its user or its device."""
    is_marked = or_(
        ban_marks.c.user_id == sessions.c.user_id,
        and_(ban_marks.c.scope == BanScope.DEVICE, ban_marks.c.digest == sessions.c.device_digest),
    )
    return select(ban_marks.c.id).where(is_marked, _lasts(now)).exists()


def is_banned(user_id: ColumnElement[str], now: float) -> ColumnElement[bool]:
    """Whether a ban of the account with this id holds."""
    return select(ban_marks.c.id).where(ban_marks.c.user_id == user_id, _lasts(now)).exists()


async def _mark_known(connection: AsyncConnection, sanction: Sanction) -> None:
    """The account, the devices on which it is signed in, and those of the report."""
    of_target = (sessions.c.user_id == sanction.target_id, sessions.c.device_digest.is_not(None))
    devices = set((await connection.execute(select(sessions.c.device_digest).where(*of_target))).scalars())
    if sanction.report_id is not None:
        devices |= set(await devices_of_report(connection, sanction.report_id))
    account = BanMark(BanScope.ACCOUNT, str(sanction.target_id), sanction.until)
    marks = [BanMark(BanScope.DEVICE, device, sanction.until) for device in sorted(map(str, devices))]
    await _add_marks(connection, sanction.id, [account, *marks])


async def _without_others(
    connection: AsyncConnection, marks: Sequence[BanMark], target_id: str | None
) -> Sequence[BanMark]:
    """The marks but those on devices on which somebody else is signed in."""
    devices = [mark.value for mark in marks if mark.scope is BanScope.DEVICE]
    of_others = (sessions.c.device_digest.in_(devices), sessions.c.user_id != target_id)
    shared = set((await connection.execute(select(sessions.c.device_digest).where(*of_others))).scalars())
    return [mark for mark in marks if mark.scope is not BanScope.DEVICE or mark.value not in shared]


async def _add_marks(connection: AsyncConnection, sanction_id: str, marks: Sequence[BanMark]) -> None:
    of_ban = ban_marks.c.sanction_id == sanction_id
    query = select(ban_marks.c.scope, ban_marks.c.digest, ban_marks.c.user_id).where(of_ban)
    known = {(row.scope, row.digest or row.user_id) for row in await connection.execute(query)}
    for mark in marks:
        if (mark.scope, mark.value) in known or len(known) >= MAX_MARKS:
            continue
        known.add((mark.scope, mark.value))
        is_account = mark.scope is BanScope.ACCOUNT
        row = {
            "id": new_id(),
            "sanction_id": sanction_id,
            "scope": mark.scope,
            "user_id": mark.value if is_account else None,
            "digest": None if is_account else mark.value,
            "until": mark.until,
        }
        await connection.execute(insert(ban_marks).values(row))


async def _kept_out(connection: AsyncConnection, sanction_id: str) -> Decided:
    """Return what the marks of a ban keep out."""
    marks = ban_marks.alias()
    of_ban = marks.c.sanction_id == sanction_id
    is_marked = or_(
        sessions.c.user_id.in_(select(marks.c.user_id).where(of_ban, marks.c.user_id.is_not(None))),
        sessions.c.device_digest.in_(select(marks.c.digest).where(of_ban, marks.c.scope == BanScope.DEVICE)),
    )
    query = select(sessions.c.user_id, sessions.c.digest).where(is_marked).limit(_MAX_SESSIONS)
    found = [(row.user_id, row.digest) for row in await connection.execute(query)]
    of_devices = select(marks.c.digest).where(of_ban, marks.c.scope == BanScope.DEVICE)
    return Decided(found, [str(row.digest) for row in await connection.execute(of_devices)])


def _digest_of(scope: BanScope, digests: Collection[str]) -> ColumnElement[bool]:
    return and_(ban_marks.c.scope == scope, ban_marks.c.digest.in_(digests))


def _lasts(now: float) -> ColumnElement[bool]:
    return or_(ban_marks.c.until.is_(None), ban_marks.c.until > now)


def _holds(now: float) -> ColumnElement[bool]:
    """As `Sanction.state_at`: active."""
    return and_(
        sanctions.c.undone_at.is_(None),
        sanctions.c.acknowledged_at.is_(None),
        or_(sanctions.c.until.is_(None), sanctions.c.until > now),
    )


def _held(now: float, limit: int, after: Position | None) -> CompoundSelect[str]:
    """Ids of those that hold, the newest `limit` of each kind. Two searches, by an index each: an OR would go
    through all that are over."""
    may_hold = select(sanctions.c.id).where(
        sanctions.c.undone_at.is_(None), sanctions.c.acknowledged_at.is_(None)
    )
    for_good = _page(may_hold.where(sanctions.c.until.is_(None)), sanctions.c.at, limit, after)
    # The sum keeps SQLite from going through all decisions by their `at`, most of which are over.
    for_a_time = _page(may_hold.where(sanctions.c.until > now), sanctions.c.at + 0, limit, after)
    return union_all(*(select(each.subquery().c.id) for each in (for_good, for_a_time)))


def _sanction(row: RowMapping) -> Sanction:
    values = {name: row[name] for name in _NAMES}
    kind, reason = SanctionKind(values["kind"]), ReportReason(values["reason"])
    return Sanction(**{**values, "kind": kind, "reason": reason})


def _shown(row: RowMapping) -> ShownSanction:
    sanction = _sanction(row)
    target = None
    if sanction.target_id is not None:
        target = PersonRef(sanction.target_id, row["target_name"], row["target_avatar"])
    return ShownSanction(sanction, target, row["by"])
