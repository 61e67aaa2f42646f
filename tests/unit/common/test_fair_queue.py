from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from functools import partial

import pytest

from server.common.fair_queue import FairQueue, QueueFull
from server.rooms.model import Claim

PLACES = 4


class Workshop:
    """A queue whose work waits for `go_on`, and the order in which it was done."""

    def __init__(self) -> None:
        self.queue = FairQueue("test", PLACES)
        self.go_on = threading.Event()
        self.order: list[str] = []

    def ask(self, claim: Claim, name: str) -> asyncio.Task[str]:
        return asyncio.create_task(self.queue.run(claim, partial(self._work, name)))

    def _work(self, name: str) -> str:
        assert self.go_on.wait(10)
        self.order.append(name)
        return name


@pytest.fixture
async def workshop() -> AsyncIterator[Workshop]:
    workshop = Workshop()
    yield workshop
    workshop.go_on.set()
    await workshop.queue.aclose()


def eve(account: int, address: str = "a1") -> Claim:
    return Claim(f"eve{account}", address, "a")


ANN = Claim("ann", "b1", "b")


async def test_somebody_elsewhere_takes_a_place_and_is_next(workshop: Workshop) -> None:
    crowd = [workshop.ask(eve(n), f"eve{n}") for n in range(PLACES + 1)]
    await asyncio.sleep(0)
    ann = workshop.ask(ANN, "ann")
    await asyncio.sleep(0)
    workshop.go_on.set()
    results = await asyncio.gather(*crowd, return_exceptions=True)
    assert await ann == "ann"
    assert [type(result) for result in results] == [str] * PLACES + [QueueFull]
    assert workshop.order == ["eve0", "ann", "eve1", "eve2", "eve3"]


async def test_equals_keep_their_places_in_a_full_queue(workshop: Workshop) -> None:
    crowd = [workshop.ask(eve(n), f"eve{n}") for n in range(PLACES + 1)]
    await asyncio.sleep(0)
    with pytest.raises(QueueFull):
        await workshop.ask(eve(9), "late")
    workshop.go_on.set()
    assert await asyncio.gather(*crowd) == [f"eve{n}" for n in range(PLACES + 1)]


async def test_an_account_with_many_makes_room_for_its_neighbour(workshop: Workshop) -> None:
    mine = [workshop.ask(eve(0), str(n)) for n in range(PLACES + 1)]
    await asyncio.sleep(0)
    neighbour = workshop.ask(eve(1), "neighbour")
    await asyncio.sleep(0)
    workshop.go_on.set()
    results = await asyncio.gather(*mine, return_exceptions=True)
    assert await neighbour == "neighbour"
    assert sum(isinstance(result, QueueFull) for result in results) == 1
    assert workshop.order[1] == "neighbour"


async def test_who_stops_waiting_leaves_the_queue_to_the_others(workshop: Workshop) -> None:
    first, second, third = (workshop.ask(eve(n), str(n)) for n in range(3))
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    workshop.go_on.set()
    assert await third == "2"
    assert await workshop.ask(ANN, "ann") == "ann"


async def test_an_error_of_the_work_is_its_callers_alone(workshop: Workshop) -> None:
    def fails() -> None:
        raise ValueError

    workshop.go_on.set()
    with pytest.raises(ValueError):  # noqa: PT011 - the error itself
        await workshop.queue.run(ANN, fails)
    assert await workshop.ask(ANN, "next") == "next"


@pytest.mark.parametrize("end", [asyncio.Task.cancel])
async def test_one_that_is_cancelled_as_it_is_called_passes_its_turn_on(
    workshop: Workshop, end: Callable[[asyncio.Task[str]], object]
) -> None:
    first = workshop.ask(eve(0), "0")
    await asyncio.sleep(0)
    second, third = workshop.ask(eve(1), "1"), workshop.ask(eve(2), "2")
    await asyncio.sleep(0)
    first.add_done_callback(lambda _: end(second))  # its turn was given in the same step
    workshop.go_on.set()
    assert await first == "0"
    assert await third == "2"
