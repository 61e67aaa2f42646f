"""Those who are told: ports that the transport implements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from server.rooms.events import RoomEvent
from server.rooms.model import User
from server.rooms.views import RoomView


class EventSink(Protocol):
    """The connections of this node. Methods never block or raise; those that have gone are passed over."""

    def send(self, connection_ids: Iterable[str], event: RoomEvent) -> None:
        """Queue the event for each, in order with all that was sent before."""
        ...

    def ids(self) -> Sequence[str]:
        """All of them, whether they have a seat or not."""
        ...

    def mark(self, connection_id: str) -> int:
        """The number of the last event sent to the connection, to go into the ack that is being made.

        What is sent from now on waits until that ack has gone out.
        """
        ...


@dataclass(frozen=True, slots=True)
class OnlineView:
    """`count` is of everyone on all nodes; `users` are the newest of them."""

    count: int
    users: Sequence[User]


class LobbySink(Protocol):
    """Those who watch the list of rooms. Methods never block or raise."""

    def room_added(self, room: RoomView) -> None: ...

    def room_updated(self, room: RoomView) -> None: ...

    def room_removed(self, room_id: str) -> None: ...

    def online(self, online: OnlineView) -> None: ...

    def draining(self) -> None:
        """This node is about to restart."""
        ...
