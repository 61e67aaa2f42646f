"""Runs operations on rooms: one mailbox a room, the open rooms of this node, and decorators for actions.

Operations on a room run one by one in the room's own task, and whole: a caller that stops waiting does not
cut one short between its effects.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from functools import partial, wraps
from typing import Any, Concatenate, NamedTuple, ParamSpec, Protocol, TypeVar

from server.common.tasks import cancel_and_wait
from server.errors import NotJoined, ParlorError, RoomElsewhere, RoomNotFound, Unavailable
from server.protocol.base import Inbound
from server.protocol.entities import RoomNode
from server.rooms.changes import (
    ConnectionReleased,
    IndexChange,
    KnockEnded,
    KnockStarted,
    SeatEnded,
    SeatTaken,
)
from server.rooms.members import Member
from server.rooms.ports import RoomOwner
from server.rooms.room import Room

MOVING_RETRY_S = 0.3
"""By then the clients of a room that was handed over have reached its new server."""
_log = logging.getLogger(__name__)
T = TypeVar("T")
P = ParamSpec("P")
Payload = TypeVar("Payload", bound=Inbound)
Ack = TypeVar("Ack")


@dataclass(frozen=True, slots=True)
class _Item:
    operation: Callable[[], Awaitable[Any]]
    result: asyncio.Future[Any] | None = None
    participant_id: str | None = None
    runs_anyway: bool = False


class Mailbox:
    """Owns a task from construction, which needs a running loop, until `stop` or `aclose`."""

    def __init__(self, name: str) -> None:
        self._queue: asyncio.Queue[_Item] = asyncio.Queue()
        self._stopped = False
        self._refusal: Callable[[], ParlorError] = RoomNotFound
        self._name = name
        self._task = asyncio.create_task(self._work(), name=f"room {name}")

    async def run(self, operation: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the operation after those before it and return its result. An operation whose caller stops
        waiting before it begins does not run. Raises the error of `stop` once stopped."""
        result: T = await self._queued(_Item(partial(operation, *args, **kwargs)))
        return result

    async def run_anyway(self, operation: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, but the operation runs even if its caller stops waiting."""
        result: T = await self._queued(_Item(partial(operation, *args, **kwargs), runs_anyway=True))
        return result

    def post(
        self, operation: Callable[..., Awaitable[None]], *args: object, subject: str | None = None
    ) -> None:
        """Run the operation later, without a caller; dropped once stopped. `subject`: a participant's id for
        the log."""
        if not self._stopped:
            self._queue.put_nowait(_Item(partial(operation, *args), participant_id=subject))

    async def _queued(self, item: _Item) -> Any:
        if self._stopped:
            raise self._refusal()
        result = asyncio.get_running_loop().create_future()
        self._queue.put_nowait(replace(item, result=result))
        return await result

    def stop(self, refusal: Callable[[], ParlorError] = RoomNotFound) -> None:
        """End after the operation that is running; those that wait, and later ones, are refused."""
        self._stopped, self._refusal = True, refusal
        while not self._queue.empty():
            _refuse(self._queue.get_nowait().result, refusal())
        self._queue.put_nowait(_Item(_nothing))

    async def aclose(self) -> None:
        """Cancel the running operation and wait for its end; callers get Unavailable. Not for use inside an
        operation."""
        self.stop(Unavailable)
        await cancel_and_wait(self._task)

    async def _work(self) -> None:
        while not self._stopped or not self._queue.empty():
            item = await self._queue.get()
            result = item.result
            if result is not None and result.cancelled() and not item.runs_anyway:
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
        if item.result is None or item.result.cancelled():
            whose = {"room_id": self._name, "participant_id": item.participant_id}
            _log.error("room operation failed", exc_info=error, extra=whose)
        _refuse(item.result, error)


def _refuse(result: asyncio.Future[Any] | None, error: Exception) -> None:
    if result is not None and not result.done():
        result.set_exception(error)


async def _nothing() -> None:
    pass


def moving_refusal() -> ParlorError:
    return Unavailable("This room is moving to another server.", retryAfter=MOVING_RETRY_S)


@dataclass(frozen=True, slots=True)
class OpenRoom:
    room: Room
    mailbox: Mailbox


class Place(NamedTuple):
    """A seat and its room: for an action, those of its connection."""

    opened: OpenRoom
    member: Member

    @property
    def room(self) -> Room:
        return self.opened.room

    @property
    def mailbox(self) -> Mailbox:
        return self.opened.mailbox


class OpenRooms:
    """The open rooms of this node, by their id, their seats, their connections, and those at their door.

    `is_draining`: the server is about to stop. Nobody joins any more, and no seat expires. `owner_of`
    returns the server that a room belongs to, and None where there is only this one.
    `is_restoring`: rooms of ended servers are being claimed, and their ids are not known yet. `opening`: ids
    of rooms that are being taken over or restored; `giving`: of rooms that another server is taking at this
    moment. A room that was handed over is not open here any more, but keeps its seats and connections until
    `close`: its audio is still forwarded.
    """

    def __init__(
        self, owner_of: Callable[[str], Awaitable[RoomOwner | None]] | None = None, node_id: str = "local"
    ) -> None:
        self.is_draining = False
        self._owner_of = owner_of
        self._node_id = node_id
        self.is_restoring = False
        self.opening: set[str] = set()
        self.giving: set[str] = set()
        self._rooms: dict[str, OpenRoom] = {}
        self._handed_over: dict[str, OpenRoom] = {}
        self._by_seat: dict[str, OpenRoom] = {}
        self._by_connection: dict[str, Place] = {}
        self._by_knock: dict[str, OpenRoom] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    def all(self) -> Collection[OpenRoom]:
        return list(self._rooms.values())

    def open(self, room: Room) -> OpenRoom:
        """Raises ValueError if the room is open: a second mailbox would let its operations overlap."""
        if room.id in self._rooms:
            raise ValueError(f"the room {room.id} is open already")
        opened = self._rooms[room.id] = OpenRoom(room, Mailbox(room.id))
        for member in room.members.values():
            self._by_seat[member.id] = opened
        return opened

    def close(self, room: Room) -> None:
        """Drop the room, its seats and connections; its mailbox ends after the running operation."""
        opened = self._rooms.pop(room.id, None) or self._handed_over.pop(room.id, None)
        if opened is None:
            return
        for member in room.members.values():
            self._by_seat.pop(member.id, None)
            if member.connection_id is not None:
                self._by_connection.pop(member.connection_id, None)
        for connection_id in room.knocks.connection_ids:
            self._by_knock.pop(connection_id, None)
        opened.mailbox.stop()

    def hand_over(self, room: Room) -> None:
        """Another server has the room. Operations on it are refused here: its clients are about to repeat
        them there."""
        opened = self._handed_over[room.id] = self._rooms.pop(room.id)
        opened.mailbox.stop(moving_refusal)

    def handed_over(self) -> Collection[Room]:
        """Rooms of other servers whose audio is still forwarded here."""
        return [opened.room for opened in self._handed_over.values()]

    def require_staying(self, room_id: str) -> None:
        """For actions outside the room's mailbox whose effect would stay here. Raises Unavailable while
        another server takes the room, and after that."""
        if room_id in self.giving or room_id in self._handed_over:
            raise moving_refusal()

    def was_handed_over(self, room_id: str) -> bool:
        return room_id in self._handed_over

    def get(self, room_id: str) -> OpenRoom:
        """Raises RoomNotFound."""
        try:
            return self._rooms[room_id]
        except KeyError:
            raise RoomNotFound from None

    async def look_up(self, room_id: str) -> OpenRoom:
        """As `get`, but asks whether another server has the room. Raises RoomNotFound, RoomElsewhere,
        Unavailable."""
        other = await self.find_elsewhere(room_id)
        if other is None:
            return self.get(room_id)
        if not other.url:
            raise RoomElsewhere
        raise RoomElsewhere(node=RoomNode(node_id=other.node_id, url=other.url).wire())

    async def find_elsewhere(self, room_id: str) -> RoomOwner | None:
        """The other server that has the room; None if it is open here, or not stored. Raises Unavailable,
        also for a room that this server is about to open."""
        if room_id in self._rooms or self._owner_of is None:
            return None
        owner = await self._owner_of(room_id)
        if room_id in self.opening:
            raise Unavailable
        is_elsewhere = owner is not None and owner.node_id != self._node_id and room_id not in self._rooms
        return owner if is_elsewhere else None

    def find(self, room_id: str) -> OpenRoom | None:
        return self._rooms.get(room_id)

    def find_seat(self, participant_id: str) -> Place | None:
        opened = self._by_seat.get(participant_id)
        if opened is None:
            return None
        return Place(opened, opened.room.members[participant_id])

    def find_connection(self, connection_id: str) -> Place | None:
        return self._by_connection.get(connection_id)

    def find_knock(self, connection_id: str) -> OpenRoom | None:
        """The room at whose door the connection waits."""
        return self._by_knock.get(connection_id)

    def place_of(self, connection_id: str) -> Place:
        """Raises NotJoined."""
        try:
            return self._by_connection[connection_id]
        except KeyError:
            raise NotJoined from None

    async def run(
        self,
        connection_id: str,
        operation: Callable[Concatenate[Place, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run the operation in the mailbox of the connection's room, with the seat that the connection has at
        that time. Raises NotJoined."""
        mailbox = self.place_of(connection_id).mailbox
        return await mailbox.run(lambda: operation(self.place_of(connection_id), *args, **kwargs))

    def update(self, room: Room, change: IndexChange) -> None:
        match change:
            case SeatTaken(participant_id, connection_id):
                opened = self._rooms[room.id]
                self._by_seat[participant_id] = opened
                self._by_connection[connection_id] = Place(opened, room.members[participant_id])
            case ConnectionReleased(connection_id):
                self._by_connection.pop(connection_id, None)
            case KnockStarted(connection_id):
                self._by_knock[connection_id] = self._rooms[room.id]
            case KnockEnded(connection_id):
                self._by_knock.pop(connection_id, None)
            case SeatEnded(participant_id):
                self._by_seat.pop(participant_id, None)


class ActionGroup(Protocol):
    """A class with actions of clients."""

    _rooms: OpenRooms


Group = TypeVar("Group", bound=ActionGroup)
ActionMethod = Callable[[Group, str, Payload], Awaitable[Ack]]
"""An action before it is bound to its group: see `actions.Action`."""


def in_room(method: Callable[[Group, Place, Payload], Awaitable[Ack]]) -> ActionMethod[Group, Payload, Ack]:
    """Make the method an action that runs in the mailbox of the connection's room.

    Callers pass a connection id; the method gets the connection's place. Raises NotJoined.
    """

    @wraps(method)
    async def action(group: Group, connection_id: str, payload: Payload) -> Ack:
        return await group._rooms.run(connection_id, partial(method, group), payload)

    return action


def as_host(method: Callable[[Group, Place, Payload], Awaitable[Ack]]) -> ActionMethod[Group, Payload, Ack]:
    """As `in_room`, for the host only. Raises NotJoined, NotHost."""

    @wraps(method)
    async def checked(group: Group, place: Place, payload: Payload) -> Ack:
        place.room.require_host(place.member.user.id)
        return await method(group, place, payload)

    return in_room(checked)


def as_cohost(method: Callable[[Group, Place, Payload], Awaitable[Ack]]) -> ActionMethod[Group, Payload, Ack]:
    """As `in_room`, for the host and co-hosts only. Raises NotJoined, NotCohost."""

    @wraps(method)
    async def checked(group: Group, place: Place, payload: Payload) -> Ack:
        place.room.require_cohost(place.member.user.id)
        return await method(group, place, payload)

    return in_room(checked)
