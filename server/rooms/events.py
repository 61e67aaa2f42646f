"""What the rooms tell the people in them. Encoding and numbering are the transport's business."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from server.protocol.rooms import Feedback, FeedbackNone, Transcript, TutorStateChanged, TutorText
from server.rooms.model import Slots
from server.rooms.ports import MediaOffer
from server.rooms.views import ParticipantView, RoomView


class LeftReason(StrEnum):
    LEFT = "left"
    REMOVED = "removed"
    TIMED_OUT = "timed_out"


class RemovedReason(StrEnum):
    REMOVED_BY_HOST = "removed_by_host"
    JOINED_ELSEWHERE = "joined_elsewhere"
    TIMED_OUT = "timed_out"


class ClosedReason(StrEnum):
    EMPTY = "empty"
    CLOSED_BY_HOST = "closed_by_host"


@dataclass(frozen=True, slots=True)
class ParticipantJoined:
    participant: ParticipantView


@dataclass(frozen=True, slots=True)
class ParticipantLeft:
    participant_id: str
    reason: LeftReason


@dataclass(frozen=True, slots=True)
class ParticipantUpdated:
    """`muted_by_host` is set for the one who was muted alone."""

    participant: ParticipantView
    muted_by_host: bool = False


@dataclass(frozen=True, slots=True)
class Speaking:
    """`level` in dBov, −127 to 0."""

    participant_id: str
    speaking: bool
    level: int


@dataclass(frozen=True, slots=True)
class DominantSpeaker:
    participant_id: str | None


@dataclass(frozen=True, slots=True)
class SlotsChanged:
    slots: Slots


@dataclass(frozen=True, slots=True)
class RoomUpdated:
    room: RoomView


@dataclass(frozen=True, slots=True)
class MediaOffered:
    """A new offer that the client did not ask for, to the user it is for."""

    user_id: str
    offer: MediaOffer
    slots: Slots


@dataclass(frozen=True, slots=True)
class Removed:
    """The connection has lost its seat. Nothing about the room follows it."""

    reason: RemovedReason


@dataclass(frozen=True, slots=True)
class RoomClosed:
    reason: ClosedReason


@dataclass(frozen=True, slots=True)
class ServerDraining:
    pass


TutorEvent = TutorStateChanged | Transcript | TutorText | Feedback | FeedbackNone
"""Messages of the tutor, passed on as they are: the rooms decide only who receives them."""

RoomEvent = (
    ParticipantJoined
    | ParticipantLeft
    | ParticipantUpdated
    | Speaking
    | DominantSpeaker
    | SlotsChanged
    | RoomUpdated
    | MediaOffered
    | Removed
    | RoomClosed
    | ServerDraining
    | TutorEvent
)
