"""Sends notices on by e-mail to people who may have no page open. `server.push` sends them to devices.

Each delivery is taken from the store before it is sent. A server that is killed between the two loses it; no
person gets it twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from server.common.durations import DAY_S
from server.common.tasks import Ticker
from server.errors import ParlorError
from server.notices.model import Delivery
from server.notices.ports import DeliveryChannel, NoticeStore

EVERY_S = 2.0
KEPT_S = 90 * DAY_S
_AT_ONCE = 16
"""Deliveries taken and sent together: what a killed server loses, and connections to other servers."""
_SWEEP = "notices_swept_at"
_log = logging.getLogger(__name__)

RunShared = Callable[[str, float, Callable[[], Awaitable[None]]], Awaitable[None]]


class Deliveries:
    """`clock` is seconds since the epoch. `run_shared`: as `SharedRuns.run`."""

    def __init__(
        self,
        store: NoticeStore,
        channels: Sequence[DeliveryChannel],
        clock: Callable[[], float],
        run_shared: RunShared,
    ) -> None:
        self._store = store
        self._channels = {way.channel: way for way in channels}
        self._clock = clock
        self._run_shared = run_shared
        self._ticker = Ticker("notices", EVERY_S, self._tick)
        self._sweeper = Ticker("old notices", 3_600.0, self._sweep)

    def start(self) -> None:
        if self._channels:
            self._ticker.start()
        self._sweeper.start()

    async def aclose(self) -> None:
        """Messages that were taken and not sent are lost. Idempotent."""
        await self._ticker.aclose()
        await self._sweeper.aclose()

    async def send_due(self) -> int:
        """Send all that is due. Returns how much that was. Raises Unavailable."""
        count = 0
        while due := await self._store.take_due(self._channels.keys(), self._clock(), _AT_ONCE):
            await asyncio.gather(*(self._send(delivery) for delivery in due))
            count += len(due)
        return count

    async def _send(self, delivery: Delivery) -> None:
        notice = delivery.notice
        try:
            reach = await self._store.reach_of(notice.user_id)
            await self._channels[delivery.channel].send(notice, reach)
        except ParlorError as error:
            _log.warning("a notice was not sent by %s", delivery.channel, extra={"code": error.code})
        except Exception:  # noqa: BLE001 - a bug of one channel must not keep the other deliveries
            _log.exception("a notice was not sent by %s", delivery.channel)

    async def _tick(self) -> None:
        try:
            await self.send_due()
        except ParlorError as error:
            _log.warning("notices not sent, trying again", extra={"code": error.code})

    async def _sweep(self) -> None:
        async def delete_old() -> None:
            await self._store.delete_old(self._clock() - KEPT_S)

        try:
            await self._run_shared(_SWEEP, DAY_S, delete_old)
        except ParlorError as error:
            _log.warning("old notices not deleted, retrying in an hour", extra={"code": error.code})
