"""Deletes guests who did not come back, with all that the database has of them, once a day."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from server.common.durations import DAY_S
from server.common.tasks import Ticker
from server.errors import ParlorError
from server.shared_runs import SharedRuns

CHECK_EVERY_S = 3_600.0
_BATCH = 100
"""Guests deleted in one transaction: other writers wait for it."""
_LAST_SWEEP = "guests_swept_at"

_log = logging.getLogger(__name__)


class GuestStore(Protocol):
    async def unseen(self, before: float, limit: int) -> Sequence[str]: ...

    async def delete_unseen(self, user_ids: Sequence[str], before: float) -> int: ...


class GuestRetention:
    """`ttl_s` counts from a guest's last token; 0 keeps all guests. `clock` is seconds since the epoch."""

    def __init__(
        self,
        guests: GuestStore,
        runs: SharedRuns,
        clock: Callable[[], float],
        ttl_s: float,
    ) -> None:
        self._guests = guests
        self._runs = runs
        self._clock = clock
        self._ttl_s = ttl_s
        self._ticker = Ticker("guest retention", CHECK_EVERY_S, self._check, at_start=True)

    def start(self) -> None:
        if self._ttl_s > 0:
            self._ticker.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()

    async def sweep(self) -> None:
        """Delete guests whose time is over, if no server has done so today. Raises Unavailable."""
        await self._runs.run(_LAST_SWEEP, DAY_S, self._delete)

    async def _delete(self) -> None:
        before = self._clock() - self._ttl_s
        count = 0
        while user_ids := await self._guests.unseen(before, _BATCH):
            count += await self._guests.delete_unseen(user_ids, before)
        if count:
            _log.info("guests deleted", extra={"count": count})

    async def _check(self) -> None:
        try:
            await self.sweep()
        except ParlorError as error:
            _log.warning("guests not swept, retrying in an hour", extra={"code": error.code})
