"""Values of notices, as they are stored. Times are seconds since the epoch."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from server.notices.quiet import QuietHours
from server.protocol.notices import NewFollower, NoticeBody, NoticeTopic, RoomInvitation

Language = Literal["en", "vi"]


class Channel(StrEnum):
    """Ways to a person who has no page open."""

    MAIL = "mail"
    PUSH = "push"


@dataclass(frozen=True, slots=True)
class StoredNotice:
    """`key`: of two notices to one person with the same key the second is dropped; None never is."""

    id: str
    user_id: str
    body: NoticeBody
    at: float
    key: str | None = None
    read_at: float | None = None

    @property
    def about_id(self) -> str | None:
        """The person who is named in it, with whose profile it is deleted."""
        return self.body.user_id if isinstance(self.body, NewFollower | RoomInvitation) else None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice that is to be sent by a channel, once. Messages to devices are `push.model.PushMessage`."""

    channel: Channel
    notice: StoredNotice


@dataclass(frozen=True, slots=True)
class Reach:
    """The ways in which a person wants to be reached: `address` is an e-mail address, None if they have none
    or want no mails. `time_zone`: an IANA name, None if it is not known."""

    language: Language = "en"
    address: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class ReachSettings:
    """The choices of a person. `topics`: those that devices get. `quiet` is in `time_zone`; None without
    quiet hours."""

    mail: bool = True
    topics: tuple[NoticeTopic, ...] = ()
    quiet: QuietHours | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class ReachChange:
    """None keeps what is stored; of `quiet` it does so unless `sets_quiet`."""

    mail: bool | None = None
    language: Language | None = None
    topics: Collection[NoticeTopic] | None = None
    quiet: QuietHours | None = None
    sets_quiet: bool = False


def new_notice(user_id: str, body: NoticeBody, at: float, key: str | None = None) -> StoredNotice:
    return StoredNotice(secrets.token_urlsafe(12), user_id, body, at, key)


def follow_key(follower_id: str) -> str:
    """A person is told once that somebody follows them, however often that one unfollows and follows."""
    return f"follow:{follower_id}"


def invitation_key(inviter_id: str, invitation: str) -> str:
    """`invitation`: differs for those that are told apart."""
    return f"invitation:{inviter_id}:{invitation}"


NAMING_KEYS = ("follow:", "invitation:")
"""The beginnings of the keys of notices that name a person."""
