"""The pictures themselves. Open to all: an <img> sends no token."""

from __future__ import annotations

from aiohttp import web

from server.api.avatars.drawing import draw
from server.api.avatars.paths import GENERATED
from server.api.route import Call
from server.api.services import Services
from server.errors import NotFound

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # Opened as a page of its own, a picture may do nothing at all.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


async def generated(_services: Services, call: Call[None]) -> web.StreamResponse:
    match = GENERATED.fullmatch(call.request.path)
    if not match:
        raise NotFound
    return web.Response(body=draw(match[1]).encode(), content_type="image/svg+xml", headers=_HEADERS)


async def uploaded(services: Services, call: Call[None]) -> web.StreamResponse:
    file = services.avatars.find(call.request.path)
    if file is None:
        raise NotFound
    return web.FileResponse(file, headers={**_HEADERS, "Content-Type": "image/webp"})
