"""Guests who do not come back are forgotten, picture and all: once a day, by one task with an owner."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog

from server.errors import ParlorError

DAY_S = 86_400.0
_LOOK_EVERY_S = 3_600.0
_AT_ONCE = 100
"""In one transaction: it keeps other writers waiting."""
_LAST_SWEEP = "guests_swept_at"

log = structlog.get_logger(__name__)


class GuestStore(Protocol):
    async def delete_unseen(self, before: float, limit: int) -> Sequence[str]: ...


class Pictures(Protocol):
    async def remove_all(self, user_id: str) -> None: ...


class Notes(Protocol):
    """Kept by the store, so that a restart and other nodes know of the last time."""

    async def get(self, name: str, default: Any = None) -> Any: ...

    async def put(self, name: str, value: Any) -> None: ...


class ForgottenGuests:
    """`ttl_s` is counted from a guest's last token; 0 keeps all. `clock` is seconds since the epoch."""

    def __init__(
        self, guests: GuestStore, pictures: Pictures, notes: Notes, clock: Callable[[], float], ttl_s: float
    ) -> None:
        self._guests = guests
        self._pictures = pictures
        self._notes = notes
        self._clock = clock
        self._ttl = ttl_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self._ttl > 0:
            self._task = asyncio.create_task(self._run(), name="forgotten guests")

    async def aclose(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def sweep(self, now: float) -> int:
        """How many were deleted. Raises Unavailable."""
        if now - float(await self._notes.get(_LAST_SWEEP, 0.0)) < DAY_S:
            return 0
        count = 0
        while gone := await self._guests.delete_unseen(now - self._ttl, _AT_ONCE):
            for user_id in gone:
                await self._pictures.remove_all(user_id)
            count += len(gone)
        await self._notes.put(_LAST_SWEEP, now)
        return count

    async def _run(self) -> None:
        while True:
            try:
                count = await self.sweep(self._clock())
                if count:
                    log.info("guests_forgotten", count=count)
            except ParlorError as error:
                log.warning("guests_not_swept", code=error.code)
            await asyncio.sleep(_LOOK_EVERY_S)
