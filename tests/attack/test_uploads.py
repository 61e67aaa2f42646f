"""Uploads: their memory, and whose is worked on next."""

from __future__ import annotations

import asyncio

from tests.attack.arena import Arena
from tests.attack.attacks import uploads
from tests.attack.target import Facts

_MEMORY_BYTES = 250_000_000
"""48 uploads of nearly 10 MB may add this much: the budget of uploads is 128 MB, and each is copied once."""


async def test_uploads_without_an_end_take_a_bounded_memory_and_nobodys_place(own_arena: Arena) -> None:
    before, most = _memory(own_arena), 0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, _memory(own_arena))
            await asyncio.sleep(0.1)

    async def work() -> Facts:
        watching = asyncio.create_task(watch())
        try:
            return await own_arena.attack(uploads.held_uploads, seconds=12)
        finally:
            watching.cancel()

    facts = await own_arena.assert_unharmed(work)
    print(f"MB: {before >> 20} -> {most >> 20}")
    assert facts["elsewhere"] == "201"
    assert facts["counts"]["503"] > 10
    assert most - before < _MEMORY_BYTES
    assert own_arena.complaints() == []


async def test_documents_of_one_address_that_take_long_keep_nobody_waiting(own_arena: Arena) -> None:
    facts = await own_arena.unharmed_by(uploads.slow_documents, seconds=15)
    assert facts["elsewhere"] == "201"
    assert facts["waited_s"] < 30
    assert facts["counts"].get("503", 0) > 0
    assert own_arena.complaints() == []


def _memory(arena: Arena) -> int:
    return int(arena.server.process.memory_full_info().uss)
