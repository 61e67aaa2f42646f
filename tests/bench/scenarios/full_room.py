"""Twelve people in one room, all speaking: forwarded packets, loss, and the delay that the server adds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.scenarios.crowd import make_room, seat, settle, start_talking
from tests.bench.scenarios.direct import direct_delays
from tests.bench.stats import percentiles
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import ClientOptions

_DRAIN_S = 0.5


async def run(options: dict[str, Any], mark: Callable[[str, dict[str, Any]], None]) -> None:
    seats = int(options["seats"])
    direct = await direct_delays(seconds=2.0)
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(options["url"]))
        room_id = await make_room(rest, seats)
        clients = [
            await seat(
                stack,
                rest,
                room_id,
                clip=tone_clip(300 + 50 * n),
                options=ClientOptions(stamps=True),
                stamp=True,
            )
            for n in range(seats)
        ]
        pacer = await stack.enter_async_context(Pacer())
        start_talking(pacer, clients)
        await settle(clients, seats - 1)
        await asyncio.sleep(1.0)
        before = _Totals(clients)
        mark("start", {})
        await asyncio.sleep(float(options["seconds"]))
        mark("stop", {})
        for client in clients:
            assert client.publisher is not None
            pacer.discard(client.publisher)
        sent = _Totals(clients).sent - before.sent
        await asyncio.sleep(_DRAIN_S)
        after = _Totals(clients)
        mark("done", _results(before, after, sent, seats, float(options["seconds"]), direct))


class _Totals:
    def __init__(self, clients: list[RtcClient]) -> None:
        self.sent = sum(c.publisher.sent for c in clients if c.publisher)
        self.received = sum(c.receiver.packets for c in clients)
        self.lost = sum(log.lost for c in clients for log in c.receiver.slots.values())
        self.failures = sum(c.link.auth_failures for c in clients if c.link)
        self.delays = [c.receiver.delays_ns for c in clients]
        self.marks = [len(delays) for delays in self.delays]


def _results(
    before: _Totals, after: _Totals, sent: int, seats: int, seconds: float, direct: list[float]
) -> dict[str, Any]:
    delays = [ns / 1e6 for log, mark in zip(after.delays, before.marks, strict=True) for ns in log[mark:]]
    received = after.received - before.received
    return {
        "sent": sent,
        "expected": sent * (seats - 1),
        "received": received,
        "lost_on_slots": after.lost - before.lost,
        "auth_failures": after.failures,
        "packets_per_s": received / seconds,
        "delay_ms": percentiles(delays),
        "direct_ms": percentiles(direct),
    }
