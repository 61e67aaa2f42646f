"""Which of a node's ports a room is on: one, for as long as the room has connections."""

from __future__ import annotations


class Placement:
    """A room that is new goes where the fewest connections are."""

    def __init__(self, ports: int) -> None:
        self._loads = [0] * ports
        self._rooms: dict[str, tuple[int, int]] = {}

    def enter(self, room_id: str) -> int:
        """The index of the port for one more connection of the room."""
        port, connections = self._rooms.get(room_id) or (self._loads.index(min(self._loads)), 0)
        self._rooms[room_id] = port, connections + 1
        self._loads[port] += 1
        return port

    def leave(self, room_id: str) -> None:
        port, connections = self._rooms.pop(room_id)
        self._loads[port] -= 1
        if connections > 1:
            self._rooms[room_id] = port, connections - 1
