from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from server.cluster.beats import BeatLog
from server.cluster.nodes import NodeInfo, Seen
from server.cluster.orphans import Orphans
from server.cluster.takeover import Takeover
from server.common.rendezvous import ranked
from server.errors import RoomNotFound, Unavailable

DEAD, OWN, OTHER = (NodeInfo(f"n{i}-x", f"/n/n{i}", f"http://n{i}", "f", "ok") for i in (1, 2, 3))
ROOMS = [f"r{i}" for i in range(40)]
MINE = [room for room in ROOMS if ranked(room, [OWN.id, OTHER.id])[0] == OWN.id]


class World:
    """`dead_age_s`: of the last beat of the server whose rooms these are."""

    def __init__(self, dead_age_s: float) -> None:
        self.own = OWN
        self.is_down = False
        self.taken: list[str] = []
        self.verdict = True
        self.judged = self.at_once = self.most_at_once = 0
        self.failing: dict[str, Exception] = {}
        self.log = BeatLog(0.0)
        self.log.landed([Seen(DEAD, dead_age_s), Seen(OWN, 0.0), Seen(OTHER, 0.3)], 100.0)
        takeover = cast("Takeover", self)
        self.ended: list[tuple[str, str]] = []
        self.now = 100.0
        self.orphans = Orphans(
            lambda: self.own, self.rooms_of, self.rooms_of_ended, self.log, takeover, lambda: self.now
        )

    async def rooms_of(self, node_id: str) -> Sequence[str]:
        assert node_id == DEAD.id
        if self.is_down:
            raise Unavailable
        return ROOMS

    async def rooms_of_ended(self) -> Sequence[tuple[str, str]]:
        return self.ended

    async def is_dead(self, node_id: str, room_id: str) -> bool:
        assert node_id == DEAD.id
        if isinstance(self.failing.get(room_id), RoomNotFound):
            raise RoomNotFound
        self.judged += 1
        return self.verdict

    async def take(self, room_id: str, node_id: str) -> None:
        assert node_id == DEAD.id
        self.fail_for(room_id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        self.taken.append(room_id)

    def fail_for(self, room_id: str) -> None:
        if room_id in self.failing:
            raise self.failing[room_id]


async def test_each_server_takes_the_rooms_that_are_its_share_once_their_server_was_silent_for_5_s() -> None:
    world = World(5.1)
    await world.orphans.tick()
    assert world.taken == MINE
    assert 0 < len(MINE) < len(ROOMS)


async def test_people_have_time_to_ask_first() -> None:
    world = World(4.9)
    await world.orphans.tick()
    assert world.taken == []


async def test_a_server_that_ends_or_has_no_redis_or_no_database_takes_none() -> None:
    ending, blind, cut = World(9.0), World(9.0), World(9.0)
    ending.own = replace(OWN, status="draining")
    blind.log.failed()
    cut.is_down = True
    for world in (ending, blind, cut):
        await world.orphans.tick()
        assert world.taken == []


async def test_rooms_of_a_server_without_beats_are_taken_once_its_lease_has_ended() -> None:
    world = World(0.4)
    await world.orphans.tick()
    world.ended = [(room, DEAD.id) for room in ROOMS]
    await world.orphans.tick()
    assert world.taken == []  # asked every 5 s
    world.now += 5.0
    world.log.landed([Seen(OWN, 0.0), Seen(OTHER, 0.3)], world.now)
    await world.orphans.tick()
    assert world.taken == MINE


async def test_a_room_that_fails_stops_no_other_and_is_tried_again_later() -> None:
    world = World(9.0)
    closed, first, second = MINE[:3]
    world.failing = {first: ValueError("a row of another version"), second: Unavailable()}
    world.failing[closed] = RoomNotFound()
    await world.orphans.tick()
    assert world.taken == MINE[3:]
    world.failing.clear()
    await world.orphans.tick()
    assert not {first, second} & set(world.taken)
    world.now += 5.0
    world.log.landed([Seen(DEAD, 14.0), Seen(OWN, 0.0), Seen(OTHER, 0.3)], world.now)
    await world.orphans.tick()
    assert set(world.taken) == set(MINE)


async def test_a_server_is_judged_once_for_all_its_rooms_and_they_are_taken_some_at_a_time() -> None:
    world = World(9.0)
    await world.orphans.tick()
    assert world.judged == 1
    assert 1 < world.most_at_once <= 16
    alive = World(9.0)
    alive.verdict = False
    await alive.orphans.tick()
    assert (alive.judged, alive.taken) == (1, [])
