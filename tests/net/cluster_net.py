"""Three servers of a cluster, each in a network namespace, and the ways to cut one off.

    this process ── 10.S.1.0/24 ── n1 ──┐
                 ── 10.S.2.0/24 ── n2 ──┼── 10.79.0.0/24, a bridge ── store: Redis and PostgreSQL
                 ── 10.S.3.0/24 ── n3 ──┘

Clients live in this process. Redis and PostgreSQL listen on unix sockets, which all namespaces share;
`socket_relay` makes TCP ports of them in the namespace `store`. Names contain the process id.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType

from tests.fakes.server_process import ROOT

STORE_IP = "10.79.0.10"
REDIS_PORT, POSTGRES_PORT = 6379, 5432
NAMES = ("n1", "n2", "n3")
_HTTP_PORT, _UDP_PORT = "8080", "7882"


class ClusterNet:
    """`with ClusterNet() as net`. Needs root."""

    def __init__(self) -> None:
        self._prefix = f"pl{os.getpid()}"
        self._subnet = 128 + os.getpid() % 64

    def __enter__(self) -> ClusterNet:
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def command(self, name: str) -> tuple[str, ...]:
        """Prefix of a command that runs in the namespace of a server, or in `store`."""
        return ("ip", "netns", "exec", self._prefix + name)

    def settings(self, name: str) -> Mapping[str, str]:
        """Of a server: its own addresses for clients and for the other servers."""
        own = self._address(name)
        return {
            "HOST": "0.0.0.0",
            "PORT": _HTTP_PORT,
            "UDP_PORT": _UDP_PORT,
            "ADVERTISED_IPS": own,
            "PUBLIC_URL": f"http://{own}:{_HTTP_PORT}",
            "INTERNAL_URL": f"http://{_inner(name)}:{_HTTP_PORT}",
        }

    def cut_off(self, name: str) -> None:
        """From everything but its clients, as if a cable were pulled: nothing is refused, all is lost."""
        self._ip("switch", "link", "set", name, "down")

    def cut_off_from_redis(self, name: str) -> None:
        """Drop in silence what it sends to Redis."""
        words = ("rule", "add", "pref", "50", "from", _inner(name), "iif", "inner", "ipproto", "tcp")
        self._ip("store", *words, "dport", str(REDIS_PORT), "blackhole")

    def _open(self) -> None:
        for name in ("switch", "store", *NAMES):
            _run("ip", "netns", "add", self._prefix + name)
            self._ip(name, "link", "set", "lo", "up")
        self._ip("switch", "link", "add", "br0", "type", "bridge")
        self._ip("switch", "link", "set", "br0", "up")
        for name in ("store", *NAMES):
            self._plug_in(name)
        # The table of own addresses comes first otherwise, and no rule could drop what is for them.
        self._ip("store", "rule", "add", "pref", "100", "lookup", "local")
        self._ip("store", "rule", "del", "pref", "0")
        for name in NAMES:
            self._connect_clients(name)

    def _plug_in(self, name: str) -> None:
        peer = ("peer", "inner", "netns", self._prefix + name)
        self._ip("switch", "link", "add", name, "type", "veth", *peer)
        self._ip("switch", "link", "set", name, "master", "br0", "up")
        self._ip(name, "addr", "add", f"{_inner(name)}/24", "dev", "inner")
        self._ip(name, "link", "set", "inner", "up")

    def _connect_clients(self, name: str) -> None:
        here, own = self._prefix + name, self._address(name)
        peer = ("peer", "outer", "netns", self._prefix + name)
        _run("ip", "link", "add", here, "type", "veth", *peer)
        _run("ip", "addr", "add", f"{own.rsplit('.', 1)[0]}.1/24", "dev", here)
        _run("ip", "link", "set", here, "up")
        self._ip(name, "addr", "add", f"{own}/24", "dev", "outer")
        self._ip(name, "link", "set", "outer", "up")

    def _close(self) -> None:
        for name in NAMES:  # the kernel takes a while to delete a namespace with its links
            _run("ip", "link", "del", self._prefix + name, check=False)
        for name in ("switch", "store", *NAMES):
            _run("ip", "netns", "del", self._prefix + name, check=False)

    def _address(self, name: str) -> str:
        return f"10.{self._subnet}.{NAMES.index(name) + 1}.2"

    def _ip(self, name: str, *words: str) -> None:
        _run("ip", "-n", self._prefix + name, *words)


@asynccontextmanager
async def relayed(net: ClusterNet, sockets: Mapping[int, str]) -> AsyncIterator[None]:
    """Within the block STORE_IP has these ports, each for a unix socket."""
    pairs = [f"{port}={path}" for port, path in sockets.items()]
    relay = await asyncio.create_subprocess_exec(
        *net.command("store"),
        *(sys.executable, "-m", "tests.net.socket_relay", STORE_IP, *pairs),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert relay.stdout is not None
        await asyncio.wait_for(relay.stdout.readline(), 20)
        yield
    finally:
        relay.kill()
        await relay.wait()


def _inner(name: str) -> str:
    return STORE_IP if name == "store" else f"10.79.0.{NAMES.index(name) + 1}"


def _run(*command: str, check: bool = True) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
