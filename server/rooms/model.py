"""People, rooms, seats and tutors as values, most of them stored; ids and secrets.

Times here are wall-clock seconds since the epoch, because they are stored. Elsewhere in this package `now`
and deadlines are seconds of a monotonic clock, on which nothing stored depends.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from server.protocol.classes import ClassPhase
from server.protocol.entities import ParticipantKind, Presence, RoomType
from server.protocol.tutor import Engines, TutorStatus, Voice
from server.rooms.chat import ChatLine
from server.rooms.club import Club

SlotTable = tuple[str | None, ...]
"""The publisher that each slot of a subscriber carries; the slot at index i is mid str(i + 1)."""


@dataclass(frozen=True, slots=True)
class User:
    """A person. `avatar` is a path on our own origin. `level` is a CEFR level, A1 to C2.

    `keep_audio`: they consented to recordings of what they say to the tutor. `time_zone`: an IANA name, which
    decides on which day they practised; None: not known, UTC. `zone_is_chosen`: by the person, so that it
    does not follow their devices. `is_hidden`: people who are not in a room with them do not see them in
    lists, and nobody sees more of the profile than name and picture. `rules_accepted_at`: when they accepted
    the house rules; None: not yet. `also_speaks`: BCP 47 tags, beside the native language. `presence`: what
    friends see of where they are.
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
    zone_is_chosen: bool = False
    is_hidden: bool = False
    rules_accepted_at: float | None = None
    about: str = ""
    also_speaks: tuple[str, ...] = ()
    practises: tuple[str, ...] = ()
    presence: Presence = Presence.NOBODY


def user_of(values: Mapping[str, Any]) -> User:
    """The user of a row of the store, or of a server's message: that of a later version may hold more."""
    known = {field.name: values[field.name] for field in fields(User) if field.name in values}
    for name in ("also_speaks", "practises"):
        known[name] = tuple(known.get(name, ()))
    known["presence"] = Presence(known.get("presence", Presence.NOBODY))
    return User(**known)


TUTOR_NAME = "Emma"


@dataclass(frozen=True, slots=True)
class KnowledgeChoice:
    """The knowledge base that a tutor answers from. `owner_id`: the host who chose it. `name`: as it was
    then."""

    id: str
    owner_id: str
    name: str


@dataclass(frozen=True, slots=True)
class TaughtClass:
    """A class that a room's tutor teaches, and where it is. `id` differs each time that one is begun.
    `language`: of its course. `sentences`, `questions`: how many it has. `question`: as in `ClassPlace`."""

    id: str
    course_id: str
    module_index: int
    sub_topic_index: int
    title: str
    language: str
    sentences: int
    questions: int
    phase: ClassPhase = ClassPhase.TEACHING
    sentence: int = 0
    question: int | None = None


@dataclass(frozen=True, slots=True)
class TutorSettings:
    """Stored with the room; a room without a tutor has none. `rate`: 1.0 is the voice's normal speed.

    `conversation_id` names the stored conversation, from the tutor's invitation to its removal. `muted`: by
    the host. `rests`: the tutor has left a silent room and waits to be called; this outlasts the server.
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
    knowledge: KnowledgeChoice | None = None
    teaches: TaughtClass | None = None
    rests: bool = False


@dataclass(frozen=True, slots=True)
class TutorReport:
    """The state of the job that serves the room; not stored. `engines` is None until a worker is ready."""

    status: TutorStatus = TutorStatus.STARTING
    engines: Engines | None = None
    voice: str | None = None
    voices: tuple[Voice, ...] = ()
    fallbacks: tuple[str, ...] = ()


def report_without_job(settings: TutorSettings | None) -> TutorReport:
    """Return what a room shows of a tutor that no worker serves: it rests, or is about to be requested."""
    is_resting = settings is not None and settings.rests
    return TutorReport(TutorStatus.RESTING if is_resting else TutorStatus.STARTING)


def settings_for(language: str, level: str, topic: str) -> TutorSettings:
    """The settings of a new conversation."""
    return TutorSettings(new_id(), language, level, topic)


def tutor_user(room_id: str) -> User:
    """The tutor of each room is a separate user, without a profile in the store."""
    return User(f"tutor-{room_id}", TUTOR_NAME, f"/api/avatars/g/{TUTOR_NAME.lower()}.svg", created_at=0.0)


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a person's requests: digests of their browser's device cookie and, with a secret of the
    server, of their address and its network (IPv4 /24, IPv6 /48); `reached`: the address of this server that
    they use. Empty where not known."""

    device: str = ""
    address: str = ""
    reached: str = ""
    network: str = ""


UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class Claim:
    """To whose share a room, a tutor or an upload counts: an account, and address and network as in `Origin`,
    empty where not known."""

    user_id: str
    address: str = ""
    network: str = ""

    @classmethod
    def of(cls, user_id: str, origin: Origin) -> Claim:
        return cls(user_id, origin.address, origin.network)


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
class RoomOptions:
    """The permissions that the host and co-hosts give: people write to each other, links in that can be
    followed, and the host may invite a tutor."""

    chat_open: bool = True
    links_allowed: bool = False
    tutor_allowed: bool = True


@dataclass(frozen=True, slots=True)
class EventSeats:
    """The event that takes place in a room: see `waiting`. `host_id`: who planned it, and is the room's host
    whenever they are there. `reserved`: ids of users for whom seats are held. `is_open`: people come in
    without waiting, from now on."""

    event_id: str
    occurrence_id: str
    host_id: str
    starts_at: float
    ends_at: float
    waiting_room: bool
    opens_alone: bool
    reserved: tuple[str, ...] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class RoomInfo:
    """The stored record of a room: what is set when it is created, and what its host can change.

    `invite` is the secret that opens a private room (empty for others). `bans` and `opted_out`
    (ids of users who keep their voice from the tutor) have the newest last. `tutor` is None without a tutor.
    `knock_to_enter`: the host admits new people one by one; `admitted` holds ids of users who need not knock
    (any more), newest last. `cohosts`: ids of users, in the order in which they were named.
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
    cohosts: tuple[str, ...] = ()
    options: RoomOptions = RoomOptions()
    event: EventSeats | None = None
    club: Club = Club()


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


class StoredRoom(NamedTuple):
    """A room with its seats and the last lines of its chat, each oldest first, and the users in the seats."""

    info: RoomInfo
    seats: Sequence[SeatRecord]
    users: Sequence[User]
    chat: Sequence[ChatLine] = ()


def new_id() -> str:
    """96 random bits, so that nobody finds an unlisted room by trying ids."""
    return secrets.token_urlsafe(12)


def new_secret() -> str:
    """A resume token or an invite, 192 random bits."""
    return secrets.token_urlsafe(24)


def digest(token: str) -> str:
    """SHA-256 of a resume token, hex, for the store. The token has enough entropy to need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
