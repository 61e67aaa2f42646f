"""Stores who follows whom. People who follow each other are friends."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import TooManyFollowed, UserNotFound
from server.people.model import Followed, Position
from server.storage.database import Database
from server.storage.people_tables import follows
from server.storage.tables import blocks, users
from server.storage.upsert import insert_new


class SqlFollowStore:
    """The FollowStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def follow(self, user_id: str, other_id: str, now: float, limit: int) -> Followed:
        async with self._database.write() as connection:
            hidden = await lock_pair(connection, user_id, other_id)
            if other_id not in hidden or await _are_apart(connection, user_id, other_id):
                raise UserNotFound
            back = await connection.scalar(select(follows.c.at).where(*_is(other_id, user_id)))
            if hidden[other_id] and back is None:
                raise UserNotFound
            row = {"user_id": user_id, "other_id": other_id, "at": now, "friends_at": None}
            is_new = await insert_new(connection, follows, row)
            if is_new:
                count = select(func.count()).select_from(follows).where(follows.c.user_id == user_id)
                if (await connection.execute(count)).scalar_one() > limit:
                    raise TooManyFollowed
                if back is not None:
                    both = or_(and_(*_is(user_id, other_id)), and_(*_is(other_id, user_id)))
                    await connection.execute(update(follows).where(both).values(friends_at=now))
        return Followed(is_new, back is not None)

    async def unfollow(self, user_id: str, other_id: str) -> bool:
        async with self._database.write() as connection:
            await lock_pair(connection, user_id, other_id)
            return await end_follow(connection, user_id, other_id)

    async def are_friends(self, user_id: str, other_id: str) -> bool:
        query = select(follows.c.friends_at).where(*_is(user_id, other_id))
        async with self._database.read() as connection:
            return await connection.scalar(query) is not None

    async def friends_of(self, user_ids: Collection[str]) -> frozenset[str]:
        query = select(follows.c.other_id).where(
            follows.c.user_id.in_(user_ids), follows.c.friends_at.is_not(None)
        )
        async with self._database.read() as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def friend_positions(self, user_id: str, after: Position | None, limit: int) -> Sequence[Position]:
        at, other = follows.c.friends_at, follows.c.other_id
        query = (
            select(at, other)
            .where(follows.c.user_id == user_id, at.is_not(None))
            .order_by(at.desc(), other.desc())
            .limit(limit)
        )
        if after is not None:
            query = query.where(at <= after[0], or_(at < after[0], other < after[1]))
        async with self._database.read() as connection:
            return [(row[0], row[1]) for row in await connection.execute(query)]


async def lock_pair(connection: AsyncConnection, one: str, other: str) -> dict[str, bool]:
    """Let nothing else change between the two until the transaction ends: two people who follow each other at
    one time, or a follow and a block, would not see each other's rows. Returns who of them exists, and
    whether they hide their profile."""
    query = select(users.c.id, users.c.is_hidden).where(users.c.id.in_([one, other])).order_by(users.c.id)
    rows = await connection.execute(query.with_for_update(key_share=True))
    return {row[0]: row[1] for row in rows}


async def end_follow(connection: AsyncConnection, user_id: str, other_id: str) -> bool:
    """Whether the user followed the other one. The caller has locked the pair."""
    gone = await connection.execute(delete(follows).where(*_is(user_id, other_id)))
    await connection.execute(update(follows).where(*_is(other_id, user_id)).values(friends_at=None))
    return gone.rowcount > 0


async def _are_apart(connection: AsyncConnection, one: str, other: str) -> bool:
    either = or_(
        and_(blocks.c.user_id == one, blocks.c.blocked_id == other),
        and_(blocks.c.user_id == other, blocks.c.blocked_id == one),
    )
    return (await connection.execute(select(blocks.c.at).where(either))).first() is not None


def _is(user_id: str, other_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (follows.c.user_id == user_id, follows.c.other_id == other_id)
