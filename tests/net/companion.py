"""A second participant: opens a room, sends a tone, and prints when it receives audio.

`python -m tests.net.companion URL`, in the server's namespace. Prints JSON lines: `{"room": id}` once it is
in, then `{"at": ms since the epoch, "packets": n, "lost": n}` for every 20 ms in which packets came.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip

TONE_HZ = 600
_EVERY_S = 0.02


async def main(url: str) -> None:
    async with RestClient(url) as rest, Pacer() as pacer:
        token = await rest.guest("Companion")
        room = await rest.create_room(token, "Network")
        async with RtcClient(url, token) as client:
            await client.join(room["id"], clip=tone_clip(TONE_HZ))
            await client.set_muted(False)
            assert client.publisher is not None
            pacer.add(client.publisher)
            print(json.dumps({"room": room["id"]}), flush=True)
            await _report(client)


async def _report(client: RtcClient) -> None:
    heard = 0
    while True:
        await asyncio.sleep(_EVERY_S)
        logs = client.receiver.slots.values()
        packets = sum(log.packets for log in logs)
        if packets != heard:
            lost = sum(log.lost for log in logs)
            print(json.dumps({"at": time.time() * 1000, "packets": packets, "lost": lost}), flush=True)
        heard = packets


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
