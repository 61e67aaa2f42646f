from __future__ import annotations

import asyncio

import pytest

from server.common.shared_calls import SharedCalls


async def test_callers_share_the_call_that_is_running_and_a_later_one_makes_its_own() -> None:
    calls, results, go = SharedCalls[str, int]("count"), [0], asyncio.Event()

    async def count() -> int:
        results[0] += 1
        await go.wait()
        return results[0]

    first = [asyncio.create_task(calls.run("a", count)) for _ in range(5)]
    await asyncio.sleep(0)
    go.set()
    assert await asyncio.gather(*first) == [1] * 5
    assert await calls.run("a", count) == 2


async def test_all_who_wait_get_the_error_and_one_who_gives_up_does_not_end_the_call() -> None:
    calls, go = SharedCalls[str, None]("fail"), asyncio.Event()

    async def fail() -> None:
        await go.wait()
        raise ValueError("failed")

    impatient, patient = (asyncio.create_task(calls.run("a", fail)) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    go.set()
    with pytest.raises(ValueError, match="failed"):
        await patient


async def test_closing_ends_what_runs() -> None:
    calls = SharedCalls[str, None]("wait")

    async def wait() -> None:
        await asyncio.Event().wait()

    waiter = asyncio.create_task(calls.run("a", wait))
    await asyncio.sleep(0)
    await calls.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiter
