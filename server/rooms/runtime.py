"""One mailbox a room, the rooms that are open on this node, and the ticker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from server.errors import NotJoined, ParlorError, RoomNotFound, Unavailable
from server.rooms.room import Member, Room

_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Item:
    operation: Callable[[], Awaitable[Any]]
    result: asyncio.Future[Any] | None
    participant_id: str | None = None


class Mailbox:
    """Owns a task from construction (needs a running loop) until `aclose`, or until told to `stop`."""

    def __init__(self, name: str) -> None:
        self._queue: asyncio.Queue[_Item] = asyncio.Queue()
        self._stopped = False
        self._name = name
        self._task = asyncio.create_task(self._work(), name=f"room {name}")

    async def run(self, operation: Callable[[], Awaitable[T]]) -> T:
        """Wait for the operation's turn and give what it gives. Raises RoomNotFound once stopped."""
        if self._stopped:
            raise RoomNotFound
        result: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(_Item(operation, result))
        return await result

    def post(self, operation: Callable[[], Awaitable[None]], participant_id: str | None = None) -> None:
        """Let the operation run in its turn; dropped once stopped. The participant is for the log."""
        if not self._stopped:
            self._queue.put_nowait(_Item(operation, None, participant_id))

    def stop(self, refusal: type[ParlorError] = RoomNotFound) -> None:
        """End after the operation that is running: those that wait are refused."""
        self._stopped = True
        while not self._queue.empty():
            _refuse(self._queue.get_nowait().result, refusal())
        self._queue.put_nowait(_Item(_nothing, None))

    async def aclose(self) -> None:
        """Cancel what runs, and wait for its end; callers get Unavailable. Not from inside an operation."""
        self.stop(Unavailable)
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _work(self) -> None:
        while not self._stopped or not self._queue.empty():
            item = await self._queue.get()
            result = item.result
            if result is not None and result.cancelled():
                continue
            try:
                value = await item.operation()
            except asyncio.CancelledError:
                _refuse(result, Unavailable())
                raise
            except Exception as error:  # noqa: BLE001 - one operation's failure must not end the room
                self._failed(error, item)
            else:
                if result is not None and not result.done():
                    result.set_result(value)

    def _failed(self, error: Exception, item: _Item) -> None:
        if item.result is None:
            whose = {"room_id": self._name, "participant_id": item.participant_id}
            _log.error("room operation failed", exc_info=error, extra=whose)
        _refuse(item.result, error)


def _refuse(result: asyncio.Future[Any] | None, error: Exception) -> None:
    if result is not None and not result.done():
        result.set_exception(error)


async def _nothing() -> None:
    pass


@dataclass(frozen=True, slots=True)
class OpenRoom:
    room: Room
    mailbox: Mailbox


class OpenRooms:
    def __init__(self) -> None:
        self._rooms: dict[str, OpenRoom] = {}
        self._by_seat: dict[str, OpenRoom] = {}
        self._by_connection: dict[str, tuple[OpenRoom, Member]] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    def all(self) -> Collection[OpenRoom]:
        return list(self._rooms.values())

    def open(self, room: Room) -> OpenRoom:
        opened = self._rooms[room.id] = OpenRoom(room, Mailbox(room.id))
        for member in room.members.values():
            self._by_seat[member.id] = opened
        return opened

    def close(self, room: Room) -> None:
        """Forget the room, its seats and connections; its mailbox ends after what it is doing."""
        opened = self._rooms.pop(room.id, None)
        if opened is None:
            return
        for member in room.members.values():
            self.unseat(member)
        opened.mailbox.stop()

    def get(self, room_id: str) -> OpenRoom:
        """Raises RoomNotFound."""
        try:
            return self._rooms[room_id]
        except KeyError:
            raise RoomNotFound from None

    def find(self, room_id: str) -> OpenRoom | None:
        return self._rooms.get(room_id)

    def find_seat(self, participant_id: str) -> tuple[OpenRoom, Member] | None:
        opened = self._by_seat.get(participant_id)
        if opened is None:
            return None
        return opened, opened.room.members[participant_id]

    def find_connection(self, connection_id: str) -> tuple[OpenRoom, Member] | None:
        return self._by_connection.get(connection_id)

    def place_of(self, connection_id: str) -> tuple[OpenRoom, Member]:
        """Raises NotJoined."""
        try:
            return self._by_connection[connection_id]
        except KeyError:
            raise NotJoined from None

    def seat(self, opened: OpenRoom, member: Member) -> None:
        self._by_seat[member.id] = opened

    def bind(self, opened: OpenRoom, member: Member, connection_id: str) -> None:
        """From now on the connection speaks for the member, and no other does."""
        self.unbind(member)
        member.connection_id = connection_id
        self._by_connection[connection_id] = (opened, member)

    def unbind(self, member: Member) -> None:
        if member.connection_id is not None:
            self._by_connection.pop(member.connection_id, None)
            member.connection_id = None

    def unseat(self, member: Member) -> None:
        self.unbind(member)
        self._by_seat.pop(member.id, None)
