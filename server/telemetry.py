"""Feeds /metrics from what runs: counts at each scrape, link quality every few seconds."""

from __future__ import annotations

import asyncio
from functools import partial

from server.metrics import LoopLagSampler, MediaTotals, Metrics
from server.rooms.model import Connection
from server.rooms.service import RoomsService
from server.sfu import SfuNode

_LINKS_EVERY_S = 5.0
_LINKS_AT_ONCE = 8
"""Then the loop sees to others: a thousand links in one go would hold it up for 20 ms."""


class Telemetry:
    """Counting starts at construction; `start` the samplers in the loop, `aclose` ends them."""

    def __init__(self, metrics: Metrics, rooms: RoomsService, sfu: SfuNode) -> None:
        self._metrics = metrics
        self._sfu = sfu
        self._lag = LoopLagSampler(metrics)
        self._task: asyncio.Task[None] | None = None
        metrics.rooms_from(lambda: rooms.room_count)
        for state in Connection:
            metrics.participants_from(state, partial(rooms.participants_in, state))
        metrics.media_from(self._totals)

    def start(self) -> None:
        self._metrics.tasks_from(asyncio.get_running_loop())
        self._lag.start()
        self._task = asyncio.create_task(self._sample_links(), name="link-quality")

    async def aclose(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])
        await self._lag.aclose()

    def _totals(self) -> MediaTotals:
        counters = self._sfu.counters
        return MediaTotals(
            packets_in=counters.packets_in,
            packets_out=counters.packets_out,
            bytes_in=counters.bytes_in,
            bytes_out=counters.bytes_out,
            dropped=counters.dropped or {},
        )

    async def _sample_links(self) -> None:
        while True:
            await asyncio.sleep(_LINKS_EVERY_S)
            for count, link in enumerate(self._sfu.link_quality(), 1):
                self._metrics.rtcp_report("up", link.uplink_loss, link.uplink_jitter)
                self._metrics.rtcp_report("down", link.downlink_loss, link.downlink_jitter)
                if count % _LINKS_AT_ONCE == 0:
                    await asyncio.sleep(0)
