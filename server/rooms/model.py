"""People, rooms, seats and tutors as values, most of them stored; ids and secrets.

Times here are wall-clock seconds since the epoch, because they are stored. Elsewhere in this package `now`
and deadlines are seconds of a monotonic clock, on which nothing stored depends.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from server.protocol.entities import ParticipantKind, RoomType
from server.protocol.tutor import Engines, TutorStatus, Voice

SlotTable = tuple[str | None, ...]
"""Which publisher each slot of a subscriber carries; the slot at index i is mid str(i + 1)."""


@dataclass(frozen=True, slots=True)
class User:
    """A person. `avatar` is a path on our own origin. `level` is a CEFR level, A1 to C2.

    `keep_audio`: they consented to recordings of what they say to the tutor. `time_zone`: an IANA name, which
    decides on which day they practised; None: not known, UTC.
    """

    id: str
    name: str
    avatar: str
    created_at: float
    native_language: str | None = None
    level: str | None = None
    country: str | None = None
    keep_audio: bool = False
    time_zone: str | None = None


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


def tutor_user(room_id: str) -> User:
    """The tutor of each room is a separate user, without a profile in the store."""
    return User(f"tutor-{room_id}", TUTOR_NAME, f"/api/avatars/g/{TUTOR_NAME.lower()}.svg", created_at=0.0)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a person's requests come from: digests of their browser's device cookie and, with a secret of the
    server, of their address and its network (IPv4 /24, IPv6 /48); `reached`: the address of this server that
    they use. Empty where not known."""

    device: str = ""
    address: str = ""
    reached: str = ""
    network: str = ""


UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class Claim:
    """To whose share a room or a tutor counts: an account, and address and network as in `Origin`, empty
    where not known."""

    user_id: str
    address: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class Ban:
    """A person whom the host removed, for the life of the room: see `bans`. `device` and `address` as in
    `Origin`. `name` is what the host saw."""

    id: str
    user_id: str
    name: str
    at: float
    device: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class RoomInfo:
    """The stored record of a room: what is set when it is created, and what its host can change.

    `invite` is the secret that opens a private room (empty for others). `bans` and `opted_out`
    (ids of users who keep their voice from the tutor) have the newest last. `tutor` is None without a tutor.
    `knock_to_enter`: the host admits new people one by one; `admitted` holds ids of users who need not knock
    (any more), newest last.
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
    bans: tuple[Ban, ...] = ()
    opted_out: tuple[str, ...] = ()
    knock_to_enter: bool = False
    admitted: tuple[str, ...] = ()
    tutor: TutorSettings | None = None


@dataclass(frozen=True, slots=True)
class SeatRecord:
    """The stored record of a seat: all of it that must outlive a restart.

    `resume_digest` is SHA-256 of the resume token, hex. `is_muted` is intent: only its owner's own action
    clears it. `number` (1 to 255, unique in the room) names the publisher in CSRCs. `browser_recognition`:
    their words reach the tutor as text, from their browser. `hand_raised_at` is None while the hand is down;
    the order of these times is the order in which hands were raised.
    """

    id: str
    room_id: str
    user_id: str
    kind: ParticipantKind
    number: int
    resume_digest: str
    is_muted: bool
    joined_at: float
    hand_raised_at: float | None = None
    browser_recognition: bool = False

    @property
    def hand_raised(self) -> bool:
        return self.hand_raised_at is not None


def new_id() -> str:
    """96 random bits, so that nobody finds an unlisted room by trying ids."""
    return secrets.token_urlsafe(12)


def new_secret() -> str:
    """A resume token or an invite, 192 random bits."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """SHA-256 of a resume token, hex, for the store. The token has enough entropy to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
