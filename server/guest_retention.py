"""Deletes guests who did not come back, with all that the database has of them, once a day."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from server.common.tasks import Ticker
from server.errors import ParlorError

DAY_S = 86_400.0
CHECK_EVERY_S = 3_600.0
_BATCH = 100
"""Guests deleted in one transaction: other writers wait for it."""
_LAST_SWEEP = "guests_swept_at"

_log = logging.getLogger(__name__)


class GuestStore(Protocol):
    async def unseen(self, before: float, limit: int) -> Sequence[str]: ...

    async def delete_unseen(self, user_ids: Sequence[str], before: float) -> int: ...


class StoredValues(Protocol):
    """Values in the store, so that a restart and other nodes know when the last sweep was."""

    async def get(self, name: str, default: Any = None) -> Any: ...

    async def put(self, name: str, value: Any) -> None: ...


class GuestRetention:
    """`ttl_s` counts from a guest's last token; 0 keeps all guests. `clock` is seconds since the epoch."""

    def __init__(
        self,
        guests: GuestStore,
        values: StoredValues,
        clock: Callable[[], float],
        ttl_s: float,
    ) -> None:
        self._guests = guests
        self._values = values
        self._clock = clock
        self._ttl_s = ttl_s
        self._ticker = Ticker("guest retention", CHECK_EVERY_S, self._check, at_start=True)

    def start(self) -> None:
        if self._ttl_s > 0:
            self._ticker.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()

    async def sweep(self, now: float) -> int:
        """Delete guests whose time is over and return how many. Raises Unavailable."""
        since = now - float(await self._values.get(_LAST_SWEEP, 0.0))
        if 0 <= since < DAY_S:  # a time in the future is that of a clock which was wrong
            return 0
        before = now - self._ttl_s
        count = 0
        while user_ids := await self._guests.unseen(before, _BATCH):
            count += await self._guests.delete_unseen(user_ids, before)
        await self._values.put(_LAST_SWEEP, now)
        return count

    async def _check(self) -> None:
        try:
            count = await self.sweep(self._clock())
        except ParlorError as error:
            _log.warning("guests not swept, retrying in an hour", extra={"code": error.code})
        else:
            if count:
                _log.info("guests deleted", extra={"count": count})
