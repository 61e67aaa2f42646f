"""From `join` to the first audio packet, one person after another in a room with a speaker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.scenarios.crowd import make_room, seat, start_talking
from tests.bench.stats import percentiles
from tests.fakes.lossy_link import Impairment, LossyLink, through
from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import ClientOptions


async def run(options: dict[str, Any], mark: Callable[[str, dict[str, Any]], None]) -> None:
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(options["url"]))
        room_id = await make_room(rest)
        talker = await seat(stack, rest, room_id, clip=tone_clip(440))
        pacer = await stack.enter_async_context(Pacer())
        start_talking(pacer, [talker])
        loss = Impairment(loss=float(options["loss"]), media_only=False)
        link = LossyLink(
            ("127.0.0.1", int(options["udp_port"])), seed=int(options["seed"]), uplink=loss, downlink=loss
        )
        await stack.enter_async_context(link)
        tokens = [await rest.guest("Joiner") for _ in range(int(options["times"]))]
        mark("start", {})
        times = [await _join_once(rest.url, token, room_id, link) for token in tokens]
        mark("stop", {})
        mark(
            "done", {"join_ms": percentiles([t for t in times if t is not None]), "never": times.count(None)}
        )


async def _join_once(url: str, token: str, room_id: str, link: LossyLink) -> float | None:
    async with RtcClient(url, token, ClientOptions(path=through(link), microphone=False)) as client:
        first: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        joining = asyncio.create_task(client.join(room_id))
        try:
            await asyncio.wait_for(joining, 15)
            client.receiver.on_first = lambda _, at: None if first.done() else first.set_result(at)
            already = [log.first_arrival_ns for log in client.receiver.slots.values() if log.packets]
            arrived = min(already) if already else await asyncio.wait_for(first, 5)
        except TimeoutError:
            return None
        await client.leave()
        return (arrived - client.join_sent_ns) / 1e6
