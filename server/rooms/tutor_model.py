"""The tutor of a room: its settings, and the report on its job."""

from __future__ import annotations

from dataclasses import dataclass

from server.protocol.tutor import Engines, TutorStatus, Voice
from server.rooms.tokens import new_id

TUTOR_NAME = "Emma"


@dataclass(frozen=True, slots=True)
class TutorSettings:
    """Stored with the room; a room without a tutor has none. `rate`: 1.0 is the voice's normal speed.

    `conversation_id` names the stored conversation, from the tutor's invitation to its removal. `muted`: by
    the host.
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
class TutorReport:
    """The state of the job that serves the room; not stored. `engines` is None until a worker is ready."""

    status: TutorStatus = TutorStatus.STARTING
    engines: Engines | None = None
    voice: str | None = None
    voices: tuple[Voice, ...] = ()
    fallbacks: tuple[str, ...] = ()


def settings_for(language: str, level: str, topic: str) -> TutorSettings:
    """The settings of a new conversation."""
    return TutorSettings(new_id(), language, level, topic)
