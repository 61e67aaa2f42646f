"""Bodies of HTTP answers are read whole up to a limit, however they arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from server.common.http_body import BodyTooLarge, limited_body


async def arriving(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def test_pieces_are_joined_up_to_the_limit() -> None:
    assert await limited_body(arriving(b"ab", b"", b"cdef"), 6) == b"abcdef"


async def test_a_longer_body_is_refused_instead_of_cut() -> None:
    with pytest.raises(BodyTooLarge):
        await limited_body(arriving(b"abc", b"defg", b""), 6)


async def test_nothing_is_read_beyond_the_limit() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"abc"

    with pytest.raises(BodyTooLarge):
        await limited_body(endless(), 6)
