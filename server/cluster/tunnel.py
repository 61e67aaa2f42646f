"""Socket.IO of another server, `/n/{name}/socket.io/`, for proxies that cannot route by path.

Requests and WebSockets are passed on as they come. It costs each packet of signalling twice; media never goes
this way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp
from aiohttp import hdrs, web

from server.cluster.nodes import NodeInfo
from server.cluster.peers import Peers
from server.common.tasks import cancel_and_wait
from server.errors import NotFound, Unavailable
from server.http.hops import IS_HOP

PATH = "/n/{name}/socket.io/"
POLL_WITHIN_S = 60.0
"""More than a long poll takes."""
_CONNECT_WITHIN_S = 1.5
_MAX_MESSAGE = 1 << 20
"""The server at the other end has the limits that count."""
_CLOSE_WITHIN_S = 2.0


def add_tunnel(app: web.Application, find: Callable[[str], NodeInfo | None], peers: Peers) -> None:
    """`find`: the live server of a name."""

    async def tunnel(request: web.Request) -> web.StreamResponse:
        info = find(request.match_info["name"])
        if info is None or request.get(IS_HOP):
            raise NotFound
        if not info.internal_url:
            raise Unavailable
        if request.headers.get(hdrs.UPGRADE, "").lower() == "websocket":
            return await _websocket(request, info.internal_url, peers)
        return await peers.forward(request, info.internal_url, POLL_WITHIN_S)

    for method in (hdrs.METH_GET, hdrs.METH_POST, hdrs.METH_OPTIONS):
        app.router.add_route(method, PATH, tunnel)


async def _websocket(request: web.Request, internal_url: str, peers: Peers) -> web.WebSocketResponse:
    """Raises Unavailable if the other server does not accept it."""
    try:
        async with asyncio.timeout(_CONNECT_WITHIN_S):
            far = await peers.websocket(request, internal_url, _MAX_MESSAGE)
    except (aiohttp.ClientError, OSError) as error:
        raise Unavailable from error
    near = web.WebSocketResponse(max_msg_size=_MAX_MESSAGE, timeout=_CLOSE_WITHIN_S, compress=False)
    try:
        await near.prepare(request)
        pumps = [asyncio.create_task(_pump(near, far)), asyncio.create_task(_pump(far, near))]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancel_and_wait(*pumps, log_errors=False)
            await near.close()
    finally:
        await far.close()
    return near


async def _pump(
    source: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
    target: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
) -> None:
    """Ends when either closes. Waits for a target that reads slowly."""
    async for message in source:
        try:
            if message.type is aiohttp.WSMsgType.TEXT:
                await target.send_str(message.data)
            elif message.type is aiohttp.WSMsgType.BINARY:
                await target.send_bytes(message.data)
        except (ConnectionError, aiohttp.ClientError):
            return
