"""Moves that a second fault hits: people hear each other again, in their seats and as muted as before."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from tests.fakes.cluster import Cluster
from tests.fakes.roaming import Group, everybody_hears, everybody_is_elsewhere, open_group
from tests.fakes.rtc import Pacer

HEARD_WITHIN_S = 30.0
MOVED_WITHIN_S = 20.0


async def group_on_n1(stack: AsyncExitStack, cluster: Cluster) -> Group:
    """Three people in a room of n1, of whom two talk."""
    pacer = await stack.enter_async_context(Pacer())
    await cluster.trust()
    return await open_group(stack, cluster, pacer, "n1", 3, 2)


async def owner_after(cluster: Cluster, group: Group, former: set[str]) -> str:
    """The name of the first server that has the room and is none of `former`. Raises TimeoutError."""
    person = group.people[0]
    async with asyncio.timeout(MOVED_WITHIN_S):
        while True:
            where = await cluster.ask("GET", f"/api/rooms/{person.room_id}/node", person.token)
            name = str(where["nodeId"]).partition("-")[0]
            if name not in former:
                return name
            await asyncio.sleep(0.01)


async def expect_as_before(group: Group, seats: list[str]) -> None:
    people, talking = group.people, group.talking
    await everybody_hears(people, talking, HEARD_WITHIN_S)
    assert group.seats == seats
    assert [person.me["isMuted"] for person in people] == [False, False, True]


async def test_a_server_that_dies_with_a_room_that_it_just_took_loses_nobody(cluster: Cluster) -> None:
    async with AsyncExitStack() as stack:
        group = await group_on_n1(stack, cluster)
        seats = group.seats
        stopping = asyncio.create_task(cluster.nodes["n1"].stop())
        target = await owner_after(cluster, group, {"n1"})
        await cluster.nodes[target].kill()
        last = await owner_after(cluster, group, {"n1", target})
        await stopping
        await everybody_is_elsewhere(group.people, MOVED_WITHIN_S)
        await expect_as_before(group, seats)
        assert {p.node_id.partition("-")[0] for p in group.people} == {last}


async def test_rooms_of_two_servers_that_are_stopped_at_once_go_to_the_third(cluster: Cluster) -> None:
    async with AsyncExitStack() as stack:
        group = await group_on_n1(stack, cluster)
        seats = group.seats
        await asyncio.gather(cluster.nodes["n1"].stop(), cluster.nodes["n2"].stop())
        await everybody_is_elsewhere(group.people, MOVED_WITHIN_S)
        await expect_as_before(group, seats)
        assert group.node == "n3"
