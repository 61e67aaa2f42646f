"""Feeds `/metrics`: counts are read at each scrape, link quality is sampled every few seconds."""

from __future__ import annotations

import asyncio
from functools import partial

from server.common.tasks import Ticker
from server.metrics import LoopLagSampler, MediaTotals, Metrics
from server.protocol.entities import Connection
from server.rooms.service import RoomsService
from server.sfu import SfuNode

LINKS_EVERY_S = 5.0
_LINKS_PER_TURN = 8
"""Links read in one turn of the event loop: a thousand at once would block it for 20 ms."""


class Telemetry:
    """Counts are registered at construction; `start` starts the samplers, `aclose` ends them."""

    def __init__(self, metrics: Metrics, rooms: RoomsService, sfu: SfuNode) -> None:
        self._metrics = metrics
        self._sfu = sfu
        self._lag = LoopLagSampler(metrics)
        self._links = Ticker("link quality", LINKS_EVERY_S, self._sample_links)
        metrics.rooms_from(lambda: rooms.room_count)
        for state in Connection:
            metrics.participants_from(state, partial(rooms.participants_in, state))
        metrics.media_from(self._totals)

    def start(self) -> None:
        self._metrics.tasks_from(asyncio.get_running_loop())
        self._lag.start()
        self._links.start()

    async def aclose(self) -> None:
        await self._links.aclose()
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
        for count, link in enumerate(self._sfu.link_quality(), 1):
            self._metrics.rtcp_report("up", link.uplink_loss, link.uplink_jitter)
            self._metrics.rtcp_report("down", link.downlink_loss, link.downlink_jitter)
            if count % _LINKS_PER_TURN == 0:
                await asyncio.sleep(0)
