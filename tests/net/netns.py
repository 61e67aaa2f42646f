"""Two network namespaces: a server with one stable address, and a client with two routes to it.

    client ── wlan (10.77.1.2, preferred) ──┐
           └─ cell (10.77.2.2, fallback)  ──┴── server, 10.77.0.1

Names contain the process id, so that concurrent runs do not collide. Deleting a namespace removes all of it.
"""

from __future__ import annotations

import itertools
import os
import subprocess
from dataclasses import dataclass
from types import TracebackType

SERVER_IP = "10.77.0.1"
_numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Way:
    """One interface of a client. A lower `metric` is preferred."""

    name: str
    subnet: int
    metric: int


WLAN = Way("wlan", 1, 100)
CELL = Way("cell", 2, 200)


class ClientNet:
    """A client's namespace, connected to the server's by `ways`. `host` distinguishes clients (2 to 250)."""

    def __init__(self, server: str, ways: tuple[Way, ...], host: int) -> None:
        self.name = f"{server}c{host}"
        self._server = server
        self._ways = ways
        self._host = host

    def open(self) -> None:
        _run("ip", "netns", "add", self.name)
        self._ip("link", "set", "lo", "up")
        for way in self._ways:
            self.attach(way)

    def attach(self, way: Way) -> None:
        """Adds an interface; also after `detach`."""
        near, far = way.name, f"{way.name}{self._host}"
        subnet = way.subnet * 10 + self._host
        _run("ip", "-n", self._server, "link", "add", far, "type", "veth", "peer", near, "netns", self.name)
        _run("ip", "-n", self._server, "addr", "add", f"10.77.{subnet}.1/24", "dev", far)
        _run("ip", "-n", self._server, "link", "set", far, "up")
        # Replies are sent from the address that clients know, as on a host with one public address.
        route = ("route", "replace", f"10.77.{subnet}.0/24", "dev", far, "src", SERVER_IP)
        _run("ip", "-n", self._server, *route)
        # An IPv6 address would be added seconds later, which Chromium treats as a change of network and
        # cancels its requests.
        self._ip("link", "set", near, "addrgenmode", "none")
        self._ip("addr", "add", f"10.77.{subnet}.2/24", "dev", near)
        self._ip("link", "set", near, "up")
        self._ip(
            "route", "add", "default", "via", f"10.77.{subnet}.1", "dev", near, "metric", str(way.metric)
        )

    def block_udp(self) -> None:
        """Drop the client's UDP on its way to the server, in silence, as firewalls of companies do."""
        for way in self._ways:
            _run("ip", "-n", self._server, *_udp_rule("add", f"{way.name}{self._host}"))

    def allow_udp(self) -> None:
        for way in self._ways:
            _run("ip", "-n", self._server, *_udp_rule("del", f"{way.name}{self._host}"))

    def block_media(self, tcp_port: int) -> None:
        """Drop UDP, and TCP to the media's port, too."""
        self.block_udp()
        for way in self._ways:
            words = ("rule", "add", "pref", "51", "iif", f"{way.name}{self._host}", "ipproto", "tcp")
            _run("ip", "-n", self._server, *words, "dport", str(tcp_port), "blackhole")

    def detach(self, way: Way) -> None:
        """Removes an interface, like an unplugged cable or a lost Wi-Fi."""
        self._ip("link", "del", way.name)

    @property
    def command(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    def close(self) -> None:
        _run("ip", "netns", "del", self.name, check=False)

    def _ip(self, *words: str) -> None:
        _run("ip", "-n", self.name, *words)


class Network:
    """`with Network() as net: net.server_command, net.client()`. Needs root."""

    def __init__(self) -> None:
        self.name = f"pl{os.getpid()}x{next(_numbers)}"
        self._clients: list[ClientNet] = []

    def __enter__(self) -> Network:
        _run("ip", "netns", "add", self.name)
        # On `lo`, so that the address exists whichever interfaces are added and removed.
        _run("ip", "-n", self.name, "link", "set", "lo", "up")
        _run("ip", "-n", self.name, "addr", "add", f"{SERVER_IP}/32", "dev", "lo")
        # The table of own addresses comes first otherwise, and no rule could drop what is for them.
        _run("ip", "-n", self.name, "rule", "add", "pref", "100", "lookup", "local")
        _run("ip", "-n", self.name, "rule", "del", "pref", "0")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients:
            client.close()
        _run("ip", "netns", "del", self.name, check=False)

    @property
    def server_command(self) -> tuple[str, ...]:
        return ("ip", "netns", "exec", self.name)

    def add_bridge(self, name: str, address: str) -> None:
        """A network of containers on the server's machine."""
        _run("ip", "-n", self.name, "link", "add", name, "type", "bridge")
        _run("ip", "-n", self.name, "addr", "add", address, "dev", name)
        _run("ip", "-n", self.name, "link", "set", name, "up")

    def client(self, *ways: Way) -> ClientNet:
        """A new client, by default with both routes."""
        client = ClientNet(self.name, ways or (WLAN, CELL), len(self._clients) + 2)
        self._clients.append(client)
        client.open()
        return client


def _udp_rule(verb: str, interface: str) -> tuple[str, ...]:
    return ("rule", verb, "pref", "50", "iif", interface, "ipproto", "udp", "blackhole")


def _run(*command: str, check: bool = True) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
