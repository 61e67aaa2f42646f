"""A server of several whose network fails in part, while people talk in its room."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from server.cluster.orphans import ORPHANED_AFTER_S
from tests.contract.storage_urls import new_database
from tests.fakes import postgres, redis
from tests.fakes.cluster import Cluster
from tests.fakes.roaming import Group, Person, everybody_hears, everybody_is_back, open_group
from tests.fakes.rtc import Pacer, RestClient
from tests.net.cluster_net import POSTGRES_PORT, REDIS_PORT, STORE_IP, ClusterNet, relayed

ONE_ROOM_WITHIN_S = 12.0
"""A limit for loaded machines: 5 s are asked of a free one."""
ACK_WITHIN_S = 1.0
JUDGED_WITHIN_S = ORPHANED_AFTER_S + 15.0


@pytest.fixture(scope="module")
def postgres_socket() -> Iterator[Path]:
    programs = postgres.binaries()
    if programs is None:
        pytest.fail("PostgreSQL is not installed: sh tests/system-packages.sh")
    with postgres.running(programs) as folder:
        yield folder


@pytest.fixture
def net() -> Iterator[ClusterNet]:
    with ClusterNet() as net:
        yield net


@pytest.fixture
async def cluster(tmp_path: Path, net: ClusterNet, postgres_socket: Path) -> AsyncIterator[Cluster]:
    async with AsyncExitStack() as stack:
        store = stack.enter_context(redis.running())
        database = (await new_database(postgres_socket)).partition("@/")[2].partition("?")[0]
        sockets = {
            REDIS_PORT: str(store.socket),
            POSTGRES_PORT: str(postgres_socket / f".s.PGSQL.{POSTGRES_PORT}"),
        }
        await stack.enter_async_context(relayed(net, sockets))
        cluster = Cluster(
            tmp_path,
            f"postgresql+asyncpg://postgres@{STORE_IP}:{POSTGRES_PORT}/{database}",
            f"redis://{STORE_IP}:{REDIS_PORT}",
        )
        for name, node in cluster.nodes.items():
            node.wrap = net.command(name)
            node.settings |= {**net.settings(name), "METRICS_TOKEN": "m" * 32}
        yield await stack.enter_async_context(cluster)


@pytest.fixture
async def talk(cluster: Cluster) -> AsyncIterator[Group]:
    """Three people at n1, of whom two talk; the servers judge each other by their beats."""
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        group = await open_group(stack, cluster, pacer, "n1", 3, 2)
        await everybody_hears(group.people, group.talking, 10.0)
        await cluster.trust()
        yield group


async def mute_and_unmute(person: Person) -> None:
    started = time.monotonic()
    await person.rtc.set_muted(True)
    assert time.monotonic() - started < ACK_WITHIN_S
    await person.rtc.set_muted(False)


async def owners(cluster: Cluster, person: Person) -> set[str]:
    """Of the person's room, as the servers that are not cut off say."""
    found = set()
    for name in ("n2", "n3"):
        async with RestClient(cluster.url_of(name)) as rest:
            where = await rest.request("GET", f"/api/rooms/{person.room_id}/node", person.token)
            found.add(str(where["nodeId"]))
    return found


async def judged(cluster: Cluster, name: str) -> None:
    """Wait until another server, which sees no beats of this one, has decided whether to take its rooms."""
    others = [node for other, node in cluster.nodes.items() if other != name]
    async with asyncio.timeout(JUDGED_WITHIN_S):
        while not any("verdict: " in line and f'"{name}-' in line for node in others for line in node.lines):  # noqa: ASYNC110 - logs
            await asyncio.sleep(0.05)


async def test_a_server_that_is_cut_off_from_redis_alone_keeps_its_rooms(
    net: ClusterNet, cluster: Cluster, talk: Group
) -> None:
    owner = talk.people[0].node_id
    net.cut_off_from_redis("n1")
    await judged(cluster, "n1")
    await mute_and_unmute(talk.people[0])
    assert await owners(cluster, talk.people[0]) == {owner}
    assert any("Redis" in line for line in cluster.nodes["n1"].lines)
    assert [(p.node_id, p.returns, p.moves) for p in talk.people] == [(owner, 0, 0)] * 3
    assert talk.lost == 0
    lines = [line for node in cluster.nodes.values() for line in node.lines]
    assert [line for line in lines if "taken over" in line or "room closed" in line] == []


async def test_people_of_a_server_that_is_cut_off_from_all_but_them_meet_again_at_another(
    net: ClusterNet, cluster: Cluster, talk: Group
) -> None:
    owner, seats = talk.people[0].node_id, talk.seats
    net.cut_off("n1")
    cut_ns = time.time_ns()
    await everybody_is_back(talk.people, ONE_ROOM_WITHIN_S)
    heard_ns = await everybody_hears(talk.people, talk.talking, ONE_ROOM_WITHIN_S)
    print(f"one room again after {(heard_ns - cut_ns) / 1e9:.2f} s")
    [heir] = {person.node_id for person in talk.people}
    assert heir != owner
    assert await owners(cluster, talk.people[0]) == {heir}
    assert talk.seats == seats
    assert [person.returns for person in talk.people] == [1, 1, 1]
    assert [person.me["isMuted"] for person in talk.people] == [False, False, True]
    await mute_and_unmute(talk.people[0])
