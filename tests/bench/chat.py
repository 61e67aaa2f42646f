"""How soon a line of the chat reaches the others of a full room: `python -m tests.bench.chat`.

A server as a process, twelve sockets in one room, one line after the other by all in turn, within the room's
rate. Milliseconds from the request to the event at each of the eleven others, which are in one process;
target: 95 % within 100 ms. Beside them what both processes took of a core, and how long they waited for one.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

import socketio

from tests.bench.stats import percentiles
from tests.bench.voice_ws.cores import Cores
from tests.fakes.rtc import RestClient
from tests.fakes.server_process import ServerProcess

PEOPLE, LINES, PAUSE_S, TARGET_MS = 12, 100, 0.2, 100.0
"""All lines are sent within the 30 s for which a seat without media is kept."""

Came = list[tuple[int, str, float]]


async def _seated(url: str, room_id: str, token: str, number: int, came: Came) -> socketio.AsyncClient:
    def on_line(number: int, event: dict[str, Any]) -> None:
        came.append((number, event["line"]["text"], time.perf_counter()))

    socket = socketio.AsyncClient(reconnection=False)
    socket.on("chat_added", partial(on_line, number), namespace="/rooms")
    await socket.connect(url, auth={"token": token}, namespaces=["/rooms"], transports=["websocket"])
    ack = await socket.call("join", {"roomId": room_id}, namespace="/rooms")
    if "error" in ack:
        raise SystemExit(f"join was refused: {ack['error']['code']}")
    return socket


async def measure(url: str) -> list[float]:
    came: Came = []
    sent: dict[str, tuple[int, float]] = {}
    async with RestClient(url) as rest:
        tokens = [await rest.guest(f"P{number}") for number in range(PEOPLE)]
        room = await rest.create_room(tokens[0])
    async with AsyncExitStack() as stack:
        sockets = []
        for number, token in enumerate(tokens):
            sockets.append(await _seated(url, room["id"], token, number, came))
            stack.push_async_callback(sockets[-1].disconnect)
        for line in range(LINES):
            number, text = line % PEOPLE, f"line {line}"
            sent[text] = number, time.perf_counter()
            ack = await sockets[number].call("send_chat", {"text": text}, namespace="/rooms")
            if "error" in ack:
                raise SystemExit(f"a line was refused: {ack['error']['code']}")
            await asyncio.sleep(PAUSE_S)
        await asyncio.sleep(1)
    return [(at - sent[text][1]) * 1_000 for number, text, at in came if number != sent[text][0]]


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with ServerProcess(Path(folder) / "data") as server:
            cores = Cores({"server": server.process.pid})
            late = await measure(server.url)
            shares = cores.rows()
    figures = {name: round(value, 1) for name, value in percentiles(late).items()}
    print(f"{len(late)} of {LINES * (PEOPLE - 1)} lines came; ms {figures}")
    print("; ".join(f"{row.name} {row.value:.0f} {row.unit}" for row in shares))
    if len(late) < LINES * (PEOPLE - 1) or sorted(late)[int(len(late) * 0.95)] > TARGET_MS:
        raise SystemExit(f"target missed: 95 % within {TARGET_MS:.0f} ms")


if __name__ == "__main__":
    asyncio.run(main())
