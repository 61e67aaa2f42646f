"""A PostgreSQL server and a Redis server for all tests of the folder."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.contract.storage_urls import new_database
from tests.fakes import postgres, redis
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer


@pytest.fixture(scope="session")
def postgres_socket() -> Iterator[Path]:
    programs = postgres.binaries()
    if programs is None:
        pytest.fail("PostgreSQL is not installed: sh tests/system-packages.sh")
    with postgres.running(programs) as folder:
        yield folder


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    """Three servers."""
    async with Cluster(tmp_path, await new_database(postgres_socket), redis_server.url) as cluster:
        yield cluster


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    with redis.running() as server:
        yield server
