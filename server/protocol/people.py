"""People and each other: bodies of REST routes."""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, StringConstraints

from server.protocol.base import AvatarPath, CountryCode, Id, Inbound, LanguageTag, Outbound, Timestamp
from server.protocol.chat import clean_chat
from server.protocol.levels import Level

MAX_LANGUAGES: Final = 8
"""Languages that one profile names, of each kind."""
MAX_ABOUT: Final = 300
MAX_NOTE: Final = 1_000


def _cleaned(text: Any) -> Any:
    return clean_chat(text) if isinstance(text, str) else text


AboutText = Annotated[str, BeforeValidator(_cleaned), StringConstraints(max_length=MAX_ABOUT)]
NoteText = Annotated[str, BeforeValidator(_cleaned), StringConstraints(max_length=MAX_NOTE)]


class PeopleQuery(Inbound):
    limit: Annotated[int, Field(strict=False, ge=1, le=100)] = 30
    cursor: Annotated[str | None, Field(max_length=200)] = None


class FriendRoom(Outbound):
    """The public room in which a friend is."""

    id: Id
    name: str
    language: LanguageTag
    level: Level
    is_locked: bool
    knock_to_enter: bool
    is_full: bool


class ListedUser(Outbound):
    """Somebody in a list of people. `since`: when they came into it. People who follow each other are
    friends. `note`: the beginning of what the reader has written about them. `room_name`: where the two met,
    in the list of people met. `is_online` and `room`: of friends who show it, null and false in other
    lists."""

    id: Id
    name: str
    avatar_url: AvatarPath
    since: Timestamp
    learning_level: Level | None
    country: CountryCode | None
    you_follow: bool
    follows_you: bool
    note: str
    room_name: str | None
    is_online: bool
    room: FriendRoom | None


class PeoplePage(Outbound):
    """Newest first."""

    items: list[ListedUser]
    next_cursor: str | None


class PersonCard(Outbound):
    """A person's profile as one reader sees it. `note`: what the reader has written about them, which nobody
    else sees. `met_at`: when the two were last in one room, as far as it is kept. `is_online` and `room` as
    in `ListedUser`."""

    id: Id
    name: str
    avatar_url: AvatarPath
    about: str
    native_language: LanguageTag | None
    also_speaks: list[LanguageTag]
    practises: list[LanguageTag]
    learning_level: Level | None
    country: CountryCode | None
    member_since: Timestamp
    you_follow: bool
    follows_you: bool
    note: str
    met_at: Timestamp | None
    is_online: bool
    room: FriendRoom | None


class PersonNote(Inbound):
    """Empty: none any more."""

    text: NoteText


class Invite(Inbound):
    """A friend who is invited into a room."""

    user_id: Id
