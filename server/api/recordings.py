"""Answers with a recording, or the part that a player asks for (RFC 9110 section 14)."""

from __future__ import annotations

from contextlib import aclosing

from aiohttp import hdrs, web

from server.errors import Unavailable
from server.tutor.ports import Recording


async def answer_recording(request: web.Request, recording: Recording, media_type: str) -> web.StreamResponse:
    """One range is answered with 206, several or a malformed one with everything. Raises Unavailable."""
    start, end, is_part = wanted(request, recording.size)
    headers = {hdrs.ACCEPT_RANGES: "bytes", hdrs.CACHE_CONTROL: "private, no-store"}
    if start >= end:
        headers[hdrs.CONTENT_RANGE] = f"bytes */{recording.size}"
        return web.Response(status=416, headers=headers)
    if is_part:
        headers[hdrs.CONTENT_RANGE] = f"bytes {start}-{end - 1}/{recording.size}"
    response = web.StreamResponse(status=206 if is_part else 200, headers=headers)
    response.content_type, response.content_length = media_type, end - start
    if request.method == hdrs.METH_HEAD:
        await response.prepare(request)
        return response
    async with aclosing(recording.read(start, end)) as pieces:
        piece = await anext(pieces, b"")  # before the head of the answer, which promises success
        await response.prepare(request)
        await response.write(piece)
        try:
            async for piece in pieces:
                await response.write(piece)
        except Unavailable:  # the client sees an answer that ends too early
            if request.transport is not None:
                request.transport.abort()
    return response


def wanted(request: web.Request, size: int) -> tuple[int, int, bool]:
    """The first byte, the byte after the last, and whether that is a part. Nothing is left if the range is
    beyond the end.
    """
    try:
        given = request.http_range
    except ValueError:
        return 0, size, False
    if given.start is None and given.stop is None:
        return 0, size, False
    start, end, _ = given.indices(size)
    return start, end, True
