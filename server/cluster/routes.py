"""The HTTP routes for the other servers. A proxy in front must answer 404 for `/cluster/`."""

from __future__ import annotations

import json
from collections.abc import Callable

from aiohttp import web

from server.cluster.nodes import NodeInfo
from server.cluster.peers import ADOPT_PATH, PROBE_PATH, require_token
from server.cluster.takeover import Takeover
from server.errors import InvalidRequest
from server.rooms.handoff import Handoff

_MAX_BODY = 512 * 1_024
"""Above `Handoff` at its limits, with typed words in a script that JSON escapes."""
_MAX_ID = 64


def add_routes(app: web.Application, own: Callable[[], NodeInfo], takeover: Takeover, token: str) -> None:
    async def probe(request: web.Request) -> web.Response:
        require_token(request, token)
        return web.Response(text=own().id)

    async def adopt(request: web.Request) -> web.Response:
        require_token(request, token)
        return web.Response(text=await takeover.adopt(*await _wanted(request)))

    app.router.add_get(PROBE_PATH, probe)
    app.router.add_post(ADOPT_PATH, adopt)


async def _wanted(request: web.Request) -> tuple[str, int, Handoff | None]:
    """Room, epoch and what its owner passes on, of the body. Raises InvalidRequest."""
    if (request.content_length or 0) > _MAX_BODY or request.content_length is None:
        raise InvalidRequest
    try:
        body = json.loads(await request.read())
        room_id, epoch, handoff = body["room"], body["epoch"], body.get("handoff")
        passed_on = None if handoff is None else Handoff.model_validate(handoff)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidRequest from None
    if (
        not isinstance(room_id, str)
        or len(room_id) > _MAX_ID
        or type(epoch) is not int
        or not 0 <= epoch < 2**63
    ):
        raise InvalidRequest
    return room_id, epoch, passed_on
