"""Assignment of rooms to media workers: a room stays on one while it has connections."""

from __future__ import annotations


class Placement:
    """A new room goes to the worker with the fewest connections."""

    def __init__(self, workers: int) -> None:
        self._loads = [0] * workers
        self._rooms: dict[str, tuple[int, int]] = {}

    def enter(self, room_id: str) -> int:
        """The index of the worker for one more connection of the room."""
        worker, connections = self._rooms.get(room_id) or (self._loads.index(min(self._loads)), 0)
        self._rooms[room_id] = worker, connections + 1
        self._loads[worker] += 1
        return worker

    def leave(self, room_id: str) -> None:
        worker, connections = self._rooms.pop(room_id)
        self._loads[worker] -= 1
        if connections > 1:
            self._rooms[room_id] = worker, connections - 1
