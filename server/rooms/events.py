"""What the rooms tell the people in them. Encoding and numbering are the transport's business."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from server.rooms.model import Slots
from server.rooms.ports import MediaOffer
from server.rooms.tutor_model import Correction, NoFeedbackReason, TutorState
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


@dataclass(frozen=True, slots=True)
class TutorStateChanged:
    state: TutorState


@dataclass(frozen=True, slots=True)
class Transcript:
    """The whole of a turn so far, to the one who speaks; to everyone while captions are on."""

    participant_id: str
    turn_id: str
    text: str
    is_final: bool


@dataclass(frozen=True, slots=True)
class TutorText:
    """What comes next of an answer; with the last part, the words that were spoken."""

    turn_id: str
    text: str
    is_final: bool
    spoken: str | None = None
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """To the learner it is about alone."""

    correction: Correction


@dataclass(frozen=True, slots=True)
class FeedbackNone:
    """To whoever asked, alone."""

    turn_id: str | None
    text: str
    reason: NoFeedbackReason = NoFeedbackReason.RIGHT


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
    | TutorStateChanged
    | Transcript
    | TutorText
    | Feedback
    | FeedbackNone
)
