"""The connection to a real Redis: beats, faults, other applications."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from server.cluster.nodes import NodeInfo, entry_key, fingerprint
from server.cluster.redis_link import TIMEOUT_S, RedisLink
from server.errors import Unavailable
from tests.fakes.redis import RedisServer

SECRET = "s" * 32
ONE = NodeInfo("n1-a", "/n/n1", "http://one", "f", "ok")
TWO = NodeInfo("n2-b", "/n/n2", "http://two", "f", "ok")


async def test_servers_see_each_other_with_the_age_of_their_beats(redis_server: RedisServer) -> None:
    one, two = RedisLink(redis_server.url, SECRET), RedisLink(redis_server.url, SECRET)
    await one.beat(ONE)
    redis_server.command("ZINCRBY", "pl:beats", "-700", "n1-a")
    seen = {s.info.id: s for s in await two.beat(replace(TWO, status="draining"))}
    assert 0.7 <= seen["n1-a"].age_s < 5.0
    assert seen["n2-b"].age_s == 0.0
    assert seen["n2-b"].info.status == "draining"
    await two.leave("n2-b")
    assert [s.info.id for s in await one.beat(ONE)] == ["n1-a"]
    redis_server.command("ZINCRBY", "pl:beats", "-60001", "n1-a")
    assert [s.info.id for s in await two.beat(TWO)] == ["n2-b"]
    assert redis_server.command("HKEYS", "pl:nodes") == "n2-b"
    await one.aclose()
    await two.aclose()


async def test_an_empty_redis_after_a_restart_is_filled_by_the_next_beat(redis_server: RedisServer) -> None:
    link = RedisLink(redis_server.url, SECRET)
    await link.beat(ONE)
    redis_server.stop()
    with pytest.raises(Unavailable):
        await link.beat(ONE)
    redis_server.start()
    assert [s.info for s in await link.beat(ONE)] == [ONE]
    await link.aclose()


async def test_a_frozen_redis_holds_a_beat_up_for_a_bounded_time(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    link = RedisLink(redis_server.url, SECRET)
    await link.beat(ONE)
    redis_server.process.suspend()
    try:
        async with asyncio.timeout(10 * TIMEOUT_S):
            for _ in range(2):
                with pytest.raises(Unavailable):
                    await link.beat(ONE)
    finally:
        redis_server.process.resume()
    await link.beat(ONE)
    assert [r.levelname for r in caplog.records] == ["ERROR", "WARNING"]
    await link.aclose()


@pytest.mark.parametrize(
    ("commands", "reason"),
    [
        ([("SET", "pl:beats", "x")], "another application uses the keys pl:beats and pl:nodes"),
        ([("SET", "pl:nodes", "x")], "another application uses the keys pl:beats and pl:nodes"),
        ([("CONFIG", "SET", "maxmemory", "1")], "its memory is full"),
    ],
)
async def test_a_redis_that_cannot_be_used_says_why(
    redis_server: RedisServer, commands: list[tuple[str, ...]], reason: str
) -> None:
    link = RedisLink(redis_server.url, SECRET)
    for command in commands:
        redis_server.command(*command)
    with pytest.raises(Unavailable):
        await link.beat(ONE)
    assert link.failure.startswith(reason)
    await link.aclose()


async def test_entries_that_are_not_ours_are_skipped(redis_server: RedisServer) -> None:
    link = RedisLink(redis_server.url, SECRET)
    await link.beat(TWO)
    redis_server.command("ZADD", "pl:beats", "1e15", "other")
    redis_server.command("HSET", "pl:nodes", "other", "{}")
    assert [s.info for s in await link.beat(ONE) if s.info.id != "n2-b"] == [ONE]
    await link.aclose()


async def test_an_entry_that_no_server_with_the_secret_wrote_is_ignored(
    redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Requests to its address would carry the token of the servers."""
    link = RedisLink(redis_server.url, SECRET)
    forged = replace(TWO, fingerprint=fingerprint(SECRET))
    redis_server.command("ZADD", "pl:beats", "1e15", TWO.id)
    redis_server.command("HSET", "pl:nodes", TWO.id, forged.encoded(entry_key("x" * 32)))
    for _ in range(2):
        assert [s.info for s in await link.beat(ONE)] == [ONE]
    assert [s.info for s in await link.look()] == [ONE]
    assert [r.message for r in caplog.records] == ["ignored a server in Redis whose entry is not signed"]
    await link.aclose()


async def test_a_server_with_another_secret_is_seen_without_its_address(redis_server: RedisServer) -> None:
    link, other = RedisLink(redis_server.url, SECRET), RedisLink(redis_server.url, "x" * 32)
    await other.beat(replace(TWO, fingerprint=fingerprint("x" * 32)))
    [seen] = [s.info for s in await link.beat(ONE) if s.info.id == TWO.id]
    assert (seen.url, seen.internal_url, seen.fingerprint) == ("", "", fingerprint("x" * 32))
    await link.aclose()
    await other.aclose()
