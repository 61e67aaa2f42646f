"""Servers that share a PostgreSQL database: names, and leases that say which of them are alive.

A lease ends `LEASE_S` after its last renewal, by the clock of the database; the rooms of a server whose lease
has ended are anybody's to claim. A server that starts again need not wait for that: it holds the lock on the
name of the one before it, which proves that that process has ended.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from sqlalchemy import ColumnElement, Double, Select, cast, delete, extract, func, select, update

from server.common.file_lock import FileLock
from server.common.tasks import Ticker
from server.errors import ParlorError, StartupError
from server.storage.database import Database
from server.storage.tables import nodes, rooms
from server.storage.upsert import upsert

LEASE_S = 15.0
RENEW_EVERY_S = 5.0
_FORGOTTEN_AFTER_S = 3_600.0

_ASKED_EVERY_S = 0.5
_ASKED_FOR_S = LEASE_S + RENEW_EVERY_S
"""A lease that has not ended by then is renewed: its server lives."""
_log = logging.getLogger(__name__)

Ended = Callable[[str, str], Awaitable[bool | None]]
"""Whether the server of that id has ended, asked at its internal address: `(internal_url, node_id)`. None: it
did not answer, which it may do later."""


def database_time() -> ColumnElement[float]:
    """Seconds since the epoch on PostgreSQL's clock: those of several hosts may differ."""
    return cast(extract("epoch", func.clock_timestamp()), Double)


def live_nodes() -> Select[tuple[str]]:
    """Ids of the servers whose lease has not ended."""
    return select(nodes.c.id).where(nodes.c.seen_at > database_time() - LEASE_S)


class NodeLease:
    """`start`, then `aclose`. `folder` holds the locks on names of the servers that use it. Without a `name`
    the server takes a free one of the folder.

    The lease is not given up at the end: the rooms wait for the next start. On SQLite, whose file has one
    server, it does nothing.
    """

    def __init__(self, database: Database, node_id: str, folder: Path, name: str = "") -> None:
        self._database = database
        self._id = node_id
        self._folder = folder
        self._given_name = name
        self._lock: FileLock | None = None
        self._addresses: dict[str, str | None] = {"url": None, "internal_url": None}
        self._ticker = Ticker("lease", RENEW_EVERY_S, self._renew)

    async def start(self, has_ended: Ended | None = None) -> None:
        """Take a name and the rooms of the server that had it before. That one may run on another host, whose
        locks are not seen here: `has_ended` asks it. Raises OSError, Unavailable, StartupError."""
        if self._database.is_sqlite:
            return
        self._lock = _locked(self._folder, self._given_name) if self._given_name else _free_name(self._folder)
        former = select(nodes.c.id).where(nodes.c.name == self._name, nodes.c.id != self._id)
        is_old = nodes.c.seen_at < database_time() - _FORGOTTEN_AFTER_S
        if has_ended is not None:
            await self._require_ended(has_ended)
        await self.renew()
        async with self._database.write() as connection:
            # In one transaction: between the two, another server could claim the rooms.
            inherited = update(rooms).where(rooms.c.owner.in_(former))
            await connection.execute(inherited.values(owner=self._id, epoch=rooms.c.epoch + 1))
            await connection.execute(delete(nodes).where(nodes.c.id.in_(former) | is_old))
        self._ticker.start()

    async def announce(self, url: str, internal_url: str) -> None:
        """Let the other servers know the addresses of this one. Raises Unavailable."""
        self._addresses = {"url": url, "internal_url": internal_url}
        await self.renew()

    async def renew(self) -> None:
        """Raises Unavailable."""
        async with self._database.write() as connection:
            now = (await connection.execute(select(database_time()))).scalar_one()
            row = {"id": self._id, "name": self._name, "seen_at": now, **self._addresses}
            await upsert(connection, nodes, row)

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()
        if self._lock is not None:
            self._lock.release()

    @property
    def _name(self) -> str:
        return self._lock.path.stem if self._lock is not None else self._id

    async def _require_ended(self, has_ended: Ended) -> None:
        """Raises StartupError if another server of this name answers: its rooms are not to be taken. One that
        neither answers nor refuses, or whose address is not known, may be alive until its lease ends."""
        until = asyncio.get_running_loop().time() + _ASKED_FOR_S
        is_told = False
        while not await self._have_ended(has_ended):
            if asyncio.get_running_loop().time() > until:
                raise StartupError(
                    f"another server has the name {self._name} (PARLOR_NODE_NAME): it cannot be reached, but "
                    "writes to the database"
                )
            if not is_told:
                is_told = True
                _log.warning("another server named %s may run: waiting for its lease to end", self._name)
            await asyncio.sleep(_ASKED_EVERY_S)

    async def _have_ended(self, has_ended: Ended) -> bool:
        """False if that is not known of another server of this name. Raises StartupError, Unavailable."""
        is_live = nodes.c.id.in_(live_nodes())
        named = select(nodes.c.id, nodes.c.internal_url, is_live.label("is_live"))
        named = named.where(nodes.c.name == self._name, nodes.c.id != self._id)
        async with self._database.read() as connection:
            others = (await connection.execute(named)).all()
        is_known = True
        for node_id, internal_url, has_lease in others:
            ended = await has_ended(internal_url, node_id) if internal_url else None
            if ended is False:
                raise StartupError(f"another server has the name {self._name} (PARLOR_NODE_NAME)")
            is_known = is_known and (ended is True or not has_lease)
        return is_known

    async def _renew(self) -> None:
        with suppress(ParlorError):  # the database has logged the cause; the next renewal may succeed
            await self.renew()


def _locked(folder: Path, name: str) -> FileLock:
    """Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(folder / f"{name}.lock")
    if not lock.acquire():
        raise OSError(f"{lock.path}: another server has this name")
    return lock


def _free_name(folder: Path) -> FileLock:
    """The lock on the first name in `folder` that no running server has, or on a new one. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f"{secrets.token_hex(4)}.lock"
    for path in (*sorted(folder.glob("*.lock")), fresh):
        lock = FileLock(path)
        if lock.acquire():
            return lock
    raise OSError(f"{fresh}: cannot be locked")
