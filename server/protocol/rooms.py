"""Namespace `/rooms`: what a client says, what each ack holds, and what the server tells.

Every client event is answered by an ack: the model named here, or `{"error": Problem}`. Every server event
carries `seq`, one more than the event before it on this connection; after a gap the client sends `sync`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from server.protocol.base import Id, Inbound, Outbound, SdpText, Secret
from server.protocol.entities import Participant, Room
from server.protocol.tutor import (
    FeedbackItem,
    FeedbackNonePart,
    Hold,
    Recognized,
    Say,
    SetHeard,
    SetLevel,
    SetRecognition,
    SetTopic,
    SetTutorOptions,
    TranscriptPart,
    TutorState,
    TutorTextPart,
)

# Parts


class IceServer(Outbound):
    """As RTCIceServer. TURN credentials expire (see TURN REST API, draft-uberti-behave-turn-rest-00)."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class Offer(Outbound):
    id: Id
    sdp: str


class SlotState(Outbound):
    """Which participant the outgoing m-line `mid` carries now; null while it is free."""

    mid: str
    participant_id: Id | None


class MediaHints(Outbound):
    """What the server wants clients to do with their microphone track."""

    red: bool = Field(description="RED (RFC 2198) is first among the codecs of mid 0")


# Client -> server


class Join(Inbound):
    room_id: Id
    resume_token: Secret | None = None
    invite: Secret | None = None


class Answer(Inbound):
    offer_id: Id
    sdp: SdpText


class IceCandidate(Inbound):
    """Accepted and not used: a lite agent learns addresses from checks (RFC 8445 section 2.5)."""

    candidate: Annotated[str, Field(max_length=1024)] | None = None
    sdp_mid: Annotated[str, Field(max_length=32)] | None = None
    sdp_m_line_index: Annotated[int, Field(ge=0, le=64)] | None = None
    username_fragment: Annotated[str, Field(max_length=256)] | None = None


class ReconnectMedia(Inbound):
    """`ice`: new ICE credentials on the same connection. `full`: a new connection for the same seat."""

    mode: Literal["ice", "full"]


class SetMuted(Inbound):
    muted: bool


class SetHand(Inbound):
    raised: bool


class TargetParticipant(Inbound):
    participant_id: Id


class SetLocked(Inbound):
    locked: bool


class Empty(Inbound):
    pass


# Acks


class Ok(Outbound):
    ok: Literal[True] = True


class Snapshot(Outbound):
    """`seq`: the number of the last event that is contained in this state."""

    participant_id: Id
    seq: int
    room: Room
    slots: list[SlotState]


class Joined(Snapshot):
    """`resume_token` takes the seat back within 30 s after a loss. `node_id` names the server process."""

    resume_token: Secret
    ice_servers: list[IceServer]
    offer: Offer
    media: MediaHints
    node_id: Id


class Offered(Outbound):
    offer: Offer
    slots: list[SlotState]
    ice_servers: list[IceServer]


class InviteState(Outbound):
    """Only the host sees it. `path` goes behind the page's origin; `invite` is null unless private."""

    invite: Secret | None
    path: str


class Pong(Outbound):
    """`time` is the server's clock in ms since the epoch, for delay estimates only."""

    time: int


# Server -> client


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


class SeqEvent(Outbound):
    """`seq` is 0 until the connection that sends the event numbers it."""

    seq: int = 0


class ParticipantJoined(SeqEvent):
    participant: Participant


class ParticipantLeft(SeqEvent):
    participant_id: Id
    reason: LeftReason


class ParticipantUpdated(SeqEvent):
    """`muted_by_host` is set on the one update that tells a person that the host muted them."""

    participant: Participant
    muted_by_host: bool = False


class Speaking(SeqEvent):
    """`level` in dBov, −127 (silence) to 0."""

    participant_id: Id
    speaking: bool
    level: Annotated[int, Field(ge=-127, le=0)]


class DominantSpeaker(SeqEvent):
    participant_id: Id | None


class Slots(SeqEvent):
    """Every slot of this subscriber, in the order of their m-lines."""

    slots: list[SlotState]


class RoomUpdated(SeqEvent):
    room: Room


class MediaOffer(SeqEvent):
    """A new offer for the same seat, after the media connection failed for good."""

    offer: Offer
    slots: list[SlotState]
    ice_servers: list[IceServer]


class Removed(SeqEvent):
    reason: RemovedReason


class RoomClosed(SeqEvent):
    reason: ClosedReason


class ServerDraining(SeqEvent):
    """The server is about to restart: seats are kept, clients come back with their resume token."""


class Transcript(SeqEvent, TranscriptPart):
    """Speech to the tutor. Sent to the speaker alone, or to everyone while captions are on."""


class TutorStateChanged(SeqEvent):
    state: TutorState


class TutorText(SeqEvent, TutorTextPart):
    """Speech of the tutor. Sent to everyone."""


class Feedback(SeqEvent, FeedbackItem):
    """One correction. Sent only to the learner whose sentence it corrects."""


class FeedbackNone(SeqEvent, FeedbackNonePart):
    """Sent only to the learner who asked for feedback."""


@dataclass(frozen=True, slots=True)
class ClientEvent:
    payload: type[Inbound]
    ack: type[Outbound]
    summary: str


CLIENT_EVENTS: dict[str, ClientEvent] = {
    "join": ClientEvent(Join, Joined, "Take a seat in a room, or take one back with its resume token."),
    "answer": ClientEvent(Answer, Ok, "Answer the current offer."),
    "ice_candidate": ClientEvent(IceCandidate, Ok, "A candidate of the client; a lite server needs none."),
    "reconnect_media": ClientEvent(ReconnectMedia, Offered, "Ask for an ICE restart or a new connection."),
    "set_muted": ClientEvent(SetMuted, Ok, "Mute or unmute oneself."),
    "set_hand": ClientEvent(SetHand, Ok, "Raise or lower one's hand."),
    "leave": ClientEvent(Empty, Ok, "Give the seat up at once."),
    "sync": ClientEvent(Empty, Snapshot, "The whole state again, after a gap in seq."),
    "ping": ClientEvent(Empty, Pong, "Is the server there."),
    "mute_participant": ClientEvent(TargetParticipant, Ok, "Host: mute someone. Nobody can unmute another."),
    "remove_participant": ClientEvent(
        TargetParticipant, Ok, "Host: remove someone for the life of the room."
    ),
    "transfer_host": ClientEvent(TargetParticipant, Ok, "Host: hand the room over."),
    "set_locked": ClientEvent(SetLocked, Ok, "Host: lock the room against new people, or unlock it."),
    "close_room": ClientEvent(Empty, Ok, "Host: close the room for everyone."),
    "get_invite": ClientEvent(Empty, InviteState, "Host: the invite of this room."),
    "renew_invite": ClientEvent(Empty, InviteState, "Host: a new invite; the old one stops working."),
    "say": ClientEvent(Say, Ok, "Type to the tutor instead of speaking."),
    "hold": ClientEvent(Hold, Ok, "Hold to speak to the tutor, and let go."),
    "recognized": ClientEvent(Recognized, Ok, "What the browser's own speech recognition understood."),
    "ask_tutor": ClientEvent(Empty, Ok, "Ask the tutor to answer what was said last."),
    "ask_feedback": ClientEvent(Empty, Ok, "Ask for feedback on one's own last turn."),
    "set_topic": ClientEvent(SetTopic, Ok, "Host: another topic for the tutor."),
    "set_level": ClientEvent(SetLevel, Ok, "Host: another level for the tutor."),
    "set_tutor_options": ClientEvent(SetTutorOptions, Ok, "Host: how the tutor speaks and what it shows."),
    "set_heard": ClientEvent(SetHeard, Ok, "Let the tutor have one's voice, or keep it from the tutor."),
    "set_recognition": ClientEvent(SetRecognition, Ok, "Use the browser's recognition, or the tutor's."),
}

SERVER_EVENTS: dict[str, type[SeqEvent]] = {
    "participant_joined": ParticipantJoined,
    "participant_left": ParticipantLeft,
    "participant_updated": ParticipantUpdated,
    "speaking": Speaking,
    "dominant_speaker": DominantSpeaker,
    "slots": Slots,
    "room_updated": RoomUpdated,
    "media_offer": MediaOffer,
    "removed": Removed,
    "room_closed": RoomClosed,
    "server_draining": ServerDraining,
    "transcript": Transcript,
    "tutor_state": TutorStateChanged,
    "tutor_text": TutorText,
    "feedback": Feedback,
    "feedback_none": FeedbackNone,
}
