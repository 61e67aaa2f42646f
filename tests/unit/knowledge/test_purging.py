"""When the words of deleted documents go from the index."""

from __future__ import annotations

import asyncio

from server.common.durations import DAY_S
from server.errors import Unavailable
from server.knowledge.purging import EVERY_S, IndexPurge
from tests.fakes.virtual_time import on_virtual_time


class Index:
    """A purge takes `steps` steps. `fails`: the database does not serve."""

    def __init__(self, steps: int = 3) -> None:
        self.steps = steps
        self.fails = False
        self.calls: list[bool] = []

    @property
    def purges(self) -> int:
        return self.calls.count(True)

    async def purge_step(self, *, is_first: bool) -> bool:
        if self.fails:
            raise Unavailable
        self.calls.append(is_first)
        return len(self.calls) % self.steps != 0


def now() -> float:
    return asyncio.get_running_loop().time()


def test_many_deletions_are_one_purge_and_none_are_no_purge() -> None:
    async def main() -> None:
        index = Index()
        purge = IndexPurge(index, now)
        purge.start()
        await asyncio.sleep(1)
        assert index.calls == [True, False, False], "a server that was killed may have left words"
        for _ in range(20):
            purge.ask()
        assert index.purges == 1
        await asyncio.sleep(EVERY_S)
        assert index.purges == 2
        await asyncio.sleep(10 * EVERY_S)
        assert index.purges == 2
        await purge.aclose()

    on_virtual_time(main())


def test_documents_of_guests_who_are_deleted_go_within_a_day() -> None:
    async def main() -> None:
        index = Index()
        purge = IndexPurge(index, now)
        purge.start()
        await asyncio.sleep(2 * DAY_S + EVERY_S)
        assert index.purges in {3, 4}
        await purge.aclose()

    on_virtual_time(main())


def test_a_purge_that_failed_is_tried_again() -> None:
    async def main() -> None:
        index = Index()
        index.fails = True
        purge = IndexPurge(index, now)
        await purge.tick()
        index.fails = False
        await purge.tick()
        assert index.purges == 1
        await purge.tick()
        assert index.purges == 1

    on_virtual_time(main())


def test_a_deletion_during_a_purge_is_purged_next() -> None:
    async def main() -> None:
        index = Index()
        purge = IndexPurge(index, now)
        running = asyncio.create_task(purge.tick())
        await asyncio.sleep(0.01)
        purge.ask()
        await running
        assert index.purges == 1
        await purge.tick()
        assert index.purges == 2

    on_virtual_time(main())
