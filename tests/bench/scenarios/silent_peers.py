"""Silent listeners; the memory that each further one takes is measured from outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from tests.bench.scenarios.crowd import make_room, seat
from tests.fakes.rtc import RestClient
from tests.fakes.rtc.client import ClientOptions

_SEATS = 12
_SETTLE_S = 1.0


async def run(options: dict[str, Any], mark: Callable[[str, dict[str, Any]], None]) -> None:
    """A first room warms the server up; `peers` more are measured."""
    quiet = ClientOptions(microphone=False, reports=False)
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(options["url"]))
        await _fill(stack, rest, _SEATS, quiet)
        await asyncio.sleep(_SETTLE_S)
        mark("start", {})
        await _fill(stack, rest, int(options["peers"]), quiet)
        await asyncio.sleep(_SETTLE_S)
        mark("stop", {})
        mark("done", {"peers": int(options["peers"])})


async def _fill(stack: AsyncExitStack, rest: RestClient, peers: int, options: ClientOptions) -> None:
    room_id = ""
    for n in range(peers):
        if n % _SEATS == 0:
            room_id = await make_room(rest, _SEATS)
        await seat(stack, rest, room_id, options=options)
