"""The services that handlers use. The composition root fills `Services`."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal
from weakref import WeakValueDictionary

from server.api.avatars.files import AvatarFiles
from server.api.clients import rate_key
from server.api.devices import Devices
from server.common.token_bucket import KeyedLimiter
from server.errors import TooManyRequests
from server.metrics import Metrics
from server.rooms.directory import Directory
from server.rooms.model import User
from server.rooms.ports import UserStore
from server.rooms.tutor import TutorActions
from server.sessions import Sessions
from server.tutor.conversations import Conversations

Status = Literal["starting", "ok", "draining"]

# A class of learners shares one address; one person's page needs far less.
_ADDRESS_RATE_PER_S, _ADDRESS_BURST = 50.0, 300.0
_USER_RATE_PER_S, _USER_BURST = 10.0, 60.0


@dataclass(slots=True)
class Health:
    """`ping` raises Unavailable while the store cannot be reached. The composition root sets `status`."""

    node_id: str
    ping: Callable[[], Awaitable[None]]
    status: Status = "ok"


class RateLimits:
    """Rate limits of one address and one person. `factor` scales the limits; 0 turns them off."""

    def __init__(self, factor: float = 1.0) -> None:
        self._addresses: KeyedLimiter | None = None
        self._users: KeyedLimiter | None = None
        if factor > 0:
            self._addresses = KeyedLimiter(_ADDRESS_RATE_PER_S * factor, _ADDRESS_BURST * factor)
            self._users = KeyedLimiter(_USER_RATE_PER_S * factor, _USER_BURST * factor)

    def check_address(self, address: str, cost: float) -> None:
        """Raises TooManyRequests."""
        self._check(self._addresses, rate_key(address), cost)

    def check_user(self, user_id: str, cost: float) -> None:
        """Raises TooManyRequests."""
        self._check(self._users, user_id, cost)

    @staticmethod
    def _check(limiter: KeyedLimiter | None, key: str, cost: float) -> None:
        if limiter is None or cost == 0:
            return
        if (wait := limiter.take(key, time.monotonic(), cost)) > 0:
            raise TooManyRequests(retryAfter=math.ceil(wait))


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
    """

    users: UserStore
    rooms: Directory
    page_closed: Callable[[str, str], None]
    user_changed: Callable[[User], None]
    count_online: Callable[[], int]
    tutor_languages: Callable[[], frozenset[str] | None]
    devices: Devices
    sessions: Sessions
    avatars: AvatarFiles
    health: Health
    metrics: Metrics
    limits: RateLimits
    clock: Callable[[], float]
    tutoring: TutorActions
    conversations: Conversations
    trusted_proxies: int = 0
    is_proxied: bool = False
    metrics_token: str = ""
    agent_token: str = ""
    profile_locks: KeyedLocks = field(default_factory=KeyedLocks)
