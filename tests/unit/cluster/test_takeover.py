from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import cast

import pytest

from server.cluster.beats import BeatLog
from server.cluster.nodes import NodeInfo, Seen
from server.cluster.peers import Peers
from server.cluster.takeover import STORED_WITHIN_S, Takeover
from server.cluster.verdicts import Probe
from server.common.rendezvous import ranked
from server.errors import RoomNotFound, Unavailable
from server.rooms.handoff import Handoff
from server.rooms.ports import RoomOwner
from tests.fakes.virtual_time import on_virtual_time

N1, N2, N3 = (NodeInfo(f"n{i}-x", f"/n/n{i}", f"http://n{i}", "f", "ok") for i in (1, 2, 3))
ROOMS = [f"r{i}" for i in range(20)]
FOR_N2 = next(r for r in ROOMS if ranked(r, [N2.id, N3.id])[0] == N2.id)
FOR_N3 = next(r for r in ROOMS if ranked(r, [N2.id, N3.id])[0] == N3.id)


class World:
    """n2 is this server. `probe`: what n1 answers to it. `dead`: servers that take nothing."""

    def __init__(self) -> None:
        self.owners = {room: RoomOwner(N1.id, 1, N1.url, N1.internal_url, 1.0) for room in ROOMS}
        self.probe_result = Probe.REFUSED
        self.probes = 0
        self.claims: list[tuple[str, str]] = []
        self.dead: set[str] = set()
        self.own = N2
        self.log = BeatLog(0.0)
        loop = asyncio.get_running_loop()
        self.log.landed([Seen(i, 0.2) for i in (N1, N2, N3)], loop.time())
        peers = cast("Peers", self)
        self.takeover = Takeover(lambda: self.own, self.owner_of, self.adopt_here, self.log, peers, loop.time)

    async def owner_of(self, room_id: str) -> RoomOwner | None:
        return self.owners.get(room_id)

    async def adopt_here(self, room_id: str, epoch: int, _handoff: Handoff | None) -> None:
        self.take(N2, room_id, epoch)

    def take(self, node: NodeInfo, room_id: str, epoch: int) -> None:
        if self.owners[room_id].epoch == epoch:
            self.owners[room_id] = RoomOwner(node.id, epoch + 1, node.url, node.internal_url, 1.0)
            self.claims.append((node.id, room_id))

    async def probe(self, internal_url: str, node_id: str) -> Probe:
        assert (internal_url, node_id) == (N1.internal_url, N1.id)
        self.probes += 1
        await asyncio.sleep(0.3 if self.probe_result is Probe.SILENT else 0.001)
        return self.probe_result

    async def adopt(
        self, internal_url: str, room_id: str, epoch: int, _handoff: Handoff | None = None
    ) -> str:
        node = next(i for i in (N1, N2, N3) if i.internal_url == internal_url)
        if node.id in self.dead:
            raise Unavailable
        self.take(node, room_id, epoch)
        return node.id


def test_a_client_that_lost_its_server_is_not_kept_waiting_for_a_store_that_does_not_answer() -> None:
    async def main() -> None:
        world = World()

        async def hang(_room_id: str) -> RoomOwner | None:
            await asyncio.sleep(60.0)
            return None

        world.takeover._owner_of = hang
        started = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable):
            await world.takeover.locate(FOR_N2, N1.id)
        assert asyncio.get_running_loop().time() - started == pytest.approx(STORED_WITHIN_S)

    on_virtual_time(main())


def test_a_server_is_found_dead_by_its_port_whatever_rooms_it_has() -> None:
    async def main() -> None:
        world = World()
        started = asyncio.get_running_loop().time()
        assert await world.takeover.has_died(N1.id)
        assert asyncio.get_running_loop().time() - started < 0.1
        world.probe_result = Probe.ANSWERED
        assert not await world.takeover.has_died(N1.id)
        world.probe_result = Probe.SILENT
        assert not await world.takeover.has_died(N1.id), "its last beat is fresh"
        assert world.claims == []

    on_virtual_time(main())


def test_a_room_of_a_live_server_is_not_examined() -> None:
    async def main() -> None:
        world = World()
        assert (await world.takeover.locate(FOR_N2)).node_id == N1.id
        assert world.probes == 0

    on_virtual_time(main())


def test_a_room_of_a_dead_server_goes_to_the_server_that_all_name() -> None:
    async def main() -> None:
        world = World()
        for room, heir in ((FOR_N2, N2), (FOR_N3, N3)):
            assert (await world.takeover.locate(room, N1.id)).node_id == heir.id
        assert world.claims == [(N2.id, FOR_N2), (N3.id, FOR_N3)]

    on_virtual_time(main())


def test_a_hundred_who_ask_at_once_cause_one_examination_and_one_claim_a_room() -> None:
    async def main() -> None:
        world = World()
        asked = [world.takeover.locate(room, N1.id) for room in (FOR_N2, FOR_N3) for _ in range(50)]
        found = await asyncio.gather(*asked)
        assert {owner.node_id for owner in found} == {N2.id, N3.id}
        assert (world.probes, len(world.claims)) == (2, 2)

    on_virtual_time(main())


def test_a_client_whose_own_network_failed_is_sent_back_to_its_server() -> None:
    async def main() -> None:
        world = World()
        world.probe_result = Probe.ANSWERED
        assert (await world.takeover.locate(FOR_N2, N1.id)).node_id == N1.id
        assert world.claims == []

    on_virtual_time(main())


def test_a_frozen_server_is_dead_once_its_beats_are_old() -> None:
    async def main() -> None:
        world = World()
        world.probe_result = Probe.SILENT
        world.log.own_since = -100.0
        started = asyncio.get_running_loop().time()
        assert (await world.takeover.locate(FOR_N2, N1.id)).node_id == N2.id
        assert 1.4 <= asyncio.get_running_loop().time() - started <= 1.8

    on_virtual_time(main())


def test_without_redis_a_silent_server_keeps_its_rooms_until_its_lease_ends() -> None:
    async def main() -> None:
        world = World()
        world.probe_result = Probe.SILENT
        world.log.failed()
        assert (await world.takeover.locate(FOR_N2, N1.id)).node_id == N1.id
        world.owners[FOR_N2] = replace(world.owners[FOR_N2], lease_age_s=15.1)
        assert (await world.takeover.locate(FOR_N2, N1.id)).node_id == N2.id

    on_virtual_time(main())


def test_a_room_without_owner_is_taken_at_once() -> None:
    async def main() -> None:
        world = World()
        world.owners[FOR_N2] = RoomOwner("", 0, "", "", float("inf"))
        heir = ranked(FOR_N2, [N1.id, N2.id, N3.id])[0]
        assert (await world.takeover.locate(FOR_N2)).node_id == heir
        assert world.probes == 0

    on_virtual_time(main())


def test_the_next_server_takes_the_room_if_the_first_one_does_not_answer() -> None:
    async def main() -> None:
        world = World()
        world.dead = {N3.id}
        assert (await world.takeover.locate(FOR_N3, N1.id)).node_id == N2.id

    on_virtual_time(main())


def test_a_server_that_ends_takes_no_room_itself() -> None:
    async def main() -> None:
        world = World()
        world.own = replace(N2, status="draining")
        assert (await world.takeover.locate(FOR_N2, N1.id)).node_id == N3.id
        with pytest.raises(Unavailable):
            await world.takeover.adopt(FOR_N2, 1)

    on_virtual_time(main())


def test_the_loser_of_a_claim_names_the_winner() -> None:
    async def main() -> None:
        world = World()
        world.take(N3, FOR_N2, 1)
        assert await world.takeover.adopt(FOR_N2, 1) == N3.id

    on_virtual_time(main())


def test_a_room_that_is_not_stored_is_not_found() -> None:
    async def main() -> None:
        with pytest.raises(RoomNotFound):
            await World().takeover.locate("none", N1.id)

    on_virtual_time(main())
