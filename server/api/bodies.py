"""Bodies of requests: read within limits, and the memory of all uploads together.

Every body is small enough alone, but accounts and connections are cheap, and a body may arrive as slowly as
the time limits let it. So all uploads together have a budget. When it is used up, an upload of those who hold
most of it ends, by network, address and account: not that of somebody who has just begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from server.errors import InvalidRequest, PayloadTooLarge, Unavailable
from server.rooms.greedy import greediest
from server.rooms.model import Claim

MAX_JSON_BYTES = 64 * 1024
MAX_UPLOADS_BYTES = 128 << 20
"""Of all uploads that arrive or are being worked on."""
_BODY_TIMEOUT_S = 30.0


async def read_body(
    request: web.BaseRequest, limit: int = MAX_JSON_BYTES, arrived: Callable[[int], None] = lambda _size: None
) -> bytes:
    """Raises PayloadTooLarge as soon as `limit` is passed, InvalidRequest if the body takes too long.
    `arrived` is called with the size of each piece; what it raises ends the reading."""
    if (request.content_length or 0) > limit:
        raise _too_large(limit)
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_TIMEOUT_S):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise _too_large(limit)
                arrived(len(chunk))
    except TimeoutError:
        detail = f"The request body did not arrive within {_BODY_TIMEOUT_S:.0f} seconds."
        raise InvalidRequest(detail, status=408) from None
    return bytes(body)


def _too_large(limit: int) -> PayloadTooLarge:
    size = f"{limit >> 20} MB" if limit >= 1 << 20 else f"{limit >> 10} kB"
    return PayloadTooLarge(f"The request has more than {size}, the maximum.")


@dataclass(slots=True, eq=False)
class _Upload:
    """`reading`: while its body arrives; a time limit that ends it."""

    claim: Claim
    size: int = 0
    reading: asyncio.Timeout | None = None


class Uploads:
    def __init__(self, max_bytes: int = MAX_UPLOADS_BYTES) -> None:
        self._max_bytes = max_bytes
        self._open: dict[_Upload, None] = {}

    @asynccontextmanager
    async def body(self, request: web.BaseRequest, claim: Claim, limit: int) -> AsyncIterator[bytes]:
        """The body of a request, which counts until the block ends. Raises as `read_body`, and Unavailable if
        it must make room."""
        upload = _Upload(claim)
        self._open[upload] = None
        try:
            yield await self._read(request, upload, limit)
        finally:
            del self._open[upload]

    async def _read(self, request: web.BaseRequest, upload: _Upload, limit: int) -> bytes:
        try:
            async with asyncio.timeout(None) as upload.reading:
                return await read_body(request, limit, lambda size: self._grow(upload, size))
        except TimeoutError:
            raise _too_many() from None
        finally:
            upload.reading = None

    def _grow(self, upload: _Upload, size: int) -> None:
        """Raises Unavailable."""
        upload.size += size
        if sum(one.size for one in self._open) <= self._max_bytes:
            return
        newest = next((one for one in reversed(greediest(self._open)) if one.reading is not None), upload)
        if newest is upload or newest.reading is None:
            raise _too_many()
        newest.reading.reschedule(asyncio.get_running_loop().time())
        newest.reading, newest.size = None, 0


def _too_many() -> Unavailable:
    return Unavailable("Many files are arriving at the moment. Try again in a moment.")
