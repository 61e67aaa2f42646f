"""Which connections each participant has: the one that carries audio, and one that is to replace it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from server.sfu.lifecycle import State
from server.sfu.peer import Peer

_WORTH_KEEPING = frozenset({State.CONNECTED, State.DISCONNECTED})


@dataclass(slots=True)
class _Seat:
    active: Peer | None = None
    next: Peer | None = None


class Seats:
    """Methods that replace or remove return the peers that have to be closed."""

    def __init__(self) -> None:
        self._seats: dict[str, _Seat] = {}

    def __iter__(self) -> Iterator[Peer]:
        """Every connection of everybody."""
        for seat in list(self._seats.values()):
            yield from (p for p in (seat.active, seat.next) if p is not None)

    def of(self, participant_id: str) -> tuple[Peer, ...]:
        seat = self._seats.get(participant_id, _Seat())
        return tuple(p for p in (seat.active, seat.next) if p is not None)

    def newest(self, participant_id: str) -> Peer | None:
        return (self.of(participant_id) or (None,))[-1]

    def is_active(self, peer: Peer) -> bool:
        """Whether this is the connection by which the participant is judged."""
        seat = self._seats.get(peer.spec.participant_id)
        return seat is not None and seat.active is peer

    def is_connected(self, participant_id: str) -> bool:
        """Whether the participant has a connection that carries audio now."""
        return any(peer.state is State.CONNECTED for peer in self.of(participant_id))

    def add(self, peer: Peer) -> list[Peer]:
        """A new connection waits behind one that works, and takes the place of one that does not."""
        seat = self._seats.setdefault(peer.spec.participant_id, _Seat())
        replaced = [seat.next]
        if seat.active is not None and seat.active.state in _WORTH_KEEPING:
            seat.next = peer
        else:
            replaced.append(seat.active)
            seat.active, seat.next = peer, None
        return [p for p in replaced if p is not None]

    def promote(self, peer: Peer) -> list[Peer]:
        """The new connection works: it is the one now."""
        seat = self._seats.get(peer.spec.participant_id)
        if seat is None or seat.next is not peer:
            return []
        former, seat.active, seat.next = seat.active, peer, None
        return [former] if former is not None else []

    def drop(self, peer: Peer) -> bool:
        """This connection is over. True if the participant has none left."""
        seat = self._seats.get(peer.spec.participant_id)
        if seat is None:
            return True
        if seat.next is peer:
            seat.next = None
        elif seat.active is peer:
            seat.active, seat.next = seat.next, None
        if seat.active is None:
            del self._seats[peer.spec.participant_id]
        return seat.active is None

    def remove(self, participant_id: str) -> tuple[Peer, ...]:
        peers = self.of(participant_id)
        self._seats.pop(participant_id, None)
        return peers
