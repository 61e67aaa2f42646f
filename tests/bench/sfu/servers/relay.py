"""aiortc's MediaRelay, which decodes and encodes: `tests/bench/mediarelay_server.py`. One room a process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.servers.base import Cores, Room, Sfu, pinned, speak
from tests.fakes.rtc import MediaLink, RestClient
from tests.fakes.rtc.link import fingerprints, random_ssrc
from tests.fakes.rtc.sdp import AnswerParts, build_answer, parse_offer
from tests.fakes.server_process import ROOT

_SEATS = 12


class Relay:
    def __init__(self, fleet: Fleet, stack: AsyncExitStack, rest: RestClient, pid: int) -> None:
        self.pid = pid
        self._fleet = fleet
        self._stack = stack
        self._rest = rest

    async def fill(self, people: int) -> Room:
        return [await self._seat() for _ in range(people)]

    async def speak(self, rooms: Sequence[Room], modes: Sequence[int]) -> None:
        speak(self._fleet, rooms, modes)

    async def _seat(self) -> int:
        joined = await self._rest.request("POST", "/join", body={})
        offer = parse_offer(joined["sdp"])
        link = MediaLink(lambda *_: None, lambda _: None)
        self._stack.push_async_callback(link.aclose)
        ssrc = random_ssrc()
        answer = build_answer(offer, AnswerParts(link.ufrag, link.password, fingerprints(), ssrc))
        await self._rest.request("POST", "/answer", body={"peer": joined["peer"], "sdp": answer})
        async with asyncio.timeout(30):
            await link.connect(offer.candidates, (offer.ufrag, offer.password), offer.fingerprints)
        payload_type = offer.microphone.payload_type("opus")
        assert payload_type is not None
        return self._fleet.add(link, ssrc=ssrc, payload_type=payload_type, level_extension=None)


@asynccontextmanager
async def started(fleet: Fleet, cores: Cores) -> AsyncIterator[Sfu]:
    process = await asyncio.create_subprocess_exec(
        *pinned(cores),
        *(sys.executable, "-m", "tests.bench.mediarelay_server", str(_SEATS)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        url = (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()
        async with RestClient(url) as rest, AsyncExitStack() as stack:
            yield Relay(fleet, stack, rest, process.pid)
    finally:
        process.kill()
        await process.wait()
