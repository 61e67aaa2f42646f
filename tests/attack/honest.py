"""Two honest people in a room, in their own process: `python -m tests.attack.honest URL`.

Both send a packet every 20 ms with the time it was sent, and receive the other's with the kernel's arrival
times. Both also ask the server something a few times a second: over their socket, and by REST on a new
connection. For each line on stdin a line with a `Stretch` as JSON is printed: what was noticed since the line
before. The first line printed says that they hear each other. At the end of stdin they leave.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import asdict

import aiohttp
import uvloop

from tests.attack.stretch import Stretch
from tests.fakes.rtc import Pacer, Publisher, RestClient, RtcClient, tone_clip
from tests.fakes.rtc.client import ClientOptions, Refused

_DRAIN_S = 0.3
_ASK_EVERY_S = 0.25
_ANSWER_WITHIN_S = 5.0


class Pair:
    """Two people who talk at the same time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._people: list[RtcClient] = []
        self._answers_ms: list[float] = []
        self._failures: list[str] = []
        self._marks = (0, 0, [0, 0])

    async def enter(self, stack: AsyncExitStack) -> None:
        """Returns once both hear each other."""
        async with RestClient(self._url) as rest:
            host = await rest.guest("Honest host")
            room = await rest.create_room(host, "Honest people", maxParticipants=2)
            for token in (host, await rest.guest("Honest guest")):
                client = RtcClient(self._url, token, ClientOptions(stamps=True))
                await client.connect()
                stack.push_async_callback(client.aclose)
                await client.join(room["id"], clip=tone_clip(440), stamp=True)
                await client.set_muted(False)
                self._people.append(client)
        pacer = await stack.enter_async_context(Pacer())
        for publisher in self._publishers():
            publisher.answers_nacks = False  # a packet that is sent again was lost
            pacer.add(publisher)
        async with asyncio.timeout(15):
            while not all(client.receiver.packets > 10 for client in self._people):  # noqa: ASYNC110 - packets
                await asyncio.sleep(0.02)
        await self.stretch()

    async def ask(self) -> None:
        """Ask both ways, for ever. Each question has a time limit and is noted."""
        while True:
            await asyncio.gather(self._ask_by_rest(), *map(self._ask_by_socket, self._people))
            await asyncio.sleep(_ASK_EVERY_S)

    async def stretch(self) -> Stretch:
        """Since the last call. Both are silent for a moment, so that every packet has had time to arrive."""
        for publisher in self._publishers():
            publisher.paused = True
        await asyncio.sleep(_DRAIN_S)
        sent = sum(publisher.sent for publisher in self._publishers())
        received = sum(log.packets for client in self._people for log in client.receiver.slots.values())
        counts = [len(client.receiver.delays_ns) for client in self._people]
        sent_before, received_before, counts_before = self._marks
        delays = [
            ns / 1e6
            for client, start in zip(self._people, counts_before, strict=True)
            for ns in client.receiver.delays_ns[start:]
        ]
        self._marks = sent, received, counts
        closed = [
            f"{c.joined['participantId']} was disconnected" for c in self._people if not c.socket.connected
        ]
        found = Stretch(
            sent=sent - sent_before,
            lost=(sent - sent_before) - (received - received_before),
            delays_ms=delays,
            answers_ms=self._answers_ms,
            failures=self._failures + closed,
        )
        self._answers_ms, self._failures = [], []
        for publisher in self._publishers():
            publisher.paused = False
        return found

    def _publishers(self) -> list[Publisher]:
        return [client.publisher for client in self._people if client.publisher is not None]

    async def _ask_by_socket(self, client: RtcClient) -> None:
        started = time.perf_counter()
        try:
            await client.call("ping", within=_ANSWER_WITHIN_S)
        except (Refused, OSError, RuntimeError, TimeoutError) as error:
            self._failures.append(f"ping: {error!r}")
        else:
            self._answers_ms.append((time.perf_counter() - started) * 1e3)

    async def _ask_by_rest(self) -> None:
        started = time.perf_counter()
        timeout = aiohttp.ClientTimeout(total=_ANSWER_WITHIN_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.get(f"{self._url}/api/rooms") as response,
            ):
                await response.read()
                response.raise_for_status()
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failures.append(f"GET /api/rooms: {error!r}")
        else:
            self._answers_ms.append((time.perf_counter() - started) * 1e3)


async def run(url: str) -> None:
    async with AsyncExitStack() as stack:
        pair = Pair(url)
        await pair.enter(stack)
        stdin = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin
        )
        asking = asyncio.create_task(pair.ask())
        try:
            print(json.dumps({"ready": True}), flush=True)
            async for _ in stdin:
                print(json.dumps(asdict(await pair.stretch())), flush=True)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)


if __name__ == "__main__":
    gc.disable()  # a pause of this process would count as delay of the server
    uvloop.run(run(sys.argv[1]))
