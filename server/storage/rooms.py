"""Rooms and their seats, stored so that a restart restores them, and the server that each belongs to.

A room belongs to one server at a time. A claim raises the room's epoch; every write requires that the store
still names this server and that epoch, so that a server which has lost a room cannot change it any more. The
pair counts, not the epoch alone: a failover of the database may lose the last claim.
"""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, fields
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    bindparam,
    delete,
    func,
    insert,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import RoomElsewhere, RoomNotFound
from server.protocol.classes import ClassPhase
from server.protocol.club import TurnOrder
from server.protocol.entities import ParticipantKind, RoomType
from server.rooms.chat import ChatLine
from server.rooms.club import Club, Turns
from server.rooms.model import (
    Ban,
    EventSeats,
    KnowledgeChoice,
    RoomInfo,
    RoomOptions,
    SeatRecord,
    StoredRoom,
    TaughtClass,
    TutorSettings,
    User,
    user_of,
)
from server.rooms.ports import RoomOwner
from server.storage.chat_lines import load_chat_lines, save_chat_lines
from server.storage.database import Database
from server.storage.nodes import database_time, live_nodes
from server.storage.seat_writes import SeatWrites
from server.storage.tables import nodes, rooms, seats, users
from server.storage.users import PROFILE

T = TypeVar("T")
_log = logging.getLogger(__name__)
_BATCH = 500
"""Rooms in one statement: databases limit the number of parameters."""
_IS_OWN = (
    rooms.c.id == bindparam("own_id"),
    rooms.c.owner == bindparam("own_owner"),
    rooms.c.epoch == bindparam("own_epoch"),
)
_UPDATE, _DELETE = update(rooms).where(*_IS_OWN), delete(rooms).where(*_IS_OWN)
_INSERT = insert(rooms)
_OWNER_OF = (
    select(
        rooms.c.owner,
        rooms.c.epoch,
        nodes.c.url,
        nodes.c.internal_url,
        (database_time() - nodes.c.seen_at).label("age_s"),
    )
    .select_from(rooms.outerjoin(nodes, nodes.c.id == rooms.c.owner))
    .where(rooms.c.id == bindparam("room_id"))
)


class SqlRoomStore:
    """The RoomStore port. `owner` names this server, and no other one before or after it. `by_lease`: whether
    `claim_rooms` takes rooms of servers whose lease has ended. After PostgreSQL was away for long that is
    every server, so servers that can ask each other do not judge by it alone. `observe` gets claim_won,
    claim_lost, and write_refused for a write about a room that another server has."""

    def __init__(
        self,
        database: Database,
        owner: str = "local",
        *,
        by_lease: bool = True,
        observe: Callable[[str], None] | None = None,
    ) -> None:
        self._database = database
        self._observe = observe or (lambda _event: None)
        self._owner = owner
        self._by_lease = by_lease
        self._epochs: dict[str, int] = {}
        self._claiming: set[str] = set()
        """Rooms whose claim runs. Another claim of one would succeed: the store names this server, and
        the epoch is noted only after the commit."""
        self._seat_writes = SeatWrites(database, self._refusal)

    async def save_room(self, room: RoomInfo) -> None:
        """Raises RoomElsewhere."""
        row = _room_row(room)
        async with self._database.write() as connection:
            if room.id in self._epochs:
                del row["id"]
                if (await connection.execute(_UPDATE, row | self._own(room.id))).rowcount == 0:
                    raise self._refused(room.id)
            else:
                # Noted before the commit: `claim_rooms` must not take it for a room that nobody has opened.
                self._epochs[room.id] = 1
                await connection.execute(_INSERT, row | {"owner": self._owner, "epoch": 1})

    async def delete_room(self, room_id: str) -> None:
        if room_id not in self._epochs:
            return
        async with self._database.write() as connection:
            await connection.execute(_DELETE, self._own(room_id))
        self._epochs.pop(room_id, None)

    async def save_seat(self, seat: SeatRecord) -> None:
        """Raises RoomElsewhere, RoomNotFound."""
        await self._seat_writes.save(seat)

    async def delete_seat(self, room_id: str, seat_id: str) -> None:
        """Raises RoomElsewhere."""
        with suppress(RoomNotFound):  # its seats went with it
            await self._seat_writes.delete(room_id, seat_id)

    async def save_chat(self, room_id: str, lines: Sequence[ChatLine], dropped: Sequence[str]) -> None:
        """Raises RoomElsewhere, RoomNotFound."""
        async with self._database.write() as connection:
            # As for seats: without FOR SHARE the write of a former owner can pass a claim.
            owner = select(rooms.c.owner, rooms.c.epoch).where(rooms.c.id == room_id)
            found = (await connection.execute(owner.with_for_update(read=True))).first()
            if found is None:
                raise RoomNotFound
            if (refusal := self._refusal(room_id, *found)) is not None:
                raise refusal
            await save_chat_lines(connection, lines, dropped)

    async def load_chat(self, room_id: str) -> Sequence[ChatLine]:
        async with self._database.read() as connection:
            return (await load_chat_lines(connection, [room_id])).get(room_id, ())

    async def claim_rooms(self) -> Sequence[StoredRoom]:
        """Oldest first."""
        wanted: set[str] = set()
        try:
            async with self._database.write() as connection:
                claimed = await self._claim(connection, wanted)
                loaded = await load_rooms(connection, list(claimed))
            self._epochs |= claimed
        finally:
            self._claiming -= wanted
        return loaded

    def epoch_of(self, room_id: str) -> int:
        """The epoch with which this server has claimed the room; 0 for a room that it does not have."""
        return self._epochs.get(room_id, 0)

    async def owned_rooms(self) -> Collection[str]:
        if self._database.is_sqlite:
            return set(self._epochs)
        owned = select(rooms.c.id, rooms.c.epoch).where(rooms.c.owner == self._owner)
        async with self._database.read() as connection:
            rows = (await connection.execute(owned)).all()
        return {room_id for room_id, epoch in rows if self._epochs.get(room_id) == epoch}

    async def claim_room(self, room_id: str, epoch: int) -> StoredRoom | None:
        """A room that is this server's by name, but whose epoch it does not know, is claimed too: the answer
        to an earlier claim may have been lost. None for a room that this server has, or is claiming."""
        if room_id in self._epochs or room_id in self._claiming:
            return None
        self._claiming.add(room_id)
        try:
            return await self._claim_one(room_id, epoch)
        finally:
            self._claiming.discard(room_id)

    async def _claim_one(self, room_id: str, epoch: int) -> StoredRoom | None:
        async with self._database.write() as connection:
            claim = (
                update(rooms)
                .where(rooms.c.id == room_id, (rooms.c.epoch == epoch) | (rooms.c.owner == self._owner))
                .values(owner=self._owner, epoch=rooms.c.epoch + 1)
                .returning(rooms.c.epoch)
            )
            claimed = (await connection.execute(claim)).scalar_one_or_none()
            loaded = await load_rooms(connection, [room_id]) if claimed is not None else []
        if claimed is None or not loaded:
            self._observe("claim_lost")
            return None
        self._observe("claim_won")
        self._epochs[room_id] = claimed
        return loaded[0]

    async def count_hosted_elsewhere(self, user_id: str) -> int:
        if self._database.is_sqlite:
            return 0
        hosted = select(func.count()).where(rooms.c.host_id == user_id, rooms.c.owner != self._owner)
        async with self._database.read() as connection:
            return (await connection.execute(hosted)).scalar_one()

    async def owner_of(self, room_id: str) -> RoomOwner | None:
        if self._database.is_sqlite:
            return None
        async with self._database.read() as connection:
            row = (await connection.execute(_OWNER_OF, {"room_id": room_id})).first()
        if row is None:
            return None
        age_s = math.inf if row.age_s is None else float(row.age_s)
        return RoomOwner(row.owner or "", row.epoch, row.url or "", row.internal_url or "", age_s)

    async def rooms_of(self, node_id: str) -> Sequence[str]:
        """Ids of some rooms of that server, which may have ended."""
        some = select(rooms.c.id).where(rooms.c.owner == node_id).limit(_BATCH)
        async with self._database.read() as connection:
            return (await connection.execute(some)).scalars().all()

    async def rooms_of_ended(self) -> Sequence[tuple[str, str]]:
        """Some rooms whose server's lease has ended, each with that server."""
        some = select(rooms.c.id, rooms.c.owner).where(rooms.c.owner.not_in(live_nodes())).limit(_BATCH)
        async with self._database.read() as connection:
            return [(row.id, row.owner) for row in await connection.execute(some)]

    async def _claim(self, connection: AsyncConnection, claiming: set[str]) -> dict[str, int]:
        """Epochs of the rooms that this server has claimed. Those that it has or is claiming are left alone,
        even if its own lease has ended. Of several servers that see the same orphan, one changes the epoch
        they saw. `claiming` receives the rooms that it has tried to claim."""
        seen = await connection.execute(select(rooms.c.id, rooms.c.epoch).where(self._is_orphan()))
        held = self._epochs.keys() | self._claiming
        wanted = [(room_id, epoch) for room_id, epoch in seen if room_id not in held]
        claiming |= {room_id for room_id, _ in wanted}
        self._claiming |= claiming
        claimed: dict[str, int] = {}
        for batch in _batches(wanted):
            claim = (
                update(rooms)
                .where(tuple_(rooms.c.id, rooms.c.epoch).in_(batch), self._is_orphan())
                .values(owner=self._owner, epoch=rooms.c.epoch + 1)
                .returning(rooms.c.id, rooms.c.epoch)
            )
            claimed |= {row.id: row.epoch for row in await connection.execute(claim)}
        return claimed

    def _is_orphan(self) -> ColumnElement[bool]:
        """On SQLite every room: the file's lock proves that no other server runs."""
        if self._database.is_sqlite:
            return true()
        owner = rooms.c.owner
        is_free = owner.is_(None) | (owner == self._owner)
        return is_free | owner.not_in(live_nodes()) if self._by_lease else is_free

    def _refusal(self, room_id: str, owner: str | None, epoch: int) -> RoomElsewhere | None:
        """For the room with this owner and epoch in the store; None if it is this server's."""
        is_own = (owner, epoch) == (self._owner, self._epochs.get(room_id))
        return None if is_own else self._refused(room_id)

    def _refused(self, room_id: str) -> RoomElsewhere:
        _log.warning(
            "write refused: another server has the room",
            extra={"room_id": room_id, "epoch": self._epochs.get(room_id)},
        )
        self._observe("write_refused")
        return RoomElsewhere()

    def _own(self, room_id: str) -> dict[str, Any]:
        return {"own_id": room_id, "own_owner": self._owner, "own_epoch": self._epochs[room_id]}


async def load_rooms(connection: AsyncConnection, room_ids: Sequence[str]) -> list[StoredRoom]:
    """These rooms, oldest first."""
    room_rows: list[RowMapping] = []
    taken: defaultdict[str, list[SeatRecord]] = defaultdict(list)
    people: dict[str, User] = {}
    said: dict[str, Sequence[ChatLine]] = {}
    for batch in _batches(room_ids):
        here = select(rooms).where(rooms.c.id.in_(batch))
        room_rows += (await connection.execute(here)).mappings()
        seated = select(seats).where(seats.c.room_id.in_(batch))
        for row in (await connection.execute(seated.order_by(seats.c.joined_at))).mappings():
            taken[row["room_id"]].append(_seat_of(row))
        sitting = PROFILE.where(users.c.id.in_(seated.with_only_columns(seats.c.user_id)))
        people |= {row["id"]: user_of(dict(row)) for row in (await connection.execute(sitting)).mappings()}
        said |= await load_chat_lines(connection, batch)
    room_rows.sort(key=lambda row: float(row["created_at"]))
    return [
        StoredRoom(
            _room_of(row), taken[row["id"]], _users_of(taken[row["id"]], people), said.get(row["id"], ())
        )
        for row in room_rows
    ]


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[at : at + _BATCH] for at in range(0, len(items), _BATCH))


def _users_of(seated: Sequence[SeatRecord], people: dict[str, User]) -> list[User]:
    ids = dict.fromkeys(seat.user_id for seat in seated)
    return [people[user_id] for user_id in ids if user_id in people]


def _room_row(room: RoomInfo) -> dict[str, Any]:
    row = asdict(room)
    row["unheard"] = list(row.pop("opted_out"))
    lists = {"tags": list(room.tags), "admitted": list(room.admitted), "cohosts": list(room.cohosts)}
    club = None if room.club == Club() else row["club"]
    return row | lists | {"bans": [asdict(ban) for ban in room.bans], "club": club}


def _room_of(row: RowMapping) -> RoomInfo:
    values = {name: value for name, value in row.items() if name not in ("owner", "epoch")}
    values["type"] = RoomType(values["type"])
    values["tags"] = tuple(values["tags"])
    values["bans"] = tuple(Ban(**ban) for ban in values["bans"])
    values["admitted"] = tuple(values["admitted"])
    values["opted_out"] = tuple(values.pop("unheard"))
    values["tutor"] = _tutor(values["tutor"]) if values["tutor"] else None
    values["cohosts"] = tuple(values["cohosts"] or ())
    values["options"] = RoomOptions(**_known(RoomOptions, values["options"] or {}))
    values["event"] = _event(values["event"]) if values["event"] else None
    values["club"] = _club(values["club"] or {})
    return RoomInfo(**values)


def _seat_of(row: RowMapping) -> SeatRecord:
    return SeatRecord(**{**row, "kind": ParticipantKind(row["kind"])})


def _known(
    cls: type[Club | EventSeats | RoomOptions | TaughtClass | Turns | TutorSettings],
    stored: Mapping[str, Any],
) -> dict[str, Any]:
    """The fields of `cls`. A later version that runs beside this one may have stored more."""
    names = {each.name for each in fields(cls)}
    return {name: value for name, value in stored.items() if name in names}


def _event(stored: Mapping[str, Any]) -> EventSeats:
    return EventSeats(**_known(EventSeats, stored) | {"reserved": tuple(stored["reserved"])})


def _club(stored: Mapping[str, Any]) -> Club:
    known, turns = _known(Club, stored), stored.get("turns")
    begun = None
    if turns is not None:
        listed = {"order": TurnOrder(turns["order"]), "had": tuple(turns["had"])}
        begun = Turns(**_known(Turns, turns) | listed)
    return Club(**known | {"topics": tuple(known.get("topics", ())), "turns": begun})


def _tutor(stored: Mapping[str, Any]) -> TutorSettings:
    known = _known(TutorSettings, stored)
    chosen, taught = known.get("knowledge"), known.get("teaches")
    return TutorSettings(
        **known
        | {
            "knowledge": KnowledgeChoice(**chosen) if chosen else None,
            "teaches": _taught(taught) if taught else None,
        }
    )


def _taught(stored: Mapping[str, Any]) -> TaughtClass:
    known = _known(TaughtClass, stored)
    return TaughtClass(**known | {"phase": ClassPhase(known["phase"])})
