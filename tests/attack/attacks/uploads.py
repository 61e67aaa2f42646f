"""Attacks by uploads: many at once that never end, and documents that take long to read."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp

from tests.attack.target import Facts, Target

_DOCUMENT_BYTES = 10 << 20
_PIECE = b"a " * (32 << 10)
_SLOW = b"*a **a " * 60_000
"""Markdown whose parsing takes seconds."""


async def held_uploads(target: Target) -> Facts:
    """Twelve accounts send four documents of nearly 10 MB each and never their ends. Then somebody elsewhere
    adds one of 1 MB: `elsewhere` is the status of the answer. `counts`: of the crowd."""
    counts: Counter[str] = Counter()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(target.http())
        addresses = [await _base(http, f"Eve {number}") for number in range(12)]
        uploads = asyncio.gather(*(_held(http, at, target.seconds, counts) for at in addresses * 4))
        await asyncio.sleep(target.seconds / 2)
        there = await stack.enter_async_context(_elsewhere(target))
        status = await _add(there, await _base(there, "Ann"), b"I like tea. " * 80_000)
        await uploads
    return {"counts": dict(counts), "elsewhere": status}


async def slow_documents(target: Target) -> Facts:
    """Six accounts of one address add documents that take long to read, four each at a time. Then somebody
    elsewhere adds a short one: `elsewhere` is the status of the answer, `waited_s` how long it took."""
    counts: Counter[str] = Counter()
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(target.http())
        bases = [await _base(http, f"Eve {number}") for number in range(6)]

        async def flood(at: tuple[str, str]) -> None:
            while True:
                counts[await _add(http, at, _SLOW)] += 1
                await asyncio.sleep(0.2)

        crowd = [asyncio.create_task(flood(at)) for at in bases * 4]
        await asyncio.sleep(target.seconds / 2)
        there = await stack.enter_async_context(_elsewhere(target))
        base, began = await _base(there, "Ann"), time.monotonic()
        status = await _add(there, base, b"The library opens at nine.")
        waited = time.monotonic() - began
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
    return {"counts": dict(counts), "elsewhere": status, "waited_s": round(waited, 1)}


def _elsewhere(target: Target) -> aiohttp.ClientSession:
    """Requests from an address of another network."""
    address = f"127.{100 + int(target.source.rpartition('.')[2])}.9.1"
    return aiohttp.ClientSession(target.url, connector=aiohttp.TCPConnector(local_addr=(address, 0)))


async def _base(http: aiohttp.ClientSession, name: str) -> tuple[str, str]:
    """A new account's token, and the path of the documents of a new knowledge base."""
    async with http.post("/api/auth/guest", json={"name": name}) as answer:
        answer.raise_for_status()
        token = str((await answer.json())["token"])
    headers = {"Authorization": f"Bearer {token}"}
    async with http.post("/api/knowledge-bases", json={"name": "Mine"}, headers=headers) as answer:
        answer.raise_for_status()
        return token, f"/api/knowledge-bases/{(await answer.json())['id']}/documents"


async def _add(http: aiohttp.ClientSession, at: tuple[str, str], data: bytes | AsyncIterator[bytes]) -> str:
    """The status, or the name of the error of a connection that the server closed."""
    token, path = at
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/markdown"}
    try:
        async with http.post(path, params={"name": "a.md"}, data=data, headers=headers) as answer:
            return str(answer.status)
    except (aiohttp.ClientError, OSError) as error:
        return type(error).__name__


async def _held(
    http: aiohttp.ClientSession, at: tuple[str, str], seconds: float, counts: Counter[str]
) -> None:
    """Adds to `counts` how it ended, or that it is open at the end of the time."""

    async def body() -> AsyncIterator[bytes]:
        for _ in range(_DOCUMENT_BYTES // len(_PIECE) - 1):
            yield _PIECE
        await asyncio.get_running_loop().create_future()

    try:
        async with asyncio.timeout(seconds):
            counts[await _add(http, at, body())] += 1
    except TimeoutError:
        counts["open"] += 1
