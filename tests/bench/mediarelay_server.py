"""The baseline: a room as in aiortc's examples, with MediaRelay between peer connections.

Each participant's audio is decoded once and encoded again for each listener. Run it as a process:
`python -m tests.bench.mediarelay_server SEATS` prints its URL. POST /join answers {peer, sdp}; POST /answer
{peer, sdp} ends the set-up.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from aiortc.rtcrtpsender import RTCRtpSender


@dataclass(slots=True)
class _Peer:
    connection: RTCPeerConnection
    slots: list[RTCRtpSender]
    taken: int = 0
    track: MediaStreamTrack | None = None


class RelayRoom:
    def __init__(self, seats: int) -> None:
        self._seats = seats
        self._relay = MediaRelay()
        self._peers: list[_Peer] = []

    async def join(self, _: web.Request) -> web.Response:
        connection = RTCPeerConnection()
        connection.addTransceiver("audio", direction="recvonly")
        slots = [
            connection.addTransceiver("audio", direction="sendonly").sender for _ in range(self._seats - 1)
        ]
        peer = _Peer(connection, slots)
        connection.on("track", lambda track: self._publish(peer, track))
        self._peers.append(peer)
        await connection.setLocalDescription(await connection.createOffer())
        description = connection.localDescription
        return web.json_response({"peer": len(self._peers) - 1, "sdp": description.sdp})

    async def answer(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        peer = self._peers[body["peer"]]
        await peer.connection.setRemoteDescription(RTCSessionDescription(body["sdp"], "answer"))
        return web.json_response({})

    def _publish(self, publisher: _Peer, track: MediaStreamTrack) -> None:
        publisher.track = track
        for other in self._peers:
            if other is publisher:
                continue
            self._carry(other, track)
            if other.track is not None:
                self._carry(publisher, other.track)

    def _carry(self, subscriber: _Peer, track: MediaStreamTrack) -> None:
        subscriber.slots[subscriber.taken].replaceTrack(self._relay.subscribe(track))
        subscriber.taken += 1

    async def close(self, _: web.Application) -> None:
        await asyncio.gather(*(peer.connection.close() for peer in self._peers))


async def serve(seats: int) -> None:
    room = RelayRoom(seats)
    app = web.Application()
    app.router.add_post("/join", room.join)
    app.router.add_post("/answer", room.answer)
    app.on_shutdown.append(room.close)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    print(f"http://{host}:{port}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
