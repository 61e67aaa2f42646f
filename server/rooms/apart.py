"""People of a room who are kept apart, because one of them has blocked the other. Pure.

Neither hears the other (`Room` gives them no slot of each other), and each sees another room: to the blocker
the other one is a seat without name and picture; to the blocked person, who must not find out, the blocker
looks muted. Everybody else sees the room as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from server.protocol.entities import Participant, Room
from server.protocol.rooms import (
    ChatAdded,
    DominantSpeaker,
    Knocks,
    ParticipantJoined,
    ParticipantUpdated,
    Reacted,
    RoomUpdated,
    SeqEvent,
    Speaking,
    Transcript,
)

AnyRoom = TypeVar("AnyRoom", bound=Room)
NO_PICTURE = "/api/avatars/g/blocked.svg"


@dataclass(frozen=True, slots=True)
class Apart:
    """`blocks`: pairs of user ids, the blocker's first. False if there are none."""

    blocks: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.blocks)

    def are_apart(self, one: str, other: str) -> bool:
        """Whether one of the two users has blocked the other."""
        return (one, other) in self.blocks or (other, one) in self.blocks

    def has_blocked(self, blocker: str, blocked: str) -> bool:
        return (blocker, blocked) in self.blocks

    def of(self, user_id: str) -> frozenset[str]:
        """The users who are kept apart from this one."""
        return frozenset(other for pair in self.blocks if user_id in pair for other in pair) - {user_id}

    def among(self, user_ids: Iterable[str]) -> Apart:
        """The pairs of these users alone."""
        ids = frozenset(user_ids)
        return Apart(frozenset(pair for pair in self.blocks if ids.issuperset(pair)))

    def changed(self, blocker: str, blocked: str, is_blocked: bool) -> Apart:
        pair = frozenset({(blocker, blocked)})
        return Apart(self.blocks | pair if is_blocked else self.blocks - pair)


def participant_for(participant: Participant, viewer_id: str, apart: Apart) -> Participant:
    """The participant as the user sees them."""
    if apart.has_blocked(viewer_id, participant.user_id):
        return participant.model_copy(
            update={
                "name": "",
                "avatar_url": NO_PICTURE,
                "native_language": None,
                "learning_level": None,
                "country": None,
                "is_muted": True,
                "is_speaking": False,
                "hand_raised": False,
                "hand_raised_at": None,
                "is_blocked": True,
            }
        )
    if apart.has_blocked(participant.user_id, viewer_id):
        return participant.model_copy(update={"is_muted": True, "is_speaking": False})
    return participant


def room_for(room: AnyRoom, viewer_id: str, apart: Apart) -> AnyRoom:
    """The room as the user sees it."""
    if not apart.of(viewer_id):
        return room
    seen = [participant_for(p, viewer_id, apart) for p in room.participants]
    return room.model_copy(update={"participants": seen})


def event_for(event: SeqEvent, viewer_id: str, apart: Apart, users: Mapping[str, str]) -> SeqEvent | None:
    """The event as the user gets it; None if it comes from somebody from whom they are kept apart. `users`:
    the user of each participant and of each knock."""
    author = _author_of(event, users)
    if author is not None:
        return None if apart.are_apart(viewer_id, author) else event
    match event:
        case ParticipantJoined() | ParticipantUpdated():
            seen = participant_for(event.participant, viewer_id, apart)
            return event if seen is event.participant else event.model_copy(update={"participant": seen})
        case RoomUpdated():
            return event.model_copy(update={"room": room_for(event.room, viewer_id, apart)})
        case DominantSpeaker() if event.participant_id is not None:
            hidden = apart.are_apart(viewer_id, users.get(event.participant_id, ""))
            return DominantSpeaker(participant_id=None) if hidden else event
        case Knocks():
            shown = [k for k in event.knocks if not apart.are_apart(viewer_id, users.get(k.id, ""))]
            return event.model_copy(update={"knocks": shown})
        case _:
            return event


def _author_of(event: SeqEvent, users: Mapping[str, str]) -> str | None:
    """The user who says or does something, of events that are nothing without them."""
    match event:
        case Speaking() | Transcript() | Reacted():
            return users.get(event.participant_id, "")
        case ChatAdded():
            return event.line.user_id
        case _:
            return None
