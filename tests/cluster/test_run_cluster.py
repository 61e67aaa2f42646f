"""`make run-cluster`: its proxy leads people on when a server is killed, and nothing is left at its end."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest

from tests.fakes.roaming import Person, everybody_hears, everybody_is_back
from tests.fakes.rtc import Pacer, RestClient, tone_clip
from tests.run_cluster import ROOT, free_ports

START_WITHIN_S = 60.0
END_WITHIN_S = 40.0
HEARD_AGAIN_WITHIN_S = 10.0


class RunCluster:
    """The command as a process, and its proxy as the way in. `pids`: of each program, as last printed."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url
        self.pids: dict[str, int] = {}
        self.lines: list[str] = []
        self.is_ready = asyncio.Event()

    def base(self, url: str) -> str:
        return self.url + url

    async def ask(self, method: str, path: str, token: str, body: object = None) -> Any:
        async with asyncio.timeout(2.5):
            try:
                async with RestClient(self.url) as rest:
                    return await rest.request(method, path, token, body)
            except aiohttp.ClientError as error:
                raise TimeoutError from error

    async def read(self) -> None:
        assert self.process.stdout is not None
        async for raw in self.process.stdout:
            line = raw.decode(errors="replace").rstrip()
            self.lines.append(line)
            if started := re.fullmatch(r"(\w+) is process (\d+)", line):
                self.pids[started[1]] = int(started[2])
            if line == f"Parlor is ready: {self.url}":
                self.is_ready.set()


@pytest.fixture
def folder() -> Iterator[Path]:
    """The command's folder of temporary files: nothing may be left in it, nor run from it."""
    with tempfile.TemporaryDirectory(prefix="run-cluster-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user
        yield folder
        assert list(folder.iterdir()) == []
        assert [
            p.pid for p in psutil.process_iter(["cmdline"]) if name in " ".join(p.info["cmdline"] or ())
        ] == []


@pytest.fixture
async def running(folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[RunCluster]:
    """Its parameter is the number of workers, none by default."""
    port = free_ports(1)[0]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PARLOR_")}
    env |= {"PARLOR_PORT": str(port), "PARLOR_RATE_LIMIT": "0", "PARLOR_HOUSE_RULES": "0"}
    env["TMPDIR"] = str(folder)
    env["PARLOR_AGENTS"] = getattr(request, "param", "0")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.run_cluster",
        cwd=ROOT,
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=1 << 20,
    )
    cluster = RunCluster(process, f"http://localhost:{port}")
    reader = asyncio.create_task(cluster.read())
    try:
        async with asyncio.timeout(START_WITHIN_S):
            await cluster.is_ready.wait()
        yield cluster
    finally:
        left = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        try:
            async with asyncio.timeout(END_WITHIN_S):
                await process.wait()
        finally:
            if process.returncode is None:
                process.kill()
            await reader
    assert process.returncode == 0, "\n".join(cluster.lines[-20:])
    assert [p for p in left if p.is_running()] == []


async def test_people_behind_the_proxy_hear_each_other_again_after_their_server_was_killed(
    running: RunCluster,
) -> None:
    async with AsyncExitStack() as stack:
        pacer = await stack.enter_async_context(Pacer())
        async with RestClient(running.url) as rest:
            tokens = [await rest.guest(name) for name in ("Ann", "Ben")]
            room = await rest.create_room(tokens[0])
        people = [Person(running, pacer, token, tone_clip(440)) for token in tokens]
        for person in people:
            stack.push_async_callback(person.aclose)
            await person.join(room["id"])
            await person.rtc.set_muted(False)
        await everybody_hears(people, people, HEARD_AGAIN_WITHIN_S)
        owner = people[0].node_id.partition("-")[0]

        os.kill(running.pids[owner], signal.SIGKILL)
        await everybody_is_back(people, HEARD_AGAIN_WITHIN_S)
        await everybody_hears(people, people, HEARD_AGAIN_WITHIN_S)
        assert not people[0].node_id.startswith(owner)
        assert f"{owner} ended with {-signal.SIGKILL}" in running.lines


@pytest.mark.parametrize("running", ["1"], indirect=True)
async def test_the_proxy_leads_the_worker_to_all_servers_and_passes_no_requests_between_them(
    running: RunCluster,
) -> None:
    async with aiohttp.ClientSession() as http:
        for path in ("/cluster/probe", "/cluster"):
            async with http.get(running.url + path) as response:
                assert response.status == 404
                assert response.headers["Server"] == "Caddy"
                assert await response.text() == ""
        async with http.get(f"{running.url}/n/n2/socket.io/?EIO=4&transport=polling") as response:
            assert response.status == 200
    registered = re.compile(r'worker1: .*"registered".*"server": "(n\d)"')
    async with asyncio.timeout(START_WITHIN_S):
        while len({found[1] for line in running.lines if (found := registered.match(line))}) < 3:  # noqa: ASYNC110 - another process's output
            await asyncio.sleep(0.1)
    marker = "Its servers and rooms: "
    command = next(line.removeprefix(marker) for line in running.lines if line.startswith(marker))
    status = await asyncio.create_subprocess_exec(*command.split(), stdout=asyncio.subprocess.PIPE)
    output, _ = await status.communicate()
    assert status.returncode == 0
    assert set(re.findall(r"^(n\d)-\w+ +ok ", output.decode(), re.MULTILINE)) == {"n1", "n2", "n3"}
