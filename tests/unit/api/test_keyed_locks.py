from __future__ import annotations

import asyncio
import gc

from server.api.services import KeyedLocks


async def test_one_key_waits_for_itself_and_for_no_other() -> None:
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


async def test_locks_that_nobody_holds_are_not_kept() -> None:
    locks = KeyedLocks()
    for key in range(100):
        async with locks[str(key)]:
            pass
    gc.collect()
    assert len(locks) == 0
