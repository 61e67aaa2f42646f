"""Rooms have names here and numbers in the extension."""

from __future__ import annotations

from collections import deque

from server.sfu.loop import Handle


class RoomNumbers:
    """A room has a number while it has members; a number is never given twice."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._members: dict[int, int] = {}
        self._rooms: dict[Handle, deque[int]] = {}
        self._last = 0

    def enter(self, peer: Handle, name: str) -> int:
        number = self._numbers.get(name)
        if number is None:
            self._last += 1
            number = self._numbers[name] = self._last
            self._names[number] = name
            self._members[number] = 0
        self._members[number] += 1
        # a handle that is used again may be in two for a moment, and leaves the older first
        self._rooms.setdefault(peer, deque()).append(number)
        return number

    def leave(self, peer: Handle) -> None:
        numbers = self._rooms[peer]
        number = numbers.popleft()
        if not numbers:
            del self._rooms[peer]
        self._members[number] -= 1
        if not self._members[number]:
            del self._members[number]
            del self._numbers[self._names.pop(number)]

    def name(self, number: int) -> str | None:
        return self._names.get(number)
