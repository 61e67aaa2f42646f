"""Namespace `/rooms`: client events with their acks, and server events.

Every client event is answered by an ack: the model named here, or `{"error": Problem}`. The `seq` of a server
event is one more than that of the event before it on this connection; after a gap the client sends `sync`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from server.protocol.base import CleanInvite, Id, Inbound, Outbound, SdpText, Secret
from server.protocol.chat import ChatLine, DeleteChat, React, Reaction, SendChat
from server.protocol.classes import ControlClass, TaughtClass
from server.protocol.club import Club, EditRoom, NextTurn, SetCohost, SetTopics, ShowTopic, StartTurns
from server.protocol.door import (
    AnswerKnock,
    Bans,
    Knock,
    KnockAnswer,
    Knocker,
    Knocking,
    LiftBan,
    SetKnock,
)
from server.protocol.entities import Participant, Room, RoomNode
from server.protocol.notices import NoticesPart
from server.protocol.tutor import (
    FeedbackItem,
    FeedbackNonePart,
    Hold,
    MendWords,
    Recognized,
    Say,
    SetHeard,
    SetLaterFeedback,
    SetLevel,
    SetPatience,
    SetRecognition,
    SetTopic,
    SetTutorOptions,
    TranscriptPart,
    TutorState,
    TutorTextPart,
)

# Parts


class IceServer(Outbound):
    """An RTCIceServer. TURN credentials expire (TURN REST API, draft-uberti-behave-turn-rest-00)."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class Offer(Outbound):
    """An SDP offer. The answer repeats its `id`; a newer offer for the same participant voids it."""

    id: Id
    sdp: str


class SlotState(Outbound):
    """The participant whose audio the outgoing m-line `mid` carries now; null while it is free."""

    mid: str
    participant_id: Id | None


class MediaHints(Outbound):
    """Requested set-up of the client's microphone track."""

    red: bool = Field(description="RED (RFC 2198) is first among the codecs of mid 0")


# Client -> server


class Join(Inbound):
    """`invite` is needed once, for a private room. `resume_token` is that of an earlier join."""

    room_id: Id
    resume_token: Secret | None = None
    invite: Annotated[Secret | None, CleanInvite] = None


class Answer(Inbound):
    offer_id: Id
    sdp: SdpText


class IceCandidate(Inbound):
    """Accepted and ignored: a lite agent learns addresses from checks (RFC 8445 section 2.5)."""

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
    """`seq` is that of the last event whose effect this state includes. `knocks` is empty for all but the
    host and co-hosts. `chat`: the last lines, oldest first; empty for the tutor."""

    participant_id: Id
    seq: int
    room: Room
    slots: list[SlotState]
    knocks: list[Knocker]
    chat: list[ChatLine]
    club: Club


class Joined(Snapshot):
    """`resume_token` takes the seat back within 30 s of a lost connection. `node_id` names the process.
    `node` is null unless servers share their rooms. `is_settling`: the room comes from another server, and
    `room_settled` follows."""

    resume_token: Secret
    ice_servers: list[IceServer]
    offer: Offer
    media: MediaHints
    node_id: Id
    node: RoomNode | None
    is_settling: bool


class Offered(Outbound):
    offer: Offer
    slots: list[SlotState]
    ice_servers: list[IceServer]


class InviteState(Outbound):
    """For the host only. `path` is relative to the page's origin. `invite` is null unless private."""

    invite: Secret | None
    path: str


class Pong(Outbound):
    """`time` is the server's clock in ms since the epoch, for estimating delay only."""

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
    """`moved`: another server has taken the room over; joining again may reach it. Clients that follow
    `room_moving` in time do not get it."""

    EMPTY = "empty"
    CLOSED_BY_HOST = "closed_by_host"
    MOVED = "moved"


class SeqEvent(Outbound):
    """An event of a room. The connection that sends it sets `seq`, so 0 is not a default on the wire."""

    seq: Annotated[int, Field(json_schema_extra=lambda schema: schema.pop("default"))] = 0


class ParticipantJoined(SeqEvent):
    participant: Participant


class ParticipantLeft(SeqEvent):
    participant_id: Id
    reason: LeftReason


class HandLowered(StrEnum):
    """`spoken`: its owner has had their turn to speak. `floor`: its owner is invited to speak now; only they
    open their microphone."""

    BY_HOST = "by_host"
    FLOOR = "floor"
    SPOKEN = "spoken"


class ParticipantUpdated(SeqEvent):
    """`muted_by_host` is true only in the update for a person whom the host has just muted. `hand_lowered` is
    set only in the update for a person whose hand was just lowered without their own action."""

    participant: Participant
    muted_by_host: bool = False
    hand_lowered: HandLowered | None = None


class Speaking(SeqEvent):
    """`level` is in dBov, −127 (silence) to 0."""

    participant_id: Id
    speaking: bool
    level: Annotated[int, Field(ge=-127, le=0)]


class DominantSpeaker(SeqEvent):
    participant_id: Id | None


class Slots(SeqEvent):
    """All slots of the receiving participant, in the order of their m-lines."""

    slots: list[SlotState]


class RoomUpdated(SeqEvent):
    room: Room


class ChatAdded(SeqEvent):
    """A line of the text chat. Sent to all people in the room, its author too."""

    line: ChatLine


class ChatDeleted(SeqEvent):
    """The host or a co-host deleted these lines, their author's profile was deleted, or the receiver has just
    blocked their author."""

    line_ids: list[Id]


class Reacted(SeqEvent):
    """Shown for a few seconds. Sent to all people in the room, its sender too."""

    participant_id: Id
    reaction: Reaction


class ClubUpdated(SeqEvent):
    """The list of topics, the one that is shown, or the turns changed. Sent to all people in the room."""

    club: Club


class Knocks(SeqEvent):
    """All who wait at the door, in the order in which they knocked. Sent to the host and co-hosts alone."""

    knocks: list[Knocker]


class KnockUpdated(SeqEvent):
    """Sent to people who wait at the door. `can_be_answered`: the host is connected now. `position`: their
    place among those who wait, 1 is the first."""

    can_be_answered: bool
    position: int


class KnockAnswered(SeqEvent):
    """Sent to the person who knocked. The admitted send `join` again."""

    answer: KnockAnswer


class MediaOffer(SeqEvent):
    """A new offer for the same seat, after the media connection failed and cannot recover."""

    offer: Offer
    slots: list[SlotState]
    ice_servers: list[IceServer]


class Removed(SeqEvent):
    """The receiver has lost its seat. No more events of the room follow."""

    reason: RemovedReason


class RoomClosed(SeqEvent):
    reason: ClosedReason


class ServerDraining(SeqEvent):
    """The server is about to restart. Seats are kept; clients rejoin with their resume tokens."""


class RoomMoving(SeqEvent):
    """Another server has the room now. This one still forwards audio, and acts on mutes. Open a second
    connection there, join with the resume token, send audio to both, and play what comes from here until
    `room_settled`. `node` null: this server may have lost the room and cannot find out; ask any server where
    it is, and stay if it is here or nobody answers."""

    node: RoomNode | None


class RoomSettled(SeqEvent):
    """The people who came from another server are connected, or had time for it: play the audio from here,
    and close the connection to that server a second later."""


class Transcript(SeqEvent, TranscriptPart):
    """Speech to the tutor. Sent to the speaker alone, or to everyone while captions are on."""


class TutorStateChanged(SeqEvent):
    state: TutorState


class TutorText(SeqEvent, TutorTextPart):
    """Speech of the tutor. Sent to everyone."""


class ClassMoved(SeqEvent):
    """The class that the tutor teaches is somewhere else, or over. Sent to everyone."""

    teaches: TaughtClass | None


class Feedback(SeqEvent, FeedbackItem):
    """One correction. Sent only to the learner whose sentence it corrects."""


class FeedbackNone(SeqEvent, FeedbackNonePart):
    """Sent only to the learner who asked for feedback."""


class RoomStanding(SeqEvent):
    """Sent as `standing_changed`, to the connections of one person: moderators have decided something about
    them, or undone it. See GET /api/users/me/standing."""


class RoomNotices(SeqEvent, NoticesPart):
    """Sent as `notices`, to the connections of one person, whether they have a seat or not."""


@dataclass(frozen=True, slots=True)
class ClientEvent:
    payload: type[Inbound]
    ack: type[Outbound]
    summary: str


CLIENT_EVENTS: dict[str, ClientEvent] = {
    "join": ClientEvent(Join, Joined, "Take a seat in a room, or take it back with a resume token."),
    "knock": ClientEvent(Knock, Knocking, "Ask the host to be let in, after `knock_required`."),
    "withdraw_knock": ClientEvent(Empty, Ok, "Stop waiting at the door."),
    "answer": ClientEvent(Answer, Ok, "Answer the current offer."),
    "ice_candidate": ClientEvent(
        IceCandidate, Ok, "Send an ICE candidate; ignored, because the server is a lite agent."
    ),
    "reconnect_media": ClientEvent(
        ReconnectMedia, Offered, "Request an ICE restart or a new media connection."
    ),
    "set_muted": ClientEvent(SetMuted, Ok, "Mute or unmute your own microphone."),
    "set_hand": ClientEvent(SetHand, Ok, "Raise or lower your hand."),
    "leave": ClientEvent(Empty, Ok, "Give up the seat at once."),
    "sync": ClientEvent(Empty, Snapshot, "Get the whole state again, after a gap in `seq`."),
    "ping": ClientEvent(Empty, Pong, "Check that the server answers."),
    "send_chat": ClientEvent(SendChat, Ok, "Write a line to everybody in the room."),
    "react": ClientEvent(React, Ok, "Show a reaction at your place for a few seconds."),
    "delete_chat": ClientEvent(DeleteChat, Ok, "Host and co-hosts: delete a line of the chat."),
    "mute_participant": ClientEvent(
        TargetParticipant, Ok, "Host and co-hosts: mute a participant. Nobody can unmute someone else."
    ),
    "lower_hand": ClientEvent(TargetParticipant, Ok, "Host and co-hosts: lower a participant's hand."),
    "lower_hands": ClientEvent(Empty, Ok, "Host and co-hosts: lower all hands."),
    "give_floor": ClientEvent(
        TargetParticipant, Ok, "Host and co-hosts: lower a hand and invite its owner to speak."
    ),
    "remove_participant": ClientEvent(
        TargetParticipant, Ok, "Host and co-hosts: remove a participant for the life of the room."
    ),
    "set_cohost": ClientEvent(SetCohost, Ok, "Host: name a person co-host, or end that."),
    "edit_room": ClientEvent(
        EditRoom, Ok, "Host and co-hosts: change what the room is about, and its options."
    ),
    "set_topics": ClientEvent(SetTopics, Ok, "Host and co-hosts: replace the list of topics."),
    "show_topic": ClientEvent(ShowTopic, Ok, "Host and co-hosts: show a topic of the list to everyone."),
    "start_turns": ClientEvent(StartTurns, Ok, "Host and co-hosts: let people speak in turn, with a timer."),
    "next_turn": ClientEvent(
        NextTurn, Ok, "Host, co-hosts and the person whose turn it is: end it and begin the next."
    ),
    "stop_turns": ClientEvent(Empty, Ok, "Host and co-hosts: end speaking in turn."),
    "transfer_host": ClientEvent(TargetParticipant, Ok, "Host: make another participant the host."),
    "set_locked": ClientEvent(SetLocked, Ok, "Host: lock the room for new people, or unlock it."),
    "set_knock": ClientEvent(SetKnock, Ok, "Host: let new people in one by one, or freely."),
    "answer_knock": ClientEvent(AnswerKnock, Ok, "Host and co-hosts: admit or decline a person at the door."),
    "admit_all": ClientEvent(
        Empty, Ok, "Host and co-hosts: admit everybody at the door, as long as there are seats."
    ),
    "get_bans": ClientEvent(Empty, Bans, "Host: list the people who were removed."),
    "lift_ban": ClientEvent(LiftBan, Bans, "Host: let a person who was removed come back."),
    "close_room": ClientEvent(Empty, Ok, "Host: close the room for everyone."),
    "get_invite": ClientEvent(Empty, InviteState, "Host: get the invite of the room."),
    "renew_invite": ClientEvent(Empty, InviteState, "Host: replace the invite; the old one stops working."),
    "say": ClientEvent(Say, Ok, "Type to the tutor instead of speaking."),
    "mend_words": ClientEvent(MendWords, Ok, "Correct what the tutor heard of your own turn."),
    "hold": ClientEvent(Hold, Ok, "Start or stop holding the button to speak to the tutor."),
    "recognized": ClientEvent(Recognized, Ok, "Send text from the browser's speech recognition."),
    "ask_tutor": ClientEvent(Empty, Ok, "Ask the tutor to answer the last turn."),
    "ask_feedback": ClientEvent(Empty, Ok, "Ask for feedback on your own last turn."),
    "set_topic": ClientEvent(SetTopic, Ok, "Host: set the tutor's topic."),
    "set_level": ClientEvent(SetLevel, Ok, "Host: set the tutor's level."),
    "set_tutor_options": ClientEvent(
        SetTutorOptions, Ok, "Host: set how the tutor speaks and what it shows."
    ),
    "control_class": ClientEvent(
        ControlClass, Ok, "Host: let the tutor's class go on, say something again, wait, or end."
    ),
    "set_heard": ClientEvent(SetHeard, Ok, "Allow the tutor to hear you, or stop it."),
    "set_recognition": ClientEvent(
        SetRecognition, Ok, "Use the browser's speech recognition instead of the tutor's, or the reverse."
    ),
    "set_later_feedback": ClientEvent(
        SetLaterFeedback, Ok, "Have what you say to others checked, for after the talk."
    ),
    "set_patience": ClientEvent(SetPatience, Ok, "Set how long the tutor waits in your own pauses."),
}

SERVER_EVENTS: dict[str, type[SeqEvent]] = {
    "participant_joined": ParticipantJoined,
    "participant_left": ParticipantLeft,
    "participant_updated": ParticipantUpdated,
    "speaking": Speaking,
    "dominant_speaker": DominantSpeaker,
    "slots": Slots,
    "room_updated": RoomUpdated,
    "chat_added": ChatAdded,
    "chat_deleted": ChatDeleted,
    "reacted": Reacted,
    "club_updated": ClubUpdated,
    "knocks": Knocks,
    "knock_updated": KnockUpdated,
    "knock_answered": KnockAnswered,
    "media_offer": MediaOffer,
    "removed": Removed,
    "room_closed": RoomClosed,
    "server_draining": ServerDraining,
    "room_moving": RoomMoving,
    "room_settled": RoomSettled,
    "transcript": Transcript,
    "tutor_state": TutorStateChanged,
    "tutor_text": TutorText,
    "class_moved": ClassMoved,
    "feedback": Feedback,
    "feedback_none": FeedbackNone,
    "notices": RoomNotices,
    "standing_changed": RoomStanding,
}
