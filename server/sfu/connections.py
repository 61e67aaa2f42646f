"""The connections of each participant: the active one, which carries audio, and a pending replacement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.sfu.lifecycle import State
from server.sfu.peer import Peer

_WORTH_KEEPING = frozenset({State.CONNECTED, State.DISCONNECTED})


@dataclass(slots=True)
class _Entry:
    active: Peer | None = None
    pending: Peer | None = None


class ConnectionTable:
    """Methods that replace or remove return the peers that have to be closed."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def __iter__(self) -> Iterator[Peer]:
        """All connections of all participants."""
        for entry in list(self._entries.values()):
            yield from (p for p in (entry.active, entry.pending) if p is not None)

    def of(self, participant_id: str) -> tuple[Peer, ...]:
        entry = self._entries.get(participant_id, _Entry())
        return tuple(p for p in (entry.active, entry.pending) if p is not None)

    def newest(self, participant_id: str) -> Peer | None:
        return (self.of(participant_id) or (None,))[-1]

    def is_active(self, peer: Peer) -> bool:
        """Whether the participant's state is that of this connection."""
        entry = self._entries.get(peer.spec.participant_id)
        return entry is not None and entry.active is peer

    def is_connected(self, participant_id: str) -> bool:
        """Whether the participant has a connection that carries audio now."""
        return any(peer.state is State.CONNECTED for peer in self.of(participant_id))

    def add(self, peer: Peer) -> list[Peer]:
        """A new connection is pending while the active one works, otherwise it replaces it at once."""
        entry = self._entries.setdefault(peer.spec.participant_id, _Entry())
        replaced = [entry.pending]
        if entry.active is not None and entry.active.state in _WORTH_KEEPING:
            entry.pending = peer
        else:
            replaced.append(entry.active)
            entry.active, entry.pending = peer, None
        return [p for p in replaced if p is not None]

    def promote(self, peer: Peer) -> list[Peer]:
        """The pending connection works: it becomes the active one."""
        entry = self._entries.get(peer.spec.participant_id)
        if entry is None or entry.pending is not peer:
            return []
        former, entry.active, entry.pending = entry.active, peer, None
        return [former] if former is not None else []

    def drop(self, peer: Peer) -> bool:
        """Forget a connection that is over. True if the participant has none left."""
        entry = self._entries.get(peer.spec.participant_id)
        if entry is None:
            return True
        if entry.pending is peer:
            entry.pending = None
        elif entry.active is peer:
            entry.active, entry.pending = entry.pending, None
        if entry.active is None:
            del self._entries[peer.spec.participant_id]
        return entry.active is None

    def remove(self, participant_id: str) -> tuple[Peer, ...]:
        peers = self.of(participant_id)
        self._entries.pop(participant_id, None)
        return peers
