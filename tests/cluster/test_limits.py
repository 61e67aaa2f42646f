"""Rate limits of several servers: one budget for all, and each server's own without Redis."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from server.cluster.redis_limits import RedisBuckets
from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient

SECRET = "s" * 32
RATE, BURST, COST = 10.0, 60.0, 5.0
UNHURRIED_S = 5.0


def buckets_of(server: RedisServer, outcomes: Counter[str] | None = None, **options: Any) -> RedisBuckets:
    counted = Counter[str]() if outcomes is None else outcomes
    return RedisBuckets(server.url, SECRET, observe=lambda outcome: counted.update([outcome]), **options)


async def test_three_servers_together_admit_what_one_would(redis_server: RedisServer) -> None:
    servers = [buckets_of(redis_server, within_s=UNHURRIED_S) for _ in range(3)]
    admitted = 0
    for number in range(60):
        wait = await servers[number % 3].take("user", "ann", 0.001, BURST, COST)
        admitted += wait == 0.0
    assert admitted == BURST / COST
    wait = await servers[0].take("user", "ann", 0.001, BURST, COST)
    assert wait == pytest.approx(COST / 0.001, abs=60.0)
    assert await servers[1].take("user", "ben", 0.001, BURST, COST) == 0.0
    # Tokens that are given back can be taken again, and no more of them.
    await servers[2].take("user", "ann", 0.001, BURST, -COST)
    taken = [await each.take("user", "ann", 0.001, BURST, COST) for each in servers]
    assert [wait == 0.0 for wait in taken] == [True, False, False]
    for each in servers:
        await each.aclose()


async def test_a_bucket_is_refilled_and_its_key_ends_with_the_refill(redis_server: RedisServer) -> None:
    buckets = buckets_of(redis_server, within_s=UNHURRIED_S)
    assert await buckets.take("user", "192.0.2.1", 100.0, 50.0, 50.0) == 0.0
    assert 0.0 < (await buckets.take("user", "192.0.2.1", 100.0, 50.0, 50.0) or 0.0) <= 0.5
    [key] = redis_server.command("KEYS", "pl:rl:*").split()
    assert "192.0.2.1" not in key
    assert 0 < int(redis_server.command("PTTL", key)) <= 500
    await asyncio.sleep(0.6)
    assert redis_server.command("KEYS", "pl:rl:*") == ""
    assert await buckets.take("user", "192.0.2.1", 100.0, 50.0, 50.0) == 0.0
    # A request for more than the burst takes the whole burst: it could never be met otherwise.
    assert await buckets.take("user", "large", 100.0, 50.0, 500.0) == 0.0
    await buckets.aclose()


@pytest.mark.parametrize("fault", ["frozen", "gone", "full", "other application"])
async def test_a_redis_that_cannot_be_used_leaves_the_decision_to_the_server_and_holds_few_up(
    redis_server: RedisServer, fault: str
) -> None:
    outcomes = Counter[str]()
    buckets = buckets_of(redis_server, outcomes)
    await buckets.take("user", "ann", RATE, BURST, COST)
    [key] = redis_server.command("KEYS", "pl:rl:*").split()
    if fault == "frozen":
        redis_server.process.suspend()
    elif fault == "gone":
        redis_server.stop()
    elif fault == "full":
        redis_server.command("CONFIG", "SET", "maxmemory", "1")
    else:
        redis_server.command("DEL", key)
        redis_server.command("LPUSH", key, "x")
    try:
        outcomes.clear()
        started = time.monotonic()
        assert [await buckets.take("user", "ann", RATE, BURST, COST) for _ in range(20)] == [None] * 20
        assert time.monotonic() - started < 0.5, "the first waits for 50 ms at most, the others do not"
        assert outcomes == {"alone": 20}
    finally:
        if fault == "frozen":
            redis_server.process.resume()
    await buckets.aclose()


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    url = await new_database(postgres_socket)
    settings = {"RATE_LIMIT": "1", "MAX_ROOMS_PER_USER": "1"}
    async with Cluster(tmp_path, url, redis_server.url, settings=settings) as cluster:
        yield cluster


async def creations(cluster: Cluster, token: str, count: int) -> tuple[Counter[int], float]:
    """Requests for rooms that cannot be opened, spread over the servers: answers by status, and how long
    the slowest took."""
    urls = [node.url for node in cluster.nodes.values()]
    statuses, slowest = Counter[int](), 0.0
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http:
        for number in range(count):
            started = time.monotonic()
            async with http.post(f"{urls[number % 3]}/api/rooms", json={"name": ""}) as response:
                statuses[response.status] += 1
            slowest = max(slowest, time.monotonic() - started)
    return statuses, slowest


async def test_requests_spread_over_the_servers_have_one_budget_also_for_a_while_without_redis(
    cluster: Cluster, redis_server: RedisServer
) -> None:
    one, two, _ = cluster.nodes.values()
    async with RestClient(one.url) as here, RestClient(two.url) as there:
        ann, ben = await here.guest("Ann"), await there.guest("Ben")
    started = time.monotonic()
    statuses, usual = await creations(cluster, ann, 60)
    refilled = (time.monotonic() - started) * RATE / COST
    one_budget = BURST / COST
    assert one_budget <= statuses[422] <= one_budget + refilled + 3, statuses
    assert statuses[429] == 60 - statuses[422]

    redis_server.process.suspend()
    try:
        started = time.monotonic()
        statuses, slowest = await creations(cluster, ben, 90)
        refilled = (time.monotonic() - started) * RATE / COST
    finally:
        redis_server.process.resume()
    print(f"slowest request: {usual * 1e3:.0f} ms, with a frozen Redis {slowest * 1e3:.0f} ms")
    assert statuses[429] >= 90 - 3 * (one_budget + refilled + 3), statuses
    assert slowest < usual + 0.5, "0.1 s on a free machine"
    assert [line for node in cluster.nodes.values() for line in node.lines if "Traceback" in line] == []


async def test_sign_ups_of_an_address_count_over_all_servers(
    tmp_path: Path, postgres_socket: Path, redis_server: RedisServer
) -> None:
    url = await new_database(postgres_socket)
    settings = {"RATE_LIMIT": "1", "SIGN_UPS_PER_ADDRESS": "12"}
    async with Cluster(tmp_path, url, redis_server.url, size=2, settings=settings) as cluster:
        statuses = Counter[int]()
        async with aiohttp.ClientSession() as http:
            for number in range(16):
                node = cluster.nodes[f"n{number % 2 + 1}"]
                async with http.post(f"{node.url}/api/auth/guest", json={"name": "Eve"}) as response:
                    statuses[response.status] += 1
        alone = [
            (await node.metrics()).get('parlor_cluster_limits_total{outcome="alone"}', 0.0)
            for node in cluster.nodes.values()
        ]
        assert statuses[200] <= 6 + sum(alone), statuses
        assert statuses[429] >= 10 - sum(alone)
