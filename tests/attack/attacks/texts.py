"""Texts that are valid and take long to work on."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import aiohttp

from tests.attack.attacks.requests import guest_token
from tests.attack.target import Facts, Target

_WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
_MARKS = "\u0f73" * 4_000
"""Marks that are put into order, each of which becomes two."""
_EVENT_PER_S = 9
"""A little fewer than a person may send."""


async def chat_of_marks(target: Target) -> Facts:
    """`options["people"]` people who are in no room send such lines of text chat, as fast as they may."""
    counts: Counter[str] = Counter()
    async with target.http() as http:

        async def write() -> None:
            token = await guest_token(http)
            async with http.ws_connect(_WEBSOCKET, max_msg_size=0) as socket:
                await socket.receive_str()
                await socket.send_str("40/rooms," + json.dumps({"token": token}))
                await socket.receive_str()
                await _write(socket, target, counts)

        await asyncio.gather(*(write() for _ in range(int(target.options["people"]))))
    return dict(counts)


async def _write(socket: aiohttp.ClientWebSocketResponse, target: Target, counts: Counter[str]) -> None:
    for number in range(int(target.seconds * _EVENT_PER_S)):
        await socket.send_str(f"42/rooms,{number}" + json.dumps(["send_chat", {"text": _MARKS}]))
        answer = await socket.receive_str()
        while not answer.startswith("43/rooms,"):
            answer = await socket.receive_str()
        counts[json.loads(answer[answer.index("[") :])[0]["error"]["code"]] += 1
