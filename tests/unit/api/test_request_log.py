from __future__ import annotations

import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from server.api.middlewares import observe, problems
from server.errors import TooManyRequests
from server.metrics import Metrics


async def test_refused_requests_are_a_few_lines_and_a_number(caplog: pytest.LogCaptureFixture) -> None:
    async def refuse(_request: web.Request) -> web.Response:
        raise TooManyRequests

    now = [100.0]
    log = observe(Metrics(), trusted_proxies=0, clock=lambda: now[0])
    app = web.Application(middlewares=[log, problems])
    app.router.add_get("/", refuse)
    caplog.set_level(logging.INFO, "server.api.middlewares")
    async with TestClient(TestServer(app)) as client:
        for _ in range(60):
            assert (await client.get("/")).status == 429
        assert [r.message for r in caplog.records] == ["request"] * 5
        now[0] += 10
        await client.get("/healthz")
    (summary,) = (vars(r) for r in caplog.records if r.message == "more requests")
    found = (summary["outcome"], summary["network"], summary["count"])
    assert found == ("too_many_requests", "127.0.0.0/24", 55)
