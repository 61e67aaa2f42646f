"""Stores in memory. Pass the same ones to a second service to simulate a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from server.errors import RoomElsewhere, Unavailable
from server.rooms.chat import ChatLine
from server.rooms.model import RoomInfo, SeatRecord, StoredRoom, User
from server.rooms.ports import RoomOwner


@dataclass
class FakeUserStore:
    users: dict[str, User] = field(default_factory=dict)
    seen_at: dict[str, float] = field(default_factory=dict)

    async def add_user(self, user: User) -> None:
        self.users[user.id] = user

    async def get_user(self, user_id: str) -> User | None:
        return self.users.get(user_id)

    async def update_user(self, user: User) -> None:
        self.users[user.id] = user

    async def seen(self, user_id: str, now: float) -> None:
        self.seen_at[user_id] = now


@dataclass
class FakeSessionStore:
    """`gate`: delays the answer of `has_session` after it was read."""

    sessions: dict[str, str] = field(default_factory=dict)
    gate: asyncio.Event | None = None

    async def add_session(
        self, session_digest: str, user_id: str, now: float, device: str = "", device_digest: str = ""
    ) -> Sequence[str]:
        self.sessions[session_digest] = user_id
        return []

    async def device_of(self, session_digest: str, user_id: str) -> str | None:
        return "" if self.sessions.get(session_digest) == user_id else None

    async def session_seen(
        self, session_digest: str, now: float, at_most_every_s: float, device_digest: str = ""
    ) -> None:
        pass

    async def has_session(self, session_digest: str, user_id: str) -> bool:
        found = self.sessions.get(session_digest) == user_id
        if self.gate is not None:
            await self.gate.wait()
        return found

    async def delete_sessions(
        self, user_id: str, only: str | None = None, keep: str | None = None
    ) -> Sequence[str]:
        names = [name for name, owner in self.sessions.items() if owner == user_id and name != keep]
        ended = [name for name in names if only in {None, name}]
        for name in ended:
            del self.sessions[name]
        return ended


@dataclass
class FakeRoomStore:
    """`gates`: delay writes for a room. `is_down`: refuse all writes. `refused`: refuse those of these
    memberships. `asked`: counts writes. `loses_replies`: a write takes effect and never returns. `owners`:
    the server of each room, `epochs`: how often it was claimed; one of `others` is a second server that is
    alive.
    """

    users: FakeUserStore
    rooms: dict[str, RoomInfo] = field(default_factory=dict)
    seats: dict[tuple[str, str], SeatRecord] = field(default_factory=dict)
    chat: dict[str, ChatLine] = field(default_factory=dict)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    is_down: bool = False
    refused: set[str] = field(default_factory=set)
    loses_replies: bool = False
    asked: int = 0
    owner: int = 0
    owners: dict[str, int | str] = field(default_factory=dict)
    others: set[int | str] = field(default_factory=set)
    epochs: dict[str, int] = field(default_factory=dict)

    def server_starts(self) -> None:
        """The one before it has ended."""
        self.owner += 1

    async def save_room(self, room: RoomInfo) -> None:
        await self._ready(room.id)
        self._require_own(room.id)
        self.owners[room.id] = self.owner
        self.rooms[room.id] = room
        await self._reply()

    async def delete_room(self, room_id: str) -> None:
        await self._ready(room_id)
        if self.owners.get(room_id) != self.owner:
            return
        self.rooms.pop(room_id, None)
        self.owners.pop(room_id)
        for key in [k for k in self.seats if k[0] == room_id]:
            del self.seats[key]
        self.chat = {i: line for i, line in self.chat.items() if line.room_id != room_id}
        await self._reply()

    async def save_seat(self, seat: SeatRecord) -> None:
        await self._ready(seat.room_id)
        self._require_own(seat.room_id)
        if seat.id in self.refused:
            raise Unavailable
        self.seats[seat.room_id, seat.id] = seat
        await self._reply()

    async def delete_seat(self, room_id: str, seat_id: str) -> None:
        await self._ready(room_id)
        self._require_own(room_id)
        self.seats.pop((room_id, seat_id), None)
        await self._reply()

    async def save_chat(self, room_id: str, lines: Sequence[ChatLine], dropped: Sequence[str]) -> None:
        await self._ready(room_id)
        self._require_own(room_id)
        for line_id in dropped:
            self.chat.pop(line_id, None)
        self.chat |= {line.id: line for line in lines if line.user_id in self.users.users}
        await self._reply()

    async def load_chat(self, room_id: str) -> Sequence[ChatLine]:
        if self.is_down:
            raise Unavailable
        return self._chat_of(room_id)

    async def claim_rooms(self) -> Sequence[StoredRoom]:
        if self.is_down:
            raise Unavailable
        loaded = []
        for room in self.rooms.values():
            if self.owners.get(room.id) in (self.owner, *self.others):
                continue
            self.owners[room.id] = self.owner
            loaded.append(self._loaded(room))
        return loaded

    async def owned_rooms(self) -> Collection[str]:
        if self.is_down:
            raise Unavailable
        return [room_id for room_id, owner in self.owners.items() if owner == self.owner]

    async def claim_room(self, room_id: str, epoch: int) -> StoredRoom | None:
        if self.is_down:
            raise Unavailable
        room = self.rooms.get(room_id)
        if room is None or self.owners.get(room_id) == self.owner or self.epochs.get(room_id, 1) != epoch:
            return None
        self.owners[room_id], self.epochs[room_id] = self.owner, epoch + 1
        return self._loaded(room)

    async def count_hosted_elsewhere(self, user_id: str) -> int:
        elsewhere = (r for r in self.rooms.values() if self.owners.get(r.id) != self.owner)
        return sum(room.host_id == user_id for room in elsewhere)

    async def owner_of(self, room_id: str) -> RoomOwner | None:
        owner = self.owners.get(room_id, self.owner)
        if owner == self.owner:
            return None
        return RoomOwner(str(owner), self.epochs.get(room_id, 1), "", "", 0.0)

    def _loaded(self, room: RoomInfo) -> StoredRoom:
        seats = [s for s in self.seats.values() if s.room_id == room.id]
        users = [self.users.users[s.user_id] for s in seats if s.user_id in self.users.users]
        return StoredRoom(room, seats, users, self._chat_of(room.id))

    def _chat_of(self, room_id: str) -> Sequence[ChatLine]:
        return [line for line in self.chat.values() if line.room_id == room_id]

    def _require_own(self, room_id: str) -> None:
        if self.owners.get(room_id, self.owner) != self.owner:
            raise RoomElsewhere

    async def _ready(self, room_id: str) -> None:
        self.asked += 1
        if room_id in self.gates:
            await self.gates[room_id].wait()
        if self.is_down:
            raise Unavailable

    async def _reply(self) -> None:
        if self.loses_replies:
            await asyncio.Event().wait()


class FakeAvatarStore:
    """`pictures`: (owner's id, image) by name."""

    def __init__(self) -> None:
        self.pictures: dict[str, tuple[str, bytes]] = {}

    async def add(self, name: str, user_id: str, image: bytes) -> None:
        self.pictures[name] = user_id, image

    async def has(self, name: str) -> bool:
        return name in self.pictures

    async def get(self, name: str) -> bytes | None:
        found = self.pictures.get(name)
        return found[1] if found else None

    async def remove_others(self, user_id: str, keep: str) -> None:
        others = [name for name, (owner, _) in self.pictures.items() if owner == user_id and name != keep]
        for name in others:
            del self.pictures[name]


@dataclass
class FakeBlocks:
    """`pairs`: blocker and blocked. `gate`: delays the answer after it was read. `is_down`: refuses."""

    pairs: set[tuple[str, str]] = field(default_factory=set)
    gate: asyncio.Event | None = None
    is_down: bool = False
    asked: int = 0

    async def blocks_among(self, user_ids: Collection[str]) -> frozenset[tuple[str, str]]:
        self.asked += 1
        if self.is_down:
            raise Unavailable
        found = frozenset(pair for pair in self.pairs if set(pair) <= set(user_ids))
        if self.gate is not None:
            await self.gate.wait()
        return found
