"""Notices of people, and what of them is to be sent on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import EMAIL
from server.errors import UserNotFound
from server.notices.model import (
    NAMING_KEYS,
    Channel,
    Delivery,
    Language,
    Reach,
    ReachChange,
    ReachSettings,
    StoredNotice,
)
from server.notices.service import KEPT
from server.notices.topics import TOPICS
from server.storage.database import Database
from server.storage.notice_rows import notice_of
from server.storage.notice_tables import notice_deliveries, notice_settings, notices
from server.storage.push import add_push_messages, quiet_hours
from server.storage.tables import identities, users
from server.storage.upsert import insert_new, upsert

_named = notices.c.body["user_id"].as_string()
_is_unnamed = and_(
    notices.c.about_id.is_(None),
    or_(*(notices.c.key.startswith(beginning) for beginning in NAMING_KEYS)),
)
"""Stored by a server from before the column: only the body tells whom it is about."""


class SqlNoticeStore:
    """The NoticeStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, made: Sequence[StoredNotice], channels: Collection[Channel], until: float
    ) -> Sequence[StoredNotice]:
        async with self._database.write() as connection:
            return await add_notices(connection, made, channels, until)

    async def list_for(
        self, user_id: str, limit: int, before: tuple[float, str] | None = None
    ) -> Sequence[StoredNotice]:
        query = select(notices).where(notices.c.user_id == user_id)
        if before is not None:
            at, notice_id = before
            query = query.where(or_(notices.c.at < at, and_(notices.c.at == at, notices.c.id < notice_id)))
        return await self._read(query.order_by(notices.c.at.desc(), notices.c.id.desc()).limit(limit))

    async def count_unread(self, user_ids: Collection[str]) -> Mapping[str, int]:
        unread = (notices.c.user_id.in_(user_ids), notices.c.read_at.is_(None))
        query = select(notices.c.user_id, func.count()).where(*unread).group_by(notices.c.user_id)
        async with self._database.read() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def mark_read(self, user_id: str, ids: Collection[str] | None, now: float) -> None:
        read = update(notices).where(notices.c.user_id == user_id, notices.c.read_at.is_(None))
        if ids is not None:
            read = read.where(notices.c.id.in_(ids))
        async with self._database.write() as connection:
            await connection.execute(read.values(read_at=now))

    async def delete_all(self, user_id: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(notices).where(notices.c.user_id == user_id))

    async def take_due(self, channels: Collection[Channel], now: float, limit: int) -> Sequence[Delivery]:
        table = notice_deliveries
        key = (table.c.notice_id, table.c.channel)
        is_due = (table.c.channel.in_(channels), table.c.due_at <= now)
        async with self._database.read() as connection:  # most of the time there is nothing to write
            if (await connection.execute(select(table.c.notice_id).where(*is_due).limit(1))).first() is None:
                return []
        async with self._database.write() as connection:
            await connection.execute(delete(table).where(table.c.until < now))
            first = select(*key).where(*is_due).order_by(table.c.due_at).limit(limit)
            rows = (await connection.execute(first.with_for_update(skip_locked=True))).all()
            if not rows:
                return []
            await connection.execute(delete(table).where(tuple_(*key).in_([tuple(row) for row in rows])))
            taken = select(notices).where(notices.c.id.in_([notice_id for notice_id, _ in rows]))
            found = {notice.id: notice for notice in await _read(connection, taken)}
        return [Delivery(Channel(channel), found[i]) for i, channel in rows if i in found]

    async def delete_old(self, before: float) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(notices).where(notices.c.at < before))

    async def reach_of(self, user_id: str) -> Reach:
        address = (
            select(identities.c.subject)
            .where(identities.c.user_id == user_id, identities.c.issuer == EMAIL)
            .order_by(identities.c.created_at)
            .limit(1)
            .scalar_subquery()
        )
        columns = (notice_settings.c.mail, notice_settings.c.language, users.c.time_zone, address.label("to"))
        chosen = users.outerjoin(notice_settings, notice_settings.c.user_id == users.c.id)
        query = select(*columns).select_from(chosen).where(users.c.id == user_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return Reach()
        wants_mail = row["mail"] is None or row["mail"]
        language: Language = "vi" if row["language"] == "vi" else "en"
        return Reach(language, row["to"] if wants_mail else None, row["time_zone"])

    async def settings_of(self, user_id: str) -> ReachSettings:
        chosen = users.outerjoin(notice_settings, notice_settings.c.user_id == users.c.id)
        query = select(users.c.time_zone, notice_settings).select_from(chosen).where(users.c.id == user_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return ReachSettings()
        off = row["push_off"] or ()
        return ReachSettings(
            mail=row["mail"] is not False,
            topics=tuple(topic for topic in TOPICS if topic not in off),
            quiet=quiet_hours(row),
            time_zone=row["time_zone"],
        )

    async def set_reach(self, user_id: str, change: ReachChange) -> None:
        given = _columns(change)
        if not given:
            return
        row = {"user_id": user_id, **_USUAL, **given}
        kept = [name for name in _USUAL if name not in given]
        try:
            async with self._database.write() as connection:
                await upsert(connection, notice_settings, row, keep=kept)
        except IntegrityError as error:
            raise UserNotFound from error

    async def _read(self, query: Select[Any]) -> Sequence[StoredNotice]:
        async with self._database.read() as connection:
            return await _read(connection, query)


async def add_notices(
    connection: AsyncConnection,
    made: Sequence[StoredNotice],
    channels: Collection[Channel],
    until: float,
) -> Sequence[StoredNotice]:
    """`NoticeStore.add` in the caller's transaction."""
    new = await _new_ones(connection, made)
    if not new:
        return []
    rows = [
        {
            "id": notice.id,
            "user_id": notice.user_id,
            "key": notice.key,
            "body": notice.body.model_dump(mode="json"),
            "at": notice.at,
            "read_at": notice.read_at,
            "about_id": notice.about_id,
        }
        for notice in new
    ]
    await connection.execute(insert(notices), rows)
    sent = [
        {"notice_id": notice.id, "channel": channel.value, "due_at": notice.at, "until": until}
        for notice in new
        for channel in sorted(set(channels) - {Channel.PUSH})
    ]
    if sent:
        await connection.execute(insert(notice_deliveries), sent)
    if Channel.PUSH in channels:
        await add_push_messages(connection, new, until)
    await _drop_beyond(connection, {notice.user_id for notice in new})
    return new


async def merge_reach(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    """The guest's choice of how to be reached holds for the user where they have chosen nothing: a row alone
    is no choice, since registering for an event makes one for its language."""
    query = select(notice_settings).where(notice_settings.c.user_id == guest_id)
    guest = (await connection.execute(query)).mappings().first()
    if guest is None:
        return
    await insert_new(connection, notice_settings, {**guest, "user_id": user_id})
    own = update(notice_settings).where(notice_settings.c.user_id == user_id)
    no_topics, no_quiet = notice_settings.c.push_off.is_(None), notice_settings.c.quiet_start.is_(None)
    await connection.execute(own.where(no_topics).values(push_off=guest["push_off"]))
    quiet = {"quiet_start": guest["quiet_start"], "quiet_end": guest["quiet_end"]}
    await connection.execute(own.where(no_quiet).values(quiet))


async def forget_notices_of(connection: AsyncConnection, user_id: str, other_id: str) -> None:
    """Delete what the user was told of the other person: that they follow, and their invitations."""
    about = or_(notices.c.about_id == other_id, and_(_is_unnamed, _named == other_id))
    await connection.execute(delete(notices).where(notices.c.user_id == user_id, about))


async def name_notices_about(connection: AsyncConnection, user_ids: Collection[str]) -> None:
    """Let notices that name these people go with their profiles, also those of a server from before the
    column `about_id`, which runs on during an update. None is older than its person's profile."""
    since = select(func.min(users.c.created_at)).where(users.c.id.in_(user_ids)).scalar_subquery()
    about = update(notices).where(notices.c.at >= since, _is_unnamed, _named.in_(user_ids))
    await connection.execute(about.values(about_id=_named))


async def merge_notices_about(connection: AsyncConnection, guest_id: str, user_id: str) -> None:
    """Notices that name the guest lead to the user. Those of which their reader has one already are left to
    the guest's end, and so are the user's own."""
    await name_notices_about(connection, [guest_id])
    await forget_notices_of(connection, user_id, user_id)
    query = select(notices).where(notices.c.about_id == guest_id, notices.c.user_id != user_id)
    for row in (await connection.execute(query)).mappings().all():
        renamed = {"about_id": user_id, "body": {**row["body"], "user_id": user_id}}
        if row["key"] is not None:
            renamed["key"] = key = _key_about(row["key"], user_id)
            known = select(notices.c.id).where(notices.c.user_id == row["user_id"], notices.c.key == key)
            if (await connection.execute(known)).first() is not None:
                continue
        await connection.execute(update(notices).where(notices.c.id == row["id"]).values(renamed))


def _key_about(key: str, user_id: str) -> str:
    """The key of the same notice about another person: the id is its second part."""
    kind, _, rest = key.partition(":")
    _, colon, more = rest.partition(":")
    return f"{kind}:{user_id}{colon}{more}"


async def _new_ones(connection: AsyncConnection, made: Sequence[StoredNotice]) -> list[StoredNotice]:
    """Return the notices of and about people who exist, who cannot be deleted meanwhile, with keys that are
    new to their readers."""
    people = {user_id for notice in made for user_id in (notice.user_id, notice.about_id) if user_id}
    exists = select(users.c.id).where(users.c.id.in_(people)).order_by(users.c.id)
    found = set((await connection.execute(exists.with_for_update(read=True, key_share=True))).scalars())
    keys = {notice.key for notice in made if notice.key is not None}
    known: set[tuple[str, str]] = set()
    if keys:
        stored = select(notices.c.user_id, notices.c.key).where(
            notices.c.user_id.in_(found), notices.c.key.in_(keys)
        )
        known = {(row.user_id, row.key) for row in await connection.execute(stored)}
    made = [n for n in made if n.user_id in found and (n.about_id is None or n.about_id in found)]
    return [n for n in made if n.key is None or (n.user_id, n.key) not in known]


async def _drop_beyond(connection: AsyncConnection, user_ids: Collection[str]) -> None:
    """Delete what somebody has beyond `KEPT`, the oldest first."""
    counts = (
        select(notices.c.user_id)
        .where(notices.c.user_id.in_(user_ids))
        .group_by(notices.c.user_id)
        .having(func.count() > KEPT)
    )
    for user_id in (await connection.execute(counts)).scalars().all():
        own = select(notices.c.id).where(notices.c.user_id == user_id)
        newest_first = own.order_by(notices.c.at.desc(), notices.c.id.desc())
        beyond = (await connection.execute(newest_first.offset(KEPT))).scalars().all()
        await connection.execute(delete(notices).where(notices.c.id.in_(beyond)))


async def _read(connection: AsyncConnection, query: Select[Any]) -> list[StoredNotice]:
    found = map(notice_of, (await connection.execute(query)).mappings())
    return [notice for notice in found if notice is not None]


_USUAL: dict[str, Any] = {
    "mail": True,
    "language": "en",
    "push_off": None,
    "quiet_start": None,
    "quiet_end": None,
}
"""The row of somebody who has set nothing."""


def _columns(change: ReachChange) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if change.mail is not None:
        columns["mail"] = change.mail
    if change.language is not None:
        columns["language"] = change.language
    if change.topics is not None:
        columns["push_off"] = [topic for topic in TOPICS if topic not in change.topics]
    if change.sets_quiet:
        quiet = change.quiet
        columns["quiet_start"] = quiet.start if quiet else None
        columns["quiet_end"] = quiet.end if quiet else None
    return columns
