"""The text chat of a room: its last lines, and how fast people may write. Pure.

`now` is in seconds of a monotonic clock. Lines are stored a moment after they were sent (`take_unsaved`), so
a server that is killed loses those of the last seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from server.common.token_bucket import KeyedLimiter, TokenBucket
from server.errors import ChatLineNotFound, TooManyRequests

MAX_LINES = 200
MAX_CHARACTERS = 40_000
"""All lines together: a snapshot carries them, and many people join at once when a server has ended."""
STORE_AFTER_S = 2.0
_RETRY_S = 10.0
_PERSON = (0.5, 6.0)
_ROOM = (4.0, 40.0)
_REACTIONS = (1.0, 5.0)
_MAX_KEYS = 64


@dataclass(frozen=True, slots=True)
class ChatLine:
    """`at` is wall-clock time. `name` is the author's when they wrote it. A deleted line is kept for reports;
    it is shown to nobody."""

    id: str
    room_id: str
    participant_id: str
    user_id: str
    name: str
    text: str
    at: float
    is_deleted: bool = False


@dataclass(slots=True)
class Chat:
    """`_unsaved`: ids of lines that the store does not hold as they are, `_dropped`: of those that it is to
    forget. `_unsaved_since` is None while there are none."""

    _lines: dict[str, ChatLine] = field(default_factory=dict)
    _characters: int = 0
    _unsaved: dict[str, None] = field(default_factory=dict)
    _dropped: dict[str, None] = field(default_factory=dict)
    _unsaved_since: float | None = None
    _of_person: KeyedLimiter = field(default_factory=lambda: KeyedLimiter(*_PERSON, max_keys=_MAX_KEYS))
    _of_room: TokenBucket = field(default_factory=lambda: TokenBucket(*_ROOM))
    _reactions: KeyedLimiter = field(default_factory=lambda: KeyedLimiter(*_REACTIONS, max_keys=_MAX_KEYS))

    @classmethod
    def restored(cls, lines: Iterable[ChatLine], now: float) -> Chat:
        """With the stored lines, oldest first. More than are kept may be stored, if a write was lost."""
        chat = cls()
        for line in lines:
            chat._keep(line, now)
        return chat

    @property
    def lines(self) -> Sequence[ChatLine]:
        """The lines that people may read, oldest first."""
        return [line for line in self._lines.values() if not line.is_deleted]

    def recent(self, count: int) -> Sequence[ChatLine]:
        """The last lines, deleted ones too, oldest first: what a report is about."""
        return list(self._lines.values())[-count:]

    def add(self, line: ChatLine, now: float) -> None:
        """Raises TooManyRequests if its author, or all of the room together, write too fast."""
        wait = self._of_person.take(line.user_id, now)
        if not wait:
            wait = self._of_room.take(now)
            if wait:
                self._of_person.give_back(line.user_id)
        if wait:
            raise TooManyRequests("You write too fast. Wait a moment.", retryAfter=_seconds(wait))
        self._keep(line, now)
        self._mark(line.id, now)

    def react(self, user_id: str, now: float) -> None:
        """Raises TooManyRequests if the person has reacted too often."""
        wait = self._reactions.take(user_id, now)
        if wait:
            raise TooManyRequests("You react too fast. Wait a moment.", retryAfter=_seconds(wait))

    def delete(self, line_id: str, now: float) -> None:
        """Raises ChatLineNotFound, also for a line that was deleted."""
        line = self._lines.get(line_id)
        if line is None or line.is_deleted:
            raise ChatLineNotFound
        self._lines[line_id] = replace(line, is_deleted=True)
        self._mark(line_id, now)

    def forget(self, user_id: str) -> Sequence[str]:
        """Drop all lines of a person whose profile was deleted, from reports too, and return the ids of those
        that were shown. The store has deleted its own."""
        mine = [line for line in self._lines.values() if line.user_id == user_id]
        for line in mine:
            del self._lines[line.id]
            self._characters -= len(line.text)
            self._unsaved.pop(line.id, None)
        return [line.id for line in mine if not line.is_deleted]

    # Storing

    def is_due(self, now: float) -> bool:
        return self._unsaved_since is not None and now >= self._unsaved_since + STORE_AFTER_S

    def take_unsaved(self) -> tuple[Sequence[ChatLine], Sequence[str]]:
        """Lines that are to be stored, and ids of those that the store is to forget."""
        saved = [self._lines[line_id] for line_id in self._unsaved if line_id in self._lines]
        dropped = list(self._dropped)
        self._unsaved, self._dropped, self._unsaved_since = {}, {}, None
        return saved, dropped

    def not_saved(self, lines: Iterable[ChatLine], dropped: Iterable[str], now: float) -> None:
        """The store did not take these: they are unsaved again, and wait longer."""
        self._unsaved = {line.id: None for line in lines if line.id in self._lines} | self._unsaved
        self._dropped |= dict.fromkeys(dropped)
        self._unsaved_since = now + _RETRY_S - STORE_AFTER_S

    # Parts

    def _keep(self, line: ChatLine, now: float) -> None:
        self._lines[line.id] = line
        self._characters += len(line.text)
        while len(self._lines) > MAX_LINES or self._characters > MAX_CHARACTERS:
            oldest = next(iter(self._lines))
            self._characters -= len(self._lines.pop(oldest).text)
            self._unsaved.pop(oldest, None)
            self._dropped[oldest] = None
            self._wait_from(now)

    def _mark(self, line_id: str, now: float) -> None:
        self._unsaved[line_id] = None
        self._wait_from(now)

    def _wait_from(self, now: float) -> None:
        if self._unsaved_since is None:
            self._unsaved_since = now


def _seconds(wait: float) -> float:
    return round(wait + 0.05, 1)
