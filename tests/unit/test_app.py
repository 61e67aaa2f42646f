from __future__ import annotations

import gzip

import aiohttp
from aiohttp import web

from server.app import http_runner


async def test_a_compressed_body_is_not_decompressed() -> None:
    async def echo(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    application = web.Application()
    application.router.add_post("/", echo)
    runner = http_runner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port = runner.addresses[0][1]
        packed = gzip.compress(bytes(1_000))
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                f"http://127.0.0.1:{port}/", data=packed, headers={"Content-Encoding": "gzip"}
            ) as answer,
        ):
            assert await answer.read() == packed
    finally:
        await runner.cleanup()
