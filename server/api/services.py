"""The services that handlers use. The composition root fills `Services`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal
from weakref import WeakValueDictionary

from aiohttp import web

from server.api.avatars.uploads import Avatars
from server.api.devices import Devices
from server.api.rate_limits import RateLimits
from server.learning.memories import Memories
from server.learning.mistakes import Mistakes
from server.learning.words import Words
from server.metrics import Metrics
from server.rooms.directory import Directory
from server.rooms.model import User
from server.rooms.ports import RoomOwner, UserStore
from server.rooms.tutor import TutorActions
from server.sessions import Sessions
from server.tutor.conversations import Conversations

Status = Literal["starting", "ok", "draining"]
Locate = Callable[[str, str | None], Awaitable[RoomOwner]]
PassOn = Callable[[web.Request, str], Awaitable[web.Response | None]]


@dataclass(slots=True)
class Health:
    """`check_store` raises Unavailable while the store does not take writes. The composition root sets
    `status`."""

    node_id: str
    check_store: Callable[[], Awaitable[None]]
    status: Status = "ok"


class KeyedLocks:
    """One lock a key, kept only while a caller holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def __getitem__(self, key: str) -> asyncio.Lock:
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        return lock

    def __len__(self) -> int:
        return len(self._locks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The services that handlers use.

    `page_closed` takes a room's id and a resume token. `user_changed` shows an edited profile in rooms.
    `count_online` counts all nodes. `tutor_languages` returns the languages that the tutor supports; None
    means any. `clock` is seconds since the epoch. `is_proxied`: a proxy is configured in front, so that a
    request from loopback may come from anywhere. `agent_token` is the service token of the tutor workers.
    The last two are None unless servers share their rooms. `locate` returns the server that has a room, and
    takes the id of a server that the client has lost. `pass_on` returns the answer of the server that has the
    room, None if this one is to answer.
    """

    users: UserStore
    rooms: Directory
    page_closed: Callable[[str, str], None]
    user_changed: Callable[[User], None]
    count_online: Callable[[], int]
    tutor_languages: Callable[[], frozenset[str] | None]
    devices: Devices
    sessions: Sessions
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
    trusted_proxies: int = 0
    is_proxied: bool = False
    metrics_token: str = ""
    agent_token: str = ""
    locate: Locate | None = None
    pass_on: PassOn | None = None
    profile_locks: KeyedLocks = field(default_factory=KeyedLocks)
