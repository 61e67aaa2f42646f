"""The publisher of each slot, by participant, applied to the connections as they come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from server.sfu.data_plane import Handle

Assign = Callable[[Handle, Sequence[Handle | None]], None]


class Assignments:
    """Requests name participants and outlive connections; `assign` receives handles.

    A participant is known from `admit` to `forget`, both called for the rooms: one who is lost and comes back
    is in the others' slots as before.
    """

    def __init__(self, assign: Assign) -> None:
        self._assign = assign
        self._handles: dict[str, Handle] = {}
        self._wanted: dict[str, tuple[str | None, ...]] = {}

    def admit(self, participant: str) -> None:
        self._wanted.setdefault(participant, ())

    def want(self, subscriber: str, slots: Sequence[str | None]) -> None:
        """Element i is the publisher for mid str(i + 1). Ignored for a subscriber that is not admitted."""
        if subscriber in self._wanted:
            self._wanted[subscriber] = tuple(slots)
            self._apply(subscriber)

    def connect(self, participant: str, handle: Handle) -> None:
        """The participant's audio uses this connection from now on, both ways."""
        if self._handles.get(participant) == handle:
            return
        self._handles[participant] = handle
        self._apply(participant)
        for subscriber, slots in self._wanted.items():
            if participant in slots and subscriber != participant:
                self._apply(subscriber)

    def disconnect(self, participant: str) -> None:
        """The connection has ended; the participant may come back."""
        self._handles.pop(participant, None)

    def forget(self, participant: str) -> None:
        """The participant has left; it leaves all slots too."""
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
