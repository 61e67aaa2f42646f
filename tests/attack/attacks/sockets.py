"""Attacks by connections: raw bytes, WebSockets, joins."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections import Counter
from contextlib import suppress

import aiohttp

from tests.attack.attacks.requests import guest_token
from tests.attack.target import Facts, Target

_WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
_POLLING = "/socket.io/?EIO=4&transport=polling"
_HANDSHAKE_EVERY_S = 0.4
"""More often than an account may, which has twenty at once."""
_NOT_REQUESTS = (
    os.urandom(2_000),
    b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 20_000 + b"\r\n\r\n",
    b"POST /api/auth/guest HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(300),
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET " + _WEBSOCKET.encode() + b" HTTP/1.1\r\nHost: x\r\n",
)


async def garbage_bytes(target: Target) -> Facts:
    """Connections to the HTTP port that send bytes which are no request, or only half of one."""
    dice = random.Random(2)
    counts: Counter[str] = Counter()

    async def send() -> None:
        reader, writer = await asyncio.open_connection(
            target.host, target.port, local_addr=(target.source, 0)
        )
        with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            writer.write(dice.choice(_NOT_REQUESTS))
            answer = await asyncio.wait_for(reader.read(200), 1.0)
            counts[answer[9:12].decode(errors="replace") or "closed"] += 1
        writer.close()

    await target.repeat(send, 20)
    return dict(counts)


async def garbage_events(target: Target) -> Facts:
    """Signed-in WebSockets in both namespaces that send text, binary and events of every wrong shape."""
    dice = random.Random(3)
    counts: Counter[str] = Counter()
    async with target.http() as http:
        token = await guest_token(http)

        async def visit() -> None:
            try:
                async with http.ws_connect(_WEBSOCKET) as socket:
                    namespace = dice.choice(("/rooms", "/lobby", "/agents", "/none"))
                    await socket.send_str(f"40{namespace}," + json.dumps({"token": token}))
                    counts["visits"] += 1
                    for _ in range(50):
                        await _send_garbage(socket, namespace, dice)
                        counts["sent"] += 1
            except (aiohttp.ClientError, OSError) as error:
                counts[type(error).__name__] += 1

        await target.repeat(visit, 4)
    return dict(counts)


async def join_flood(target: Target) -> Facts:
    """One person joins and leaves rooms on ten sockets, without a pause and without ever reading media."""
    counts: Counter[str] = Counter()
    async with target.http() as http:
        token = await guest_token(http)
        body = {"name": "Flood", "topic": "", "level": "B1", "type": "public"}
        headers = {"Authorization": f"Bearer {token}"}
        async with http.post("/api/rooms", json=body, headers=headers) as response:
            room_id = (await response.json())["id"]

        async def visit() -> None:
            try:
                async with http.ws_connect(_WEBSOCKET) as socket:
                    await socket.send_str("40/rooms," + json.dumps({"token": token}))
                    for number in range(20):
                        for event in (["join", {"roomId": room_id}], ["leave", {}]):
                            await socket.send_str(f"42/rooms,{number}" + json.dumps(event))
                            counts[str(event[0])] += 1
                        await asyncio.sleep(0.01)  # as fast as a browser's clicks by a script
            except (aiohttp.ClientError, OSError) as error:
                counts[type(error).__name__] += 1
                await asyncio.sleep(0.05)

        await target.repeat(visit, 10)
    return dict(counts)


async def _send_garbage(socket: aiohttp.ClientWebSocketResponse, namespace: str, dice: random.Random) -> None:
    match dice.randrange(5):
        case 0:
            await socket.send_bytes(dice.randbytes(500))
        case 1:
            await socket.send_str(dice.randbytes(100).decode("latin-1"))
        case 2:
            await socket.send_str(f"42{namespace},1" + "[" * 5_000)
        case 3:
            await socket.send_str(f"42{namespace}," + json.dumps(["join", {"roomId": ["x"] * 1_000}]))
        case _:
            await socket.send_str(
                f"45{dice.randrange(10)}-{namespace}," + json.dumps(["join", {"_placeholder": True}])
            )


async def closed_handshakes(target: Target) -> Facts:
    """Polling sockets of one account whose handshake and end arrive at the same time: more than the account
    may have open. Then the account opens one more. `open`: whether it may."""
    count = 0
    async with target.http() as http:
        token = await guest_token(http)

        async def post(sid: str, packet: str) -> None:
            async with http.post(f"{_POLLING}&sid={sid}", data=packet):
                pass

        for _ in range(int(target.options["sockets"])):
            async with http.get(_POLLING) as answer:
                sid = json.loads((await answer.text())[1:])["sid"]
            await asyncio.gather(post(sid, "40/rooms," + json.dumps({"token": token})), post(sid, "1"))
            count += 1
            await asyncio.sleep(_HANDSHAKE_EVERY_S)
        async with http.ws_connect(_WEBSOCKET) as socket:
            await socket.receive_str()
            await socket.send_str("40/rooms," + json.dumps({"token": token}))
            answered = await socket.receive_str()
    return {"closed": count, "open": answered.startswith("40/rooms")}
