"""Counts practice beside talks with the tutor: speech in rooms, mistakes that were mended in a
review."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

from server.common.tasks import Ticker
from server.errors import ParlorError, UserNotFound
from server.progress.ports import PracticeStore
from server.rooms.ports import UserStore
from server.rooms.practice import PracticeMeter
from server.tutor.days import day_at, start_of
from server.tutor.model import PracticeDay
from server.tutor.ports import ProgressStore

EVERY_S = 20.0
"""A crash loses at most so much of a talk."""
_log = logging.getLogger(__name__)


class Practice:
    """`clock` is seconds since the epoch. `touched` is told who did something. What could not be written is
    lost, not repeated: a write whose answer did not arrive may have been done, and nothing is to count
    twice."""

    def __init__(
        self,
        meter: PracticeMeter,
        store: PracticeStore,
        progress: ProgressStore,
        users: UserStore,
        clock: Callable[[], float],
        touched: Callable[[str], None],
    ) -> None:
        self._meter = meter
        self._store = store
        self._progress = progress
        self._users = users
        self._clock = clock
        self._touched = touched
        self._ticker = Ticker("practice", EVERY_S, self.flush)

    def start(self) -> None:
        self._ticker.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()
        await self.flush()

    async def flush(self) -> None:
        """Store what was measured in rooms since the last call. Never raises."""
        taken = self._meter.take()
        if not taken:
            return
        try:
            await self._store.add_speech(taken, self._clock())
        except ParlorError as error:
            _log.warning("practice in rooms not stored", extra={"code": error.code})
            return
        for user_id in taken:
            self._touched(user_id)

    async def mended(self, user_id: str) -> None:
        """The person has given the right sentence for a mistake that was due. Raises Unavailable."""
        user = await self._users.get_user(user_id)
        zone = user.time_zone if user else None
        day = day_at(self._clock(), zone)
        with suppress(UserNotFound):
            mended = PracticeDay(day.isoformat(), mended=1, starts_at=start_of(day, zone))
            await self._progress.add_progress(user_id, mended)
        self._touched(user_id)
