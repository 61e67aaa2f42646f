"""Processes that die or stand still."""

from __future__ import annotations

import asyncio
from collections.abc import Set
from contextlib import suppress

import psutil
import pytest

from tests.attack.arena import Arena


@pytest.fixture
def settings() -> dict[str, str]:
    return {"AGENTS": "1"}


@pytest.mark.attack_short
async def test_a_tutor_worker_that_is_killed_is_replaced_and_nobody_notices(own_arena: Arena) -> None:
    killed: set[int] = set()

    async def kill() -> int:
        killed.add(await _worker(own_arena, killed))
        for pid in killed:
            with suppress(psutil.NoSuchProcess):
                psutil.Process(pid).kill()
        return await _worker(own_arena, killed)

    assert await own_arena.assert_unharmed(kill) not in killed


async def test_a_tutor_worker_that_stands_still_is_replaced_and_nobody_notices(own_arena: Arena) -> None:
    async def suspend() -> None:
        worker = await _worker(own_arena, set())
        await _registered(own_arena)
        psutil.Process(worker).suspend()
        await _worker(own_arena, {worker})
        await _registered(own_arena)

    await own_arena.assert_unharmed(suspend, attempts=1)
    assert any("tutor worker hangs" in line for line in own_arena.lines())


@pytest.mark.attack_short
async def test_the_honest_people_notice_a_server_that_stands_still(arena: Arena) -> None:
    """The measurement itself: nothing is proved by people who notice nothing."""

    async def freeze() -> None:
        await asyncio.sleep(0.2)
        arena.server.process.suspend()
        await asyncio.sleep(0.2)
        arena.server.process.resume()

    with pytest.raises(AssertionError, match="99th percentile grew"):
        await arena.assert_unharmed(freeze, attempts=1)


async def _registered(arena: Arena) -> None:
    async with asyncio.timeout(60):
        while not (await arena.server.metrics())["parlor_tutor_workers"]:  # noqa: ASYNC110 - in the server
            await asyncio.sleep(0.1)


async def _worker(arena: Arena, other_than: Set[int]) -> int:
    """The process id of the worker."""
    async with asyncio.timeout(60):
        while True:
            if (worker := arena.worker(other_than)) is not None:
                return int(worker.pid)
            await asyncio.sleep(0.05)
