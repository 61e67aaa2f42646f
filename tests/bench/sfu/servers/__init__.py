"""One file a server: how to start it on its own core, and how clients join a room."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.servers import floor, janus, parlor, relay
from tests.bench.sfu.servers.base import Cores, Sfu

Starter = Callable[[Fleet, Cores], AbstractAsyncContextManager[Sfu]]

SERVERS: dict[str, Starter] = {
    "floor": floor.started,
    "parlor-c": parlor.started_c,
    "parlor-c-2": parlor.started_c_twice,
    "parlor-python": parlor.started_python,
    "janus": janus.started,
    "janus-loops": janus.started_with_loops,
    "mediarelay": relay.started,
}


def available() -> list[str]:
    """The servers that can run here."""
    missing = set()
    if not janus.is_installed():
        missing |= {"janus", "janus-loops"}
    if not parlor.has_c_body():
        missing |= {"parlor-c", "parlor-c-2"}
    return [name for name in SERVERS if name not in missing]
