"""`make run-cluster`: three servers, a worker, Redis, PostgreSQL and a proxy on this machine, for trying.

All of them end with this process, and what they stored is deleted.

A server that ends is started again after a moment, as Compose would: `kill -9` one, and see its rooms move.
The worker serves all servers; PARLOR_AGENTS is how many workers there are.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shlex
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

from server.common.tasks import cancel_and_wait
from tests.fakes import postgres, redis

ROOT = Path(__file__).resolve().parents[1]
CADDYFILE = ROOT / "docker" / "Caddyfile.cluster"
NAMES = ("n1", "n2", "n3")
PORT = 8080
START_AGAIN_AFTER_S = 5.0
END_WITHIN_S = 20.0
"""A server ends after its rooms have moved: within 5 s each, and 10 s more while its tutor speaks."""


class Child:
    """A program that is started again when it ends, until `aclose`. Its output follows its name."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str], ready: str) -> None:
        self._name = name
        self._command = command
        self._env = env
        self._ready_mark = ready
        self._process: asyncio.subprocess.Process | None = None
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    def begin(self) -> None:
        self._task = asyncio.create_task(self._keep(), name=self._name)

    async def start(self) -> None:
        """Returns once the program has written its ready mark. Raises RuntimeError if it ends before."""
        self.begin()
        assert self._task is not None
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait({ready, self._task}, return_when=asyncio.FIRST_COMPLETED)
        await cancel_and_wait(ready)
        if not self._ready.is_set():
            self._task.result()

    async def aclose(self) -> None:
        """Idempotent."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), END_WITHIN_S)
            except TimeoutError:
                process.kill()
                await process.wait()
        if self._task is not None:
            await cancel_and_wait(self._task, log_errors=False)

    async def _keep(self) -> None:
        while True:
            # A session of its own: Ctrl-C in the terminal ends this process, which ends the others in order.
            self._process = process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env=dict(self._env),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                limit=1 << 20,
                start_new_session=True,
            )
            say(f"{self._name} is process {process.pid}")
            assert process.stdout is not None
            async for raw in process.stdout:
                line = raw.decode(errors="replace").rstrip()
                if self._ready_mark in line:
                    self._ready.set()
                say(f"{self._name}: {line}")
            code = await process.wait()
            say(f"{self._name} ended with {code}")
            if not self._ready.is_set():
                raise RuntimeError(f"{self._name} did not start: it ended with {code}")
            await asyncio.sleep(START_AGAIN_AFTER_S)


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    programs = postgres.binaries()
    missing = [name for name in ("redis-server", "caddy") if shutil.which(name) is None]
    if programs is None or missing:
        say(f"missing: {' '.join([*missing, *([] if programs else ['postgresql'])])}")
        return 1
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="parlor-cluster-") as folder,
            postgres.running(programs) as database,
            redis.running() as bus,
        ):
            try:
                asyncio.run(run(Path(folder), postgres.url(database, "postgres"), bus.url))
            finally:
                for number in (signal.SIGINT, signal.SIGTERM):
                    signal.signal(number, signal.SIG_IGN)  # the rest takes a moment, and must happen
    except KeyboardInterrupt:
        return 1
    except RuntimeError as error:
        say(str(error))
        return 1
    return 0


async def run(folder: Path, database_url: str, redis_url: str) -> None:
    """Until SIGINT or SIGTERM. Raises RuntimeError if a program does not start."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    url = f"http://localhost:{os.environ.get('PARLOR_PORT', PORT)}"
    ports = dict(zip(NAMES, free_ports(len(NAMES)), strict=True))
    shared = {
        "PARLOR_DATABASE_URL": database_url,
        "PARLOR_REDIS_URL": redis_url,
        "PARLOR_PUBLIC_URL": url,
        "PARLOR_TRUSTED_PROXIES": "1",
        "PARLOR_SECRET": secrets.token_hex(32),
        "PARLOR_AGENT_TOKEN": secrets.token_hex(32),
        "PARLOR_HOST": "127.0.0.1",
        "PARLOR_UDP_PORT": "0",
        "PARLOR_AGENTS": "0",
    }
    agents = int(os.environ.get("PARLOR_AGENTS", "1"))
    workers = [worker(f"worker{i + 1}", url, shared["PARLOR_AGENT_TOKEN"]) for i in range(agents)]
    children = [node(name, port, folder / name, shared) for name, port in ports.items()]
    children.append(proxy(url, ports, folder))
    asked = asyncio.create_task(stop.wait())
    async with AsyncExitStack() as stack:
        stack.push_async_callback(cancel_and_wait, asked)
        for child in (*children, *workers):
            stack.push_async_callback(child.aclose)
        start = asyncio.create_task(start_all(children))
        stack.push_async_callback(cancel_and_wait, start)
        await asyncio.wait({start, asked}, return_when=asyncio.FIRST_COMPLETED)
        if start.done():
            start.result()
            say(f"Parlor is ready: {url}")
            say(f"Its servers and rooms: sh {status_script(folder, shared)}")
            for child in workers:  # engines load for a while
                child.begin()
            await asked
        say("stopping")


async def start_all(children: list[Child]) -> None:
    *nodes, last = children
    await asyncio.gather(*(child.start() for child in nodes))
    await last.start()


def node(name: str, port: int, folder: Path, shared: Mapping[str, str]) -> Child:
    own = {"PARLOR_NODE_NAME": name, "PARLOR_PORT": str(port), "PARLOR_DATA_DIR": str(folder)}
    env = {**os.environ, **shared, **own, "PYTHONUNBUFFERED": "1"}
    return Child(name, [sys.executable, "-m", "server"], env, "Parlor is ready")


def worker(name: str, url: str, token: str) -> Child:
    """It gets the proxy's address, and learns those of the servers."""
    own = {"PARLOR_TUTOR_SERVER_URL": url, "PARLOR_TUTOR_TOKEN": token, "PARLOR_TUTOR_LOG_FORMAT": "json"}
    env = {**os.environ, **own, "PYTHONUNBUFFERED": "1"}
    return Child(name, [sys.executable, "-m", "ai_agent"], env, '"registered"')


def proxy(url: str, ports: Mapping[str, int], folder: Path) -> Child:
    upstreams = {name.upper(): f"127.0.0.1:{port}" for name, port in ports.items()}
    own = {"DOMAIN": url, "CADDY_ADMIN": "off", "STREAMS": ""}
    homes = {name: str(folder) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(CADDYFILE)]
    return Child(
        "proxy", command, {**os.environ, **upstreams, **own, **homes}, "serving initial configuration"
    )


def status_script(folder: Path, shared: Mapping[str, str]) -> Path:
    """A script that prints the servers and their rooms. It has the settings of a server, as an operator has
    in the server's container."""
    env = {**shared, "PARLOR_NODE_NAME": NAMES[0], "PARLOR_DATA_DIR": str(folder)}
    command = ["env", *(f"{name}={value}" for name, value in env.items())]
    command += [sys.executable, "-m", "server.cluster", "status"]
    script = folder / "status"
    script.write_text(f"cd {shlex.quote(str(ROOT))}\nexec {shlex.join(command)}\n")
    return script


def free_ports(count: int) -> list[int]:
    """TCP ports of loopback that are free now, and all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [int(s.getsockname()[1]) for s in sockets]
    finally:
        for s in sockets:
            s.close()


if __name__ == "__main__":
    sys.exit(main())
