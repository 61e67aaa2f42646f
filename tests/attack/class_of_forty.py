"""A school class behind one NAT: forty people sign up, open ten rooms, join them, and twelve call the tutor.

The opposite of an attack: every limit by address must let it in. `tests.attack.target` runs it like one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from typing import Any

import socketio

from tests.attack.target import Facts, Target
from tests.fakes.rtc import RtcClient, silence_clip
from tests.fakes.rtc.client import ClientOptions, Refused
from tests.fakes.rtc.rest import RestClient, RestError

_PUPILS, _ROOMS, _TUTORS = 40, 10, 12


async def arrive(target: Target) -> Facts:
    """All at about the same time, each with a page of rooms and a room: two sockets, media and REST. The
    result counts what was refused by code, and the seconds until everyone was in a room."""
    refused: Counter[str] = Counter()

    async def attempt(work: Awaitable[Any]) -> Any:
        try:
            return await work
        except (RestError, Refused) as error:
            refused[str(error.code)] += 1
        except (socketio.exceptions.ConnectionError, TimeoutError) as error:
            refused[repr(error)] += 1

    started = time.monotonic()
    async with AsyncExitStack() as stack:
        rest = await stack.enter_async_context(RestClient(target.url, source=target.source))
        tokens = await asyncio.gather(*(attempt(rest.guest(f"Pupil {n}")) for n in range(_PUPILS)))
        hosts = tokens[:_ROOMS]
        rooms = await asyncio.gather(
            *(attempt(rest.create_room(token, f"Group {n}")) for n, token in enumerate(hosts))
        )
        clients = [RtcClient(target.url, token, ClientOptions(source=target.source)) for token in tokens]
        lobby = [RtcClient(target.url, token, ClientOptions(source=target.source)) for token in tokens]

        async def enter(number: int) -> None:
            await attempt(lobby[number].connect())
            stack.push_async_callback(lobby[number].aclose)
            await attempt(clients[number].connect())
            stack.push_async_callback(clients[number].aclose)
            await attempt(clients[number].join(rooms[number % _ROOMS]["id"], clip=silence_clip()))

        await asyncio.gather(*map(enter, range(_PUPILS)))
        seconds = time.monotonic() - started
        for number, token in enumerate(hosts):
            await attempt(rest.request("POST", f"/api/rooms/{rooms[number]['id']}/tutor", token, {}))
        for token in tokens[_ROOMS:_TUTORS]:
            await attempt(rest.create_room(token, "Alone", type="ai"))
        in_rooms = sum(client.joined != {} for client in clients)
    return {"refused": dict(refused), "seconds": round(seconds, 1), "in rooms": in_rooms}
