"""What the rooms know of the tutor in one: how it is set, and how it fares. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from server.rooms.tokens import new_id

TUTOR_NAME = "Emma"


class TutorState(StrEnum):
    IDLE = "idle"
    LISTENING = "listening"
    THINKING = "thinking"
    SPEAKING = "speaking"
    INTERRUPTED = "interrupted"


class TutorStatus(StrEnum):
    """A worker is on its way, in the room, was lost, or there is none to be had; or none that speaks the
    language."""

    STARTING = "starting"
    READY = "ready"
    LOST = "lost"
    UNAVAILABLE = "unavailable"
    UNTAUGHT = "untaught"


class NoFeedbackReason(StrEnum):
    """Only for the first one was something looked at, and nothing found."""

    RIGHT = "right"
    NOTHING_SAID = "nothing_said"
    CANNOT_CHECK = "cannot_check"
    NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class TutorSettings:
    """Kept with the room: a room that has them has a tutor. `rate`: 1.0 is the voice's normal speed.

    `conversation_id` names what is kept of the talk, from one invitation to its end. `muted`: by the host.
    """

    conversation_id: str
    language: str
    level: str
    topic: str
    voice: str | None = None
    rate: float = 0.9
    captions: bool = False
    breaks_silence: bool = False
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Engine:
    """`is_cloud`: what it gets leaves this server for `vendor`."""

    name: str
    vendor: str
    is_cloud: bool


@dataclass(frozen=True, slots=True)
class Engines:
    stt: Engine | None
    llm: Engine
    tts: Engine | None


@dataclass(frozen=True, slots=True)
class Voice:
    id: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class TutorReport:
    """What is known of the worker that plays the tutor. Not kept."""

    status: TutorStatus = TutorStatus.STARTING
    engines: Engines | None = None
    voice: str | None = None
    voices: tuple[Voice, ...] = ()
    fallbacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TutorView:
    """`participant_id` is None until it has its seat."""

    settings: TutorSettings
    report: TutorReport
    state: TutorState
    participant_id: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """`category` is one of the wire's FeedbackCategory."""

    id: str
    turn_id: str
    original: str
    corrected: str
    explanation: str
    category: str


def settings_for(language: str, level: str, topic: str) -> TutorSettings:
    """Of a talk that begins."""
    return TutorSettings(new_id(), language, level, topic)
