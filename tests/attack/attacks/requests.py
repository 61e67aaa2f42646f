"""Attacks by HTTP requests."""

from __future__ import annotations

import asyncio
import gzip
import io
import os
import secrets
from collections import Counter
from dataclasses import replace

import aiohttp
from PIL import Image

from tests.attack.target import Facts, Target

_FLOOD_WITHIN_S = 60.0


async def compressed_bodies(target: Target) -> Facts:
    """Bodies of 60 KB that are 60 MB when they are decompressed, some damaged, without a token."""
    good = gzip.compress(b" " * 60_000_000, 9)
    damaged = good[:30] + os.urandom(len(good) - 30)
    counts: Counter[str] = Counter()
    async with target.http() as http:

        async def send() -> None:
            body = secrets.choice((good, damaged))
            counts[
                await _status(
                    http, "POST", "/api/auth/guest", data=body, headers={"Content-Encoding": "gzip"}
                )
            ] += 1

        await target.repeat(send, 4)
    return dict(counts)


async def refused_requests(target: Target) -> Facts:
    """Requests without a token for what needs one, and with escape sequences in their paths, as fast as one
    client can: each answer is an error, and each could be a line of the log."""
    counts: Counter[str] = Counter()
    async with target.http() as http:

        async def send() -> None:
            path = secrets.choice(("/api/users/me", "/api/%1b%5B2J%0aforged", "/api/rooms/%00" + "x" * 2_000))
            counts[await _status(http, "GET", path)] += 1

        await target.repeat(send, 8)
    return dict(counts)


async def many_addresses(target: Target) -> Facts:
    """Sign-ups, lists and refused requests from `options["addresses"]` addresses of as many networks."""
    counts: Counter[str] = Counter()
    net = 100 + int(target.source.rpartition(".")[2])

    async def one(number: int) -> None:
        own = replace(target, source=f"127.{net}.{number}.1")
        async with own.http() as http:

            async def send() -> None:
                path = secrets.choice(("/api/rooms", "/api/users/me", f"/api/{secrets.token_hex(8)}"))
                counts[await _status(http, "GET", path)] += 1
                counts[await _status(http, "POST", "/api/auth/guest", json={"name": "Eve"})] += 1

            await own.repeat(send, 2)

    await asyncio.gather(*map(one, range(int(target.options["addresses"]))))
    return dict(counts)


async def page_flood(target: Target) -> Facts:
    """Pages, files and addresses that do not exist, as fast as one client can, and for longer where that is
    too slow for the limits; then a page from elsewhere."""
    counts: Counter[str] = Counter()
    give_up_at = asyncio.get_running_loop().time() + _FLOOD_WITHIN_S
    async with target.http() as http:

        async def send() -> None:
            path = secrets.choice(("/rooms", "/rooms", "/icon.svg", f"/api/{secrets.token_hex(8)}"))
            counts[await _status(http, "GET", path)] += 1

        await target.repeat(send, 16)
        while counts["429"] <= 100 and asyncio.get_running_loop().time() < give_up_at:
            await target.repeat(send, 16)
    async with aiohttp.ClientSession(target.url) as http:
        counts["elsewhere " + await _status(http, "GET", "/rooms")] += 1
    return dict(counts)


async def huge_pictures(target: Target) -> Facts:
    """Small files that decode to 1 × 16,000,000 pixels and to 8,000 × 8,000."""
    tall, wide = _picture((1, 16_000_000)), _picture((8_000, 8_000))
    counts: Counter[str] = Counter()
    async with target.http() as http:
        token = await guest_token(http)

        async def send() -> None:
            form = aiohttp.FormData()
            form.add_field("file", secrets.choice((tall, wide)), filename="me.png", content_type="image/png")
            headers = {"Authorization": f"Bearer {token}"}
            counts[await _status(http, "PUT", "/api/users/me/avatar", data=form, headers=headers)] += 1

        await target.repeat(send, 3)
    return dict(counts)


async def guest_token(http: aiohttp.ClientSession) -> str:
    async with http.post("/api/auth/guest", json={"name": "Guest"}) as response:
        response.raise_for_status()
        return str((await response.json())["token"])


async def _status(http: aiohttp.ClientSession, method: str, path: str, **more: object) -> str:
    """The status, or the name of the error of a connection that the server closed."""
    try:
        async with http.request(method, path, **more) as response:  # type: ignore[arg-type]
            await response.read()
            return str(response.status)
    except (aiohttp.ClientError, OSError) as error:
        return type(error).__name__


def _picture(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("1", size).save(file, "PNG")
    return file.getvalue()
