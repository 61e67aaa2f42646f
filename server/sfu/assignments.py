"""Which publisher each slot carries, by participant, kept in step with the connections that come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.sfu.loop import Handle

Assign = Callable[[Handle, Sequence[Handle | None]], None]


class Assignments:
    """What is wanted is said by participant id and outlives a connection; `assign` gets it by handle.

    From `admit` to `forget`, which the rooms bring about: somebody who is lost and comes back is in the
    others' slots as before.
    """

    def __init__(self, assign: Assign) -> None:
        self._assign = assign
        self._handles: dict[str, Handle] = {}
        self._wanted: dict[str, tuple[str | None, ...]] = {}

    def admit(self, participant: str) -> None:
        self._wanted.setdefault(participant, ())

    def want(self, subscriber: str, slots: Sequence[str | None]) -> None:
        """Element i is the publisher for mid str(i + 1). Nothing, for someone who is not admitted."""
        if subscriber in self._wanted:
            self._wanted[subscriber] = tuple(slots)
            self._apply(subscriber)

    def connect(self, participant: str, handle: Handle) -> None:
        """The participant's audio goes through this connection from now on, both ways."""
        if self._handles.get(participant) == handle:
            return
        self._handles[participant] = handle
        self._apply(participant)
        for subscriber, slots in self._wanted.items():
            if participant in slots and subscriber != participant:
                self._apply(subscriber)

    def disconnect(self, participant: str) -> None:
        """The connection has gone; the participant may come back."""
        self._handles.pop(participant, None)

    def forget(self, participant: str) -> None:
        """The participant has gone, out of everybody's slots too."""
        self._handles.pop(participant, None)
        self._wanted.pop(participant, None)
        for subscriber, slots in self._wanted.items():
            if participant in slots:
                self._wanted[subscriber] = tuple(None if p == participant else p for p in slots)

    def _apply(self, subscriber: str) -> None:
        handle = self._handles.get(subscriber)
        slots = self._wanted.get(subscriber)
        if handle is not None and slots:
            self._assign(handle, [self._handles.get(p) if p else None for p in slots])
