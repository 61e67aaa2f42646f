"""People, rooms and seats as stored values.

Times are wall-clock seconds since the epoch, and so are `now` arguments elsewhere in this package.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from server.protocol.entities import ParticipantKind, RoomType
from server.rooms.tutor_model import TUTOR_NAME, TutorSettings

SlotTable = tuple[str | None, ...]
"""Which publisher each slot of a subscriber carries; the slot at index i is mid str(i + 1)."""


@dataclass(frozen=True, slots=True)
class User:
    """A person. `avatar` is a path on our own origin. `level` is a CEFR level, A1 to C2.

    `keep_audio`: they consented to recordings of what they say to the tutor.
    """

    id: str
    name: str
    avatar: str
    created_at: float
    native_language: str | None = None
    level: str | None = None
    country: str | None = None
    keep_audio: bool = False


def tutor_user(room_id: str, now: float) -> User:
    """The tutor of each room is a user of its own, without a profile in the store."""
    return User(f"tutor-{room_id}", TUTOR_NAME, f"/api/avatars/g/{TUTOR_NAME.lower()}.svg", now)


@dataclass(frozen=True, slots=True)
class RoomInfo:
    """The stored record of a room: what is set when it is created, and what its host can change.

    `invite` is the secret that opens a private room (empty for others). `banned` holds ids of removed users,
    `opted_out` of users who keep their voice from the tutor, newest last. `tutor` is None without a tutor.
    """

    id: str
    name: str
    topic: str
    level: str
    type: RoomType
    language: str
    max_participants: int
    tags: tuple[str, ...]
    host_id: str
    created_at: float
    invite: str = ""
    is_locked: bool = False
    banned: frozenset[str] = field(default_factory=frozenset)
    opted_out: tuple[str, ...] = ()
    tutor: TutorSettings | None = None


@dataclass(frozen=True, slots=True)
class SeatRecord:
    """The stored record of a seat: all of it that must outlive a restart.

    `resume_digest` is SHA-256 of the resume token, hex. `is_muted` is intent: only its owner's own action
    clears it. `number` (1 to 255, unique in the room) names the publisher in CSRCs. `browser_recognition`:
    their words reach the tutor as text, from their browser.
    """

    id: str
    room_id: str
    user_id: str
    kind: ParticipantKind
    number: int
    resume_digest: str
    is_muted: bool
    joined_at: float
    hand_raised: bool = False
    browser_recognition: bool = False
