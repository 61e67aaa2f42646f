"""Routes whose clients have another server to ask do not wait for a store that does not answer."""

from __future__ import annotations

import asyncio
from unittest.mock import Mock

import pytest
from aiohttp.test_utils import make_mocked_request

from server.api.handlers.rooms import find_node
from server.api.rate_limits import RateLimits
from server.api.routes import ROUTES
from server.api.routing import endpoint
from server.errors import Unavailable
from tests.fakes.virtual_time import on_virtual_time


async def _never(*_args: object, **_options: object) -> None:
    await asyncio.Event().wait()


def test_whoever_asks_a_server_that_is_cut_off_for_a_room_learns_soon_that_it_cannot_tell() -> None:
    [route] = [route for route in ROUTES if route.handler is find_node]
    services = Mock()
    services.limits, services.address_of = RateLimits(0), lambda _request: "192.0.2.1"
    services.sessions.require = _never

    async def main() -> None:
        request = make_mocked_request("GET", "/api/rooms/r1/node", headers={"Authorization": "Bearer t"})
        started = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable):
            await endpoint(route, services)(request)
        assert asyncio.get_running_loop().time() - started == pytest.approx(1.0)

    on_virtual_time(main())
