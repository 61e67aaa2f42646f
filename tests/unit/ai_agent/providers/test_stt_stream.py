"""The reader of an STT stream gets its end, however its task ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ai_agent.errors import EngineUnavailable, InvalidResponse, ProviderError, RateLimited
from ai_agent.providers.ports import SttEvent
from ai_agent.providers.stt_stream import BaseSttStream

HEARD = SttEvent("partial", "hello")


class Stream(BaseSttStream):
    """Emits one event, then does `work`."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        super().__init__("cloud")
        self._then = work

    async def _run(self) -> None:
        self._events.put(HEARD)
        await self._then()


def raising(error: BaseException) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        raise error

    return work


async def hang() -> None:
    await asyncio.Event().wait()


async def nothing() -> None: ...


@pytest.mark.parametrize(
    ("work", "expected"),
    [
        (raising(RateLimited("cloud")), RateLimited),
        (raising(KeyError("cmn")), InvalidResponse),
        (raising(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")), InvalidResponse),
        (raising(asyncio.CancelledError()), EngineUnavailable),
        (nothing, EngineUnavailable),
    ],
    ids=["provider error", "unexpected error", "decoder error", "cancelled producer", "returned"],
)
async def test_a_reader_gets_the_events_and_then_the_error_that_ended_the_stream(
    work: Callable[[], Awaitable[None]], expected: type[ProviderError]
) -> None:
    stream = Stream(work)
    async with asyncio.timeout(1.0):
        assert await anext(stream) == HEARD
        for _ in range(2):
            with pytest.raises(expected):
                await anext(stream)
    await stream.aclose()


async def test_a_reader_that_waits_when_the_stream_is_closed_gets_the_end() -> None:
    stream = Stream(hang)
    await anext(stream)
    reader = asyncio.create_task(anext(stream, None))
    await asyncio.sleep(0)
    await stream.aclose()
    await stream.aclose()
    async with asyncio.timeout(1.0):
        assert await reader is None
        assert await anext(stream, None) is None
