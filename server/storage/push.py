"""Devices that get messages, and the messages to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.accounts.model import SessionOf
from server.errors import SessionEnded
from server.notices.model import Language, StoredNotice
from server.notices.quiet import QuietHours, next_allowed
from server.notices.topics import topic_of
from server.push.model import MAX_DEVICES, PushMessage, Subscription, Target
from server.storage.database import Database
from server.storage.notice_rows import notice_of
from server.storage.notice_tables import notice_settings, notices, push_messages, push_subscriptions
from server.storage.tables import users
from server.storage.upsert import insert_new, upsert

_s, _m, _c = push_subscriptions.c, push_messages.c, notice_settings.c
_key = tuple_(_m.notice_id, _m.subscription_id)


class SqlPushStore:
    """The PushStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def subscribe(self, subscription: Subscription, most: int) -> None:
        target = subscription.target
        row = {
            "id": target.id,
            "user_id": subscription.user_id,
            "session_digest": subscription.session_digest,
            "endpoint": target.endpoint,
            "p256dh": target.p256dh,
            "auth": target.auth,
            "created_at": subscription.created_at,
        }
        earlier = (_s.session_digest == subscription.session_digest, _s.id != target.id)
        others = select(_s.id).where(_s.user_id == subscription.user_id, _s.id != target.id)
        try:
            async with self._database.write() as connection:
                # Two devices of one person at once would both find a free place.
                person = select(users.c.id).where(users.c.id == subscription.user_id)
                await connection.execute(person.with_for_update(key_share=True))
                await connection.execute(delete(push_subscriptions).where(*earlier))
                oldest = (await connection.execute(others.order_by(_s.created_at, _s.id))).scalars().all()
                beyond = oldest[: max(0, len(oldest) + 1 - most)]
                await connection.execute(delete(push_subscriptions).where(_s.id.in_(beyond)))
                # An update keeps the messages that wait for the device.
                await upsert(connection, push_subscriptions, row, keep=["created_at"])
        except IntegrityError as error:
            raise SessionEnded from error

    async def unsubscribe(self, session_digest: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(push_subscriptions).where(_s.session_digest == session_digest))

    async def delete(self, subscription_id: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(push_subscriptions).where(_s.id == subscription_id))

    async def sessions_of(self, user_id: str) -> Sequence[str]:
        query = select(_s.session_digest).where(_s.user_id == user_id)
        async with self._database.read() as connection:
            found: Sequence[str] = (await connection.execute(query)).scalars().all()
        return found

    async def take_due(self, now: float, limit: int) -> Sequence[PushMessage]:
        first_due = select(_m.due_at).order_by(_m.due_at).limit(1)
        async with self._database.read() as connection:  # most of the time there is nothing to write
            first = await connection.scalar(first_due)
        if first is None or first > now:
            return []
        taken: list[PushMessage] = []
        async with self._database.write() as connection:
            while not taken:
                rows = await _take(connection, now, limit)
                if not rows:
                    break
                taken = await _messages(connection, rows, now)
        return taken

    async def put_back(self, message: PushMessage, due_at: float) -> None:
        row = {
            "notice_id": message.notice.id,
            "subscription_id": message.subscription_id,
            "due_at": due_at,
            "until": message.until,
            "tries": message.tries,
        }
        try:
            async with self._database.write() as connection:
                await insert_new(connection, push_messages, row)
        except IntegrityError:  # the notice or the subscription was deleted meanwhile
            return


async def move_subscription(connection: AsyncConnection, from_session: str, to: SessionOf) -> None:
    """Make the device of a session, with its waiting messages, that of another session in the same browser,
    unless the other one has a device. Of too many devices the oldest goes."""
    if await connection.scalar(select(_s.id).where(_s.session_digest == to.digest)) is not None:
        return
    own = select(_s.id).where(_s.user_id == to.user_id).order_by(_s.created_at.desc(), _s.id.desc())
    beyond = (await connection.execute(own.offset(MAX_DEVICES - 1))).scalars().all()
    moved = update(push_subscriptions).where(_s.session_digest == from_session)
    done = await connection.execute(moved.values(user_id=to.user_id, session_digest=to.digest))
    if done.rowcount:
        await connection.execute(delete(push_subscriptions).where(_s.id.in_(beyond)))


async def add_push_messages(connection: AsyncConnection, made: Sequence[StoredNotice], until: float) -> None:
    """For the devices of people who want them. What quiet hours hold up for too long is left out."""
    people = {notice.user_id for notice in made}
    query = (
        select(_s.id, _s.user_id, users.c.time_zone, _c.push_off, _c.quiet_start, _c.quiet_end)
        .join(users, users.c.id == _s.user_id)
        .outerjoin(notice_settings, _c.user_id == _s.user_id)
        .where(_s.user_id.in_(people))
    )
    devices: defaultdict[str, list[RowMapping]] = defaultdict(list)
    for device in (await connection.execute(query)).mappings():
        devices[device["user_id"]].append(device)
    rows: list[dict[str, Any]] = []
    for notice in made:
        topic = topic_of(notice.body.kind)
        for device in devices[notice.user_id]:
            if topic in (device["push_off"] or ()):
                continue
            due_at = next_allowed(notice.at, device["time_zone"], quiet_hours(device))
            if due_at <= until:
                key = {"notice_id": notice.id, "subscription_id": device["id"]}
                rows.append({**key, "due_at": due_at, "until": until, "tries": 0})
    if rows:
        await connection.execute(insert(push_messages), rows)


def quiet_hours(row: RowMapping) -> QuietHours | None:
    if row["quiet_start"] is None or row["quiet_end"] is None:
        return None
    return QuietHours(row["quiet_start"], row["quiet_end"])


async def _take(connection: AsyncConnection, now: float, limit: int) -> Sequence[Any]:
    """Rows that nobody else has, which are deleted."""
    due = select(push_messages).where(_m.due_at <= now).order_by(_m.due_at).limit(limit)
    rows = (await connection.execute(due.with_for_update(skip_locked=True))).all()
    if rows:
        keys = [(row.notice_id, row.subscription_id) for row in rows]
        await connection.execute(delete(push_messages).where(_key.in_(keys)))
    return rows


async def _messages(connection: AsyncConnection, rows: Sequence[Any], now: float) -> list[PushMessage]:
    """Return the messages that are still useful, with what is sent and where."""
    ids = {row.notice_id for row in rows}
    told = select(notices).where(notices.c.id.in_(ids), notices.c.read_at.is_(None))
    found = {row["id"]: notice_of(row) for row in (await connection.execute(told)).mappings()}
    query = (
        select(push_subscriptions, users.c.time_zone, _c.language, _c.quiet_start, _c.quiet_end)
        .join(users, users.c.id == _s.user_id)
        .outerjoin(notice_settings, _c.user_id == _s.user_id)
        .where(_s.id.in_({row.subscription_id for row in rows}))
    )
    devices = {row["id"]: row for row in (await connection.execute(query)).mappings()}
    made = []
    for row in rows:
        notice, device = found.get(row.notice_id), devices.get(row.subscription_id)
        # Somebody else may have signed in at that browser meanwhile.
        if notice is None or device is None or notice.user_id != device["user_id"] or row.until < now:
            continue
        made.append(_message(row, notice, device))
    return made


def _message(row: Any, notice: StoredNotice, device: RowMapping) -> PushMessage:
    language: Language = "vi" if device["language"] == "vi" else "en"
    return PushMessage(
        notice=notice,
        subscription_id=device["id"],
        target=Target(device["endpoint"], device["p256dh"], device["auth"]),
        language=language,
        time_zone=device["time_zone"],
        quiet=quiet_hours(device),
        until=row.until,
        tries=row.tries,
    )
