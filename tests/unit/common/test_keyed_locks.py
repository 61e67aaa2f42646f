from __future__ import annotations

import asyncio
import gc

from server.common.keyed_locks import KeyedLocks


async def test_callers_wait_only_for_the_same_key() -> None:
    locks = KeyedLocks()

    async def enter(key: str) -> None:
        async with locks[key]:
            pass

    async with locks["a"]:
        waiter = asyncio.create_task(enter("a"))
        async with asyncio.timeout(5):
            await enter("b")
        assert not waiter.done()
    await waiter


async def test_unused_locks_are_not_kept() -> None:
    locks = KeyedLocks()
    for key in range(100):
        async with locks[str(key)]:
            pass
    gc.collect()
    assert len(locks) == 0
