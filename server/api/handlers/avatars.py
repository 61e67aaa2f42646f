"""Avatar images. They need no token, because an <img> sends none."""

from __future__ import annotations

from aiohttp import web

from server.api.avatars.drawing import draw
from server.api.avatars.paths import GENERATED
from server.api.route import Call
from server.api.services import Services
from server.errors import NotFound

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    # An SVG opened as a page of its own must not run scripts or load anything.
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
