"""The list of servers that workers get: those that share their rooms with this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.protocol import agents as wire


class ServerList:
    """`name`: of this server; empty if it shares no rooms. `known` gives the servers that take rooms now."""

    def __init__(self, name: str = "", known: Callable[[], Sequence[wire.ListedServer]] = lambda: ()) -> None:
        self._name = name
        self._known = known
        self._told: list[wire.ListedServer] = []

    def welcome(self) -> wire.Registered:
        return wire.Registered(name=self._name, servers=self._list(), takes_places=True)

    def changed(self) -> wire.ServersChanged | None:
        """Return what to tell workers that have registered before; None if it is what they know."""
        now = self._list()
        if now == self._told:
            return None
        self._told = now
        return wire.ServersChanged(servers=now)

    def _list(self) -> list[wire.ListedServer]:
        return sorted(self._known(), key=lambda server: server.name)
