"""Messages that wait for a client's socket, in order and bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

MAX_AUDIO_BYTES = 4 << 20
"""Speech that waits for the client: two minutes of PCM. Older speech is dropped."""
MAX_TEXT_BYTES = 32 << 20
"""Text that waits: the client does not read, and the session ends."""


class Slot:
    """The place of a message that is still being made. What comes after it waits."""

    __slots__ = ("_out", "message", "size")

    def __init__(self, out: Outgoing, size: int) -> None:
        self._out = out
        self.size = size
        self.message: str | bytes | None = None

    def fill(self, message: str | bytes | None) -> None:
        """Once. None or nothing: there is no such message after all."""
        self._out.fill(self, message)


class Outgoing:
    """`dropped` is called once whenever speech begins to be dropped."""

    def __init__(self, dropped: Callable[[], None] = lambda: None) -> None:
        self.dropped = dropped
        self._waiting: deque[str | bytes | Slot] = deque()
        self._audio = self._text = 0
        self._changed = asyncio.Event()
        self._is_dropping = False
        self.is_full = False

    def put(self, message: str | bytes) -> None:
        """Never blocks."""
        self._waiting.append(message)
        self._count(message, 1)
        self._changed.set()
        if self._text > MAX_TEXT_BYTES:
            self.is_full = True
        self._bound_audio()

    def reserve(self, size: int) -> Slot:
        """The next place, for speech that is being encoded. `size`: bytes that it takes until then."""
        slot = Slot(self, size)
        self._waiting.append(slot)
        self._audio += size
        self._bound_audio()
        return slot

    def fill(self, slot: Slot, message: str | bytes | None) -> None:
        if slot not in self._waiting:
            return  # dropped meanwhile
        at = self._waiting.index(slot)
        self._audio -= slot.size
        if message:
            self._waiting[at] = message
            self._count(message, 1)
        else:
            del self._waiting[at]
        self._changed.set()

    async def get(self) -> str | bytes:
        while (message := await self.next()) is None:
            self._changed.clear()
            await self._changed.wait()
        return message

    async def next(self) -> str | bytes | None:
        """The oldest message, once it is made; None if none waits."""
        while self._waiting:
            message = self._waiting[0]
            if not isinstance(message, Slot):
                self._waiting.popleft()
                self._count(message, -1)
                return message
            self._changed.clear()
            await self._changed.wait()
        return None

    def __len__(self) -> int:
        return len(self._waiting)

    def _count(self, message: str | bytes, sign: int) -> None:
        if isinstance(message, str):
            self._text += sign * len(message)
        else:
            self._audio += sign * len(message)

    def _bound_audio(self) -> None:
        if self._audio <= MAX_AUDIO_BYTES // 2:
            self._is_dropping = False
        if self._audio > MAX_AUDIO_BYTES:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        index = next(i for i, message in enumerate(self._waiting) if not isinstance(message, str))
        message = self._waiting[index]
        self._audio -= message.size if isinstance(message, Slot) else len(message)
        del self._waiting[index]
        if not self._is_dropping:
            self._is_dropping = True
            self.dropped()
