"""The interface to the service that sends tutors into rooms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from server.protocol.agents import JobSettings, Person, TutorInput
from server.protocol.classes import ClassPlace
from server.rooms.model import Claim


@dataclass(frozen=True, slots=True)
class JobSpec:
    """Description of a room for its tutor. `invite` is None unless the room is private. `learner_id`: the
    user who is alone with the tutor in their own room to practise, where nobody else can enter; else None.
    `claim`: whose share of the tutors it is. `class_at`: where the class of the settings is; it moves on by
    itself, which is no change of the spec.
    """

    room_id: str
    room_name: str
    invite: str | None
    conversation_id: str
    settings: JobSettings
    people: tuple[Person, ...]
    learner_id: str | None = None
    claim: Claim = Claim("")
    class_at: ClassPlace | None = field(default=None, compare=False)


class Tutors(Protocol):
    """All methods but `stored` return at once; only `input` raises."""

    def request(self, spec: JobSpec) -> None:
        """The room needs a tutor. Called again whenever the spec has changed."""
        ...

    def release(self, room_id: str) -> None:
        """The room no longer needs its tutor: it was removed, the room has closed, or nobody is in it."""
        ...

    def input(self, room_id: str, given: TutorInput) -> None:
        """Typed text, push-to-talk, browser recognition or a request, for the room's tutor. Raises
        TooManyRequests if too much waits for a tutor that is not there yet."""
        ...

    def say_goodbye(self, room_id: str, *, for_others: bool = False) -> None:
        """The room's tutor is to say that it leaves, because nobody talks to it or `for_others`."""
        ...

    def unanswered(self, room_id: str) -> Sequence[TutorInput]:
        """Return what people typed to the room's tutor and it has not answered yet, oldest first. Words that
        a tutor has got carry the id of their turn: `input` of another server sends them as that turn."""
        ...

    def moved(self, room_id: str) -> None:
        """Another server has the room, and requests a tutor for it. The conversation goes on."""
        ...

    async def stored(self) -> None:
        """Wait until what was said so far is stored, or given up."""
        ...

    def is_short(self) -> bool:
        """Whether a room waits for a tutor that another room's tutor must leave for."""
        ...

    def crowding(self) -> Collection[str]:
        """Rooms one of whose tutors must leave for a room of people who have fewer (see
        `server.common.fair_shares`)."""
        ...

    def make_room(self, room_id: str) -> None:
        """The room's tutor leaves now, and the room waits for the next free one."""
        ...
