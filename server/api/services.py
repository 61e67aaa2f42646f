"""The services that handlers use. The composition root fills `Services`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from server.accounts.service import Accounts
from server.api.avatars.uploads import Avatars
from server.api.bodies import Uploads
from server.api.clients import client_ip
from server.api.devices import Devices
from server.api.rate_limits import RateLimits
from server.common.keyed_locks import KeyedLocks
from server.courses.folder import Courses
from server.knowledge.service import KnowledgeBases
from server.learning.classes import HeardClasses
from server.learning.memories import Memories
from server.learning.mistakes import Mistakes
from server.learning.words import Words
from server.metrics import Metrics
from server.moderation.service import Moderation
from server.notices.service import Notices
from server.people.service import People
from server.progress.service import Progress
from server.protocol.moderation import PrivacyFacts
from server.push.service import Push
from server.rooms.directory import Directory
from server.rooms.model import User
from server.rooms.ports import CleanText, RoomOwner, UserStore, as_it_is
from server.rooms.tutor import TutorActions
from server.schedule.service import Schedule
from server.sessions import Sessions
from server.tutor.conversations import Conversations

Status = Literal["starting", "ok", "draining"]
Locate = Callable[[str, str | None], Awaitable[RoomOwner]]
PassOn = Callable[[web.Request, str], Awaitable[web.Response | None]]
Place = Callable[[web.Request, bytes], Awaitable[web.Response | None]]


@dataclass(slots=True)
class Health:
    """`check_store` raises Unavailable while the store does not take writes. The composition root sets
    `status`."""

    node_id: str
    check_store: Callable[[], Awaitable[None]]
    status: Status = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services that handlers use.

    `page_closed` takes a room's id and a resume token. `user_changed` shows an edited profile in rooms,
    `user_deleted` takes what they wrote out of those that are open.
    `count_online` counts all nodes. `tutor_languages` returns the languages that the tutor supports; None
    means any. `clock` is seconds since the epoch. `is_proxied`: a proxy is configured in front, so that a
    request from loopback may come from anywhere. `agent_token` is the service token of the tutor workers.
    The last three are None unless servers share their rooms. `locate` returns the server that has a room, and
    takes the id of a server that the client has lost. `pass_on` returns the answer of the server that has the
    room, `place` that of the server that opened a new one for the body; None if this one is to answer.
    """

    users: UserStore
    rooms: Directory
    page_closed: Callable[[str, str], None]
    user_changed: Callable[[User], None]
    user_deleted: Callable[[str], None]
    count_online: Callable[[], int]
    tutor_languages: Callable[[], frozenset[str] | None]
    devices: Devices
    sessions: Sessions
    accounts: Accounts
    avatars: Avatars
    health: Health
    metrics: Metrics
    limits: RateLimits
    clock: Callable[[], float]
    tutoring: TutorActions
    conversations: Conversations
    mistakes: Mistakes
    words: Words
    memories: Memories
    knowledge: KnowledgeBases
    courses: Courses
    notices: Notices
    push: Push
    people: People
    progress: Progress
    moderation: Moderation
    privacy: PrivacyFacts
    clean_text: CleanText = as_it_is
    heard_classes: HeardClasses
    schedule: Schedule
    trusted_proxies: int = 0
    is_proxied: bool = False
    metrics_token: str = ""
    agent_token: str = ""
    locate: Locate | None = None
    pass_on: PassOn | None = None
    place: Place | None = None
    profile_locks: KeyedLocks = field(default_factory=KeyedLocks)
    uploads: Uploads = field(default_factory=Uploads)

    def address_of(self, request: web.BaseRequest) -> str:
        """The client's address, behind the proxies that are trusted."""
        return client_ip(request, self.trusted_proxies)
