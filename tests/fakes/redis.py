"""A temporary Redis server (Debian's redis-server) on a unix socket, without persistence."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

_START_S = 10.0


class RedisServer:
    """`running()` yields one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.socket = folder / "redis.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None
        return psutil.Process(self._process.pid)

    def start(self) -> None:
        """Returns once it accepts connections. Raises RuntimeError."""
        options = ["--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["redis-server", *options, "--dir", str(self._folder)],
                stdout=log,
                stderr=log,
                start_new_session=True,  # not ended by Ctrl-C, but by its owner
            )
        until = time.monotonic() + _START_S
        while self.command("PING") != "PONG":
            if time.monotonic() > until or self._process.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(0.02)

    def stop(self) -> None:
        """At once, without saving."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            self.socket.unlink(missing_ok=True)

    def restart(self) -> None:
        """With nothing in it."""
        self.stop()
        self.start()

    def command(self, *words: str) -> str:
        """The output of redis-cli."""
        done = subprocess.run(
            ["redis-cli", "-s", str(self.socket), *words],
            check=False,
            capture_output=True,
            text=True,
            timeout=10,
        )
        return done.stdout.strip()


@contextmanager
def running() -> Iterator[RedisServer]:
    folder = Path(tempfile.mkdtemp(prefix="parlor-redis-"))
    server = RedisServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
