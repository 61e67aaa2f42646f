"""Reads the body of an HTTP answer, which another program may make as long as it likes."""

from __future__ import annotations

from collections.abc import AsyncIterable


class BodyTooLarge(ValueError):
    """The body has more bytes than the limit."""


async def limited_body(pieces: AsyncIterable[bytes], limit: int) -> bytes:
    """The pieces of a body joined, at most `limit` bytes. Raises BodyTooLarge."""
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > limit:
            raise BodyTooLarge(f"the answer has more than {limit} bytes")
    return bytes(body)
