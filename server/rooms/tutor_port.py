"""The tutor service as the rooms see it: they request a tutor for a room and pass people's inputs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from server.protocol.agents import JobSettings, Person, TutorInput


@dataclass(frozen=True, slots=True)
class JobSpec:
    """What a tutor needs to know of its room. `invite` is None unless the room is private."""

    room_id: str
    room_name: str
    invite: str | None
    conversation_id: str
    settings: JobSettings
    people: tuple[Person, ...]


class Tutors(Protocol):
    """Methods never block or raise."""

    def request(self, spec: JobSpec) -> None:
        """The room needs a tutor. Called again whenever the spec has changed."""
        ...

    def release(self, room_id: str) -> None:
        """The room no longer needs its tutor: it was removed, the room has closed, or nobody is in it."""
        ...

    def input(self, room_id: str, given: TutorInput) -> None:
        """Typed text, push-to-talk, browser recognition or a request, for the room's tutor."""
        ...


class NoTutors:
    """The Tutors port of a server without tutors."""

    def request(self, spec: JobSpec) -> None:
        pass

    def release(self, room_id: str) -> None:
        pass

    def input(self, room_id: str, given: TutorInput) -> None:
        pass
