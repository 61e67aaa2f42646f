"""Entering a room: knocks, who waits, and bans. The events are in `rooms`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from server.protocol.base import (
    AvatarPath,
    CleanInvite,
    CountryCode,
    Id,
    Inbound,
    Outbound,
    Secret,
    Timestamp,
)
from server.protocol.levels import Level

# Client -> server


class Knock(Inbound):
    """`invite` as in `join`."""

    room_id: Id
    invite: Annotated[Secret | None, CleanInvite] = None


class AnswerKnock(Inbound):
    knock_id: Id
    admitted: bool


class SetKnock(Inbound):
    knock_to_enter: bool


class LiftBan(Inbound):
    ban_id: Id


# Acks and parts of events


class Knocking(Outbound):
    """The knock waits for the host, or for the start of the room's event. `seq` as in a snapshot.
    `can_be_answered`: the host is connected now. `position`: the place among those who wait, 1 is the
    first."""

    seq: int
    expires_in: Annotated[float, Field(description="seconds")]
    can_be_answered: bool
    position: int


class Knocker(Outbound):
    """A person who waits at the door, as the host sees them. `id` names the knock."""

    id: Id
    name: str
    avatar_url: AvatarPath
    learning_level: Level | None
    country: CountryCode | None


class KnockAnswer(StrEnum):
    """`expired`: nobody answered in time, or before the place was needed for somebody of another address."""

    ADMITTED = "admitted"
    DECLINED = "declined"
    EXPIRED = "expired"


class Ban(Outbound):
    """A person whom a host removed."""

    id: Id
    name: str
    at: Timestamp


class Bans(Outbound):
    """Newest first."""

    bans: list[Ban]
