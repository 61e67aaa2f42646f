"""`python -m server.cluster status`, and metrics and logs of several servers, as an operator sees them."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest

from server.cluster.verdicts import Verdict
from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient
from tests.fakes.server_process import ROOT, ServerProcess

SEEN_WITHIN_S = 20.0


@pytest.fixture
async def cluster(tmp_path: Path, postgres_socket: Path, redis_server: RedisServer) -> AsyncIterator[Cluster]:
    url = await new_database(postgres_socket)
    async with Cluster(tmp_path, url, redis_server.url, size=2, settings={"LOG_FORMAT": "json"}) as cluster:
        yield cluster


async def status(node: ServerProcess, **settings: str) -> tuple[int, str, str]:
    """Exit code, output and errors of the command with the server's settings."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PARLOR_")}
    given = {"DATA_DIR": str(node.data_dir), **node.settings, **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.cluster",
        "status",
        cwd=ROOT,
        env=env | {f"PARLOR_{name}": value for name, value in given.items()},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_an_operator_sees_servers_rooms_and_what_does_not_answer(
    cluster: Cluster, redis_server: RedisServer
) -> None:
    one, two = cluster.nodes.values()
    async with RestClient(one.url) as rest:
        room = await rest.create_room(await rest.guest("Ann"))
    code, out, err = await status(one)
    assert (code, err) == (0, "")
    assert re.search(rf"^n1-\w+ +ok +\d\.\d s +\d+\.\d s +1 +{one.url}$", out, re.MULTILINE), out
    assert re.search(r"^n2-\w+ +ok +\d\.\d s +\d+\.\d s +0 ", out, re.MULTILINE), out
    assert re.search(rf"^{room['id']} +n1-\w+ +1 +0 +\d+\.\d s$", out, re.MULTILINE), out

    await one.kill()
    async with asyncio.timeout(SEEN_WITHIN_S):
        while not re.search(rf"^{room['id']} +n2-\w+ +2 ", out, re.MULTILINE):
            _, out, _ = await status(two)
    assert re.search(r"^n1-\w+ +silent \(ok\)", out, re.MULTILINE), out
    metrics = await two.metrics()
    assert metrics['parlor_cluster_ownership_total{event="claim_won"}'] == 1
    assert sum(metrics[f'parlor_cluster_verdicts_total{{verdict="{v}"}}'] for v in Verdict if v.is_dead) >= 1
    assert metrics["parlor_cluster_beat_age_seconds"] < 5.0
    assert metrics["parlor_cluster_beating_seconds"] > 0.0
    assert metrics['parlor_cluster_nodes{status="ok"}'] == 1
    assert metrics["parlor_cluster_bus_lag_seconds_count"] >= 1
    taken = next(json.loads(line) for line in two.lines if "room taken over" in line)
    assert taken["node"].startswith("n2-")
    assert (taken["room_id"], taken["epoch"]) == (room["id"], 2)

    redis_server.stop()
    code, out, err = await status(two)
    assert (code, err.startswith("parlor: Redis does not answer: ")) == (1, True)
    assert re.search(r"^n2-\w+ +\? +\? +\d+\.\d s +1 ", out, re.MULTILINE), out
    nowhere = f"postgresql+asyncpg://postgres@/parlor?host={quote('/nowhere')}"
    code, out, err = await status(two, DATABASE_URL=nowhere)
    assert code == 1
    assert len(err.splitlines()) == 2
    assert "PostgreSQL does not answer" in err
    assert (await status(two, REDIS_URL=""))[0] == 2
