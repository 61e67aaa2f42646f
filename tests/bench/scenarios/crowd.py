"""Participants for a scenario: signed in, in a room, talking."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from tests.fakes.rtc import Clip, Pacer, RestClient, RtcClient
from tests.fakes.rtc.client import ClientOptions


async def make_room(rest: RestClient, seats: int = 12) -> str:
    token = await rest.guest("Host")
    room = await rest.create_room(token, "Bench", maxParticipants=seats)
    return str(room["id"])


async def seat(
    stack: AsyncExitStack,
    rest: RestClient,
    room_id: str,
    *,
    clip: Clip | None = None,
    options: ClientOptions | None = None,
    stamp: bool = False,
) -> RtcClient:
    """One more person in the room, connected; unmuted if there is something to say."""
    client = RtcClient(rest.url, await rest.guest("Guest"), options or ClientOptions())
    await client.connect()
    stack.push_async_callback(client.aclose)
    await client.join(room_id, clip=clip, stamp=stamp)
    if clip is not None:
        await client.set_muted(False)
    return client


def start_talking(pacer: Pacer, clients: list[RtcClient]) -> None:
    for client in clients:
        assert client.publisher is not None
        pacer.add(client.publisher)


async def settle(clients: list[RtcClient], packets: int, within_s: float = 15) -> None:
    """Wait until every client has received audio of every other."""
    async with asyncio.timeout(within_s):
        while not all(_heard_by(client) >= packets for client in clients):  # noqa: ASYNC110 - of a hot path
            await asyncio.sleep(0.05)


def _heard_by(client: RtcClient) -> int:
    return sum(log.packets > 0 for log in client.receiver.slots.values())
