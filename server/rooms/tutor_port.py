"""Those who send tutors into rooms, as the rooms see them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from server.rooms.model import User
from server.rooms.tutor_model import TutorSettings


@dataclass(frozen=True, slots=True)
class TutorPerson:
    """Somebody in the room. `heard`: the tutor gets their voice. `browser_recognition`: their words come from
    their browser, as `recognized` input. `reached`: sound gets to them."""

    participant_id: str
    user: User
    is_host: bool
    heard: bool
    browser_recognition: bool
    hand_raised: bool
    reached: bool


@dataclass(frozen=True, slots=True)
class TutorBrief:
    """All that a tutor must know of its room. `one_to_one`: everything said is for the tutor."""

    room_id: str
    room_name: str
    invite: str | None
    settings: TutorSettings
    one_to_one: bool
    people: tuple[TutorPerson, ...]


class InputKind(StrEnum):
    SAY = "say"
    HOLD = "hold"
    RECOGNIZED = "recognized"
    ASK_TUTOR = "ask_tutor"
    ASK_FEEDBACK = "ask_feedback"


@dataclass(frozen=True, slots=True)
class TutorInput:
    """What a person did other than speak. `flag`: of `hold` whether it is held, of `recognized` whether it is
    final."""

    kind: InputKind
    room_id: str
    participant_id: str
    text: str | None = None
    flag: bool | None = None


class Tutors(Protocol):
    """Methods never block or raise."""

    def wanted(self, brief: TutorBrief) -> None:
        """There is to be a tutor in this room; again whenever the brief has changed."""
        ...

    def not_wanted(self, room_id: str) -> None:
        """The tutor was dismissed, the room has closed, or nobody is in it."""
        ...

    def given(self, given: TutorInput) -> None: ...


class NoTutors:
    """A server without tutors."""

    def wanted(self, brief: TutorBrief) -> None:
        pass

    def not_wanted(self, room_id: str) -> None:
        pass

    def given(self, given: TutorInput) -> None:
        pass
