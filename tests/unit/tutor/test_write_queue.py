"""The queue of writes: order, retries, limits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from server.errors import ConversationNotFound, Unavailable
from server.tutor import write_queue as module
from server.tutor.write_queue import WriteQueue


@pytest.fixture
async def writes(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WriteQueue]:
    monkeypatch.setattr(module, "_PAUSE_S", 0.0)
    writes = WriteQueue()
    writes.start()
    yield writes
    await writes.aclose()


class Store:
    """Raises `refusals` one by one, then writes."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.refusals: list[Exception] = []
        self.asked = 0

    def write(self, text: str) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            self.asked += 1
            await asyncio.sleep(0)
            if self.refusals:
                raise self.refusals.pop(0)
            self.written.append(text)

        return write


async def test_writes_are_made_in_order(writes: WriteQueue) -> None:
    store = Store()
    for text in "abc":
        writes.post(store.write(text))
    await writes.flush()
    assert store.written == ["a", "b", "c"]


async def test_a_write_that_fails_is_retried_before_the_next_one(writes: WriteQueue) -> None:
    store = Store()
    store.refusals = [Unavailable(), TimeoutError()]
    writes.post(store.write("a"))
    writes.post(store.write("b"))
    await writes.flush()
    assert store.written == ["a", "b"]


@pytest.mark.parametrize(
    ("refusals", "asked"),
    [([Unavailable()] * 3, 3), ([ConversationNotFound()], 1), ([RuntimeError("a fault of ours")], 1)],
)
async def test_a_write_that_keeps_failing_is_given_up_and_the_next_one_is_made(
    writes: WriteQueue, refusals: list[Exception], asked: int, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store()
    store.refusals = list(refusals)
    writes.post(store.write("a"))
    await writes.flush()
    assert (store.asked, store.written) == (asked, [])
    assert "given up" in caplog.text
    writes.post(store.write("b"))
    await writes.flush()
    assert store.written == ["b"]


async def test_closing_waits_for_the_queued_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    writes, store = WriteQueue(), Store()
    writes.start()
    for text in "abc":
        writes.post(store.write(text))
    await writes.aclose()
    await writes.aclose()
    assert store.written == ["a", "b", "c"]


async def test_a_stuck_store_does_not_delay_closing(caplog: pytest.LogCaptureFixture) -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    writes = WriteQueue()
    writes.start()
    writes.post(hang)
    await writes.aclose(within_s=0.05)
    assert "given up" in caplog.text


async def test_a_write_beyond_the_limit_is_dropped_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "_MAX_WAITING", 2)
    writes, store = WriteQueue(), Store()
    for text in "abc":
        writes.post(store.write(text))
    assert "write dropped" in caplog.text
    writes.start()
    await writes.aclose()
    assert store.written == ["a", "b"]


async def test_the_queue_ends_though_a_write_turns_its_cancellation_into_an_error() -> None:
    started = asyncio.Event()

    async def write() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise Unavailable from None

    writes = WriteQueue()
    writes.start()
    writes.post(write)
    await started.wait()
    async with asyncio.timeout(1):
        await writes.aclose(within_s=0)
