"""Messages that wait for a client's socket, in order and bounded."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

MAX_AUDIO_BYTES = 4 << 20
"""Speech that waits for the client: two minutes of PCM at 16 kHz. Older speech is dropped."""
MAX_TEXT_BYTES = 32 << 20
"""Text that waits: the client does not read, and the session ends."""


class Slot:
    """The place of speech that is still being made, binary or in a text message. What comes after it waits.
    `message`: None until it is made. `is_waiting`: neither sent nor dropped."""

    __slots__ = ("_out", "is_waiting", "message", "size")

    def __init__(self, out: Outgoing, size: int) -> None:
        self._out = out
        self.size = size
        self.message: str | bytes | None = None
        self.is_waiting = True

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
        if isinstance(message, str):
            self._text += len(message)
        else:
            self._audio += len(message)
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
        if not slot.is_waiting:
            return  # dropped meanwhile
        self._audio -= slot.size
        if message:
            slot.message, slot.size = message, len(message)
            self._audio += slot.size
        else:
            slot.is_waiting = False
            self._waiting.remove(slot)
        self._changed.set()
        self._bound_audio()

    async def get(self) -> str | bytes:
        while (message := await self.next()) is None:
            self._changed.clear()
            await self._changed.wait()
        return message

    async def next(self) -> str | bytes | None:
        """The oldest message, once it is made; None if none waits."""
        while self._waiting:
            first = self._waiting[0]
            message = first.message if isinstance(first, Slot) else first
            if message is not None:
                self._waiting.popleft()
                self._leaves(first)
                return message
            self._changed.clear()
            await self._changed.wait()
        return None

    def __len__(self) -> int:
        return len(self._waiting)

    def _leaves(self, one: str | bytes | Slot) -> None:
        if isinstance(one, str):
            self._text -= len(one)
        elif isinstance(one, Slot):
            self._audio -= one.size
            one.is_waiting = False
        else:
            self._audio -= len(one)

    def _bound_audio(self) -> None:
        if self._audio <= MAX_AUDIO_BYTES // 2:
            self._is_dropping = False
        while self._audio > MAX_AUDIO_BYTES:
            self._drop_oldest()

    def _drop_oldest(self) -> None:
        index = next(i for i, one in enumerate(self._waiting) if not isinstance(one, str))
        self._leaves(self._waiting[index])
        del self._waiting[index]
        if not self._is_dropping:
            self._is_dropping = True
            self.dropped()
