"""The pairs of people of whom one blocked the other."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, delete, func, select
from sqlalchemy.exc import IntegrityError

from server.errors import TooManyBlocked, UserNotFound
from server.people.model import Ties
from server.storage.database import Database
from server.storage.follows import end_follow, lock_pair
from server.storage.notices import forget_notices_of
from server.storage.tables import blocks
from server.storage.upsert import insert_new

_BETWEEN = ","
"""Between ids: none has one."""
_AT_ONCE = 500
"""Ids in one statement: each is a parameter, of which the databases allow a few tens of thousands."""


class SqlBlockStore:
    """The BlockStore port."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def block(self, user_id: str, other_id: str, now: float, limit: int) -> None:
        of_user = select(func.count()).select_from(blocks).where(blocks.c.user_id == user_id)
        row = {"user_id": user_id, "blocked_id": other_id, "at": now}
        try:
            async with self._database.write() as connection:
                await lock_pair(connection, user_id, other_id)
                if not await insert_new(connection, blocks, row):
                    return
                if (await connection.execute(of_user)).scalar_one() > limit:
                    raise TooManyBlocked
                for one, other in ((user_id, other_id), (other_id, user_id)):
                    await end_follow(connection, one, other)
                    await forget_notices_of(connection, one, other)
        except IntegrityError as error:  # no user of that id
            raise UserNotFound from error

    async def unblock(self, user_id: str, other_id: str) -> None:
        this = delete(blocks).where(blocks.c.user_id == user_id, blocks.c.blocked_id == other_id)
        async with self._database.write() as connection:
            await connection.execute(this)

    async def blocks_among(self, user_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        ids = list(user_ids)
        query = select(blocks.c.user_id, blocks.c.blocked_id).where(
            blocks.c.user_id.in_(ids), blocks.c.blocked_id.in_(ids)
        )
        async with self._database.read() as connection:
            return frozenset((row[0], row[1]) for row in await connection.execute(query))

    async def ties(self, user_ids: Collection[str]) -> Mapping[str, Ties]:
        """One row for each of them: to fetch ten thousand rows costs more than to find them."""
        ids, blocked, blockers = list(user_ids), dict[str, frozenset[str]](), dict[str, frozenset[str]]()
        async with self._database.read() as connection:
            for start in range(0, len(ids), _AT_ONCE):
                some = ids[start : start + _AT_ONCE]
                for user_id, others in await connection.execute(blocked_by_query(some)):
                    blocked[user_id] = frozenset(others.split(_BETWEEN))
                for user_id, others in await connection.execute(blockers_query(some)):
                    blockers[user_id] = frozenset(others.split(_BETWEEN))
        nobody = frozenset[str]()
        return {
            user_id: Ties(blocked.get(user_id, nobody), blockers.get(user_id, nobody))
            for user_id in blocked.keys() | blockers.keys()
        }


def blocked_by_query(user_ids: Sequence[str]) -> Select[str, str]:
    """Each of these users who has blocked anybody, with the ids of all whom they have blocked."""
    ids = func.aggregate_strings(blocks.c.blocked_id, _BETWEEN)
    return select(blocks.c.user_id, ids).where(blocks.c.user_id.in_(user_ids)).group_by(blocks.c.user_id)


def blockers_query(user_ids: Sequence[str]) -> Select[str, str]:
    """Each of these users whom anybody has blocked, with the ids of all who have."""
    ids = func.aggregate_strings(blocks.c.user_id, _BETWEEN)
    is_one = blocks.c.blocked_id.in_(user_ids)
    return select(blocks.c.blocked_id, ids).where(is_one).group_by(blocks.c.blocked_id)
