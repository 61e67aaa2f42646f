"""Stores in memory. Give the same ones to a second service to see what a restart finds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from server.errors import Unavailable
from server.rooms.model import RoomInfo, Seat, User


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
class FakeRoomStore:
    """`gates` makes writes for a room wait; `is_down` refuses them; `asked` counts them."""

    users: FakeUserStore
    rooms: dict[str, RoomInfo] = field(default_factory=dict)
    seats: dict[tuple[str, str], Seat] = field(default_factory=dict)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    is_down: bool = False
    asked: int = 0

    async def save_room(self, room: RoomInfo) -> None:
        await self._ready(room.id)
        self.rooms[room.id] = room

    async def delete_room(self, room_id: str) -> None:
        await self._ready(room_id)
        self.rooms.pop(room_id, None)
        for key in [k for k in self.seats if k[0] == room_id]:
            del self.seats[key]

    async def save_seat(self, seat: Seat) -> None:
        await self._ready(seat.room_id)
        self.seats[seat.room_id, seat.id] = seat

    async def delete_seat(self, room_id: str, seat_id: str) -> None:
        await self._ready(room_id)
        self.seats.pop((room_id, seat_id), None)

    async def load_rooms(self) -> Sequence[tuple[RoomInfo, Sequence[Seat], Sequence[User]]]:
        loaded = []
        for room in self.rooms.values():
            seats = [s for s in self.seats.values() if s.room_id == room.id]
            users = [self.users.users[s.user_id] for s in seats if s.user_id in self.users.users]
            loaded.append((room, seats, users))
        return loaded

    async def _ready(self, room_id: str) -> None:
        self.asked += 1
        if room_id in self.gates:
            await self.gates[room_id].wait()
        if self.is_down:
            raise Unavailable
