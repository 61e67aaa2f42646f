"""A server that reaches nobody lets its clients look for their rooms."""

from __future__ import annotations

import asyncio

from server.cluster.doubt import CUT_OFF_AFTER_S, LOOK_AGAIN_S, Doubt


class World:
    def __init__(self) -> None:
        self.now = 100.0
        self.store = self.peers = False
        self.store_hangs = False
        self.looks: list[float] = []
        self.doubt = Doubt(
            self.ask_store, self.ask_peers, lambda: self.looks.append(self.now), lambda: self.now
        )

    async def ask_store(self) -> bool:
        if self.store_hangs:
            await asyncio.Event().wait()
        return self.store

    async def ask_peers(self) -> bool:
        return self.peers

    async def doubt_for(self, seconds: float) -> None:
        for _ in range(round(seconds)):
            await self.doubt.look()
            self.now += 1.0


async def test_clients_look_for_their_rooms_while_nobody_answers() -> None:
    world = World()
    await world.doubt_for(CUT_OFF_AFTER_S)
    assert world.looks == []
    await world.doubt_for(1.0 + LOOK_AGAIN_S)
    assert world.looks == [101.0, 106.0]


async def test_a_server_that_reaches_postgresql_or_another_server_stays_calm() -> None:
    for reached in ("store", "peers"):
        world = World()
        setattr(world, reached, True)
        await world.doubt_for(10.0)
        assert world.looks == []


async def test_an_answer_ends_the_doubt() -> None:
    world = World()
    await world.doubt_for(CUT_OFF_AFTER_S)
    world.store = True
    await world.doubt_for(1.0)
    world.store = False
    await world.doubt_for(CUT_OFF_AFTER_S)
    assert world.looks == []


async def test_a_second_time_without_beats_counts_from_its_own_start() -> None:
    world = World()
    await world.doubt_for(CUT_OFF_AFTER_S)
    world.now += 60.0
    await world.doubt_for(CUT_OFF_AFTER_S)
    assert world.looks == []


async def test_a_database_that_does_not_answer_delays_a_look_by_a_second() -> None:
    world = World()
    world.store_hangs = True
    async with asyncio.timeout(3.0):
        await world.doubt.look()
