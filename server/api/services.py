"""What the handlers work with; the composition root fills it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from server.api.avatars.files import AvatarFiles
from server.api.locks import KeyedLocks
from server.api.ports import RoomDirectory
from server.api.rates import RateLimits
from server.auth import TokenAuth
from server.metrics import Metrics
from server.rooms.model import User
from server.rooms.ports import UserStore
from server.rooms.tutor import TutorActions
from server.tutor.conversations import Conversations

Status = Literal["starting", "ok", "draining"]


@dataclass(slots=True)
class Health:
    """`ping` raises Unavailable while the store cannot be reached. The composition root sets `status`."""

    node_id: str
    ping: Callable[[], Awaitable[None]]
    status: Status = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """`user_changed` shows an edited profile in rooms. `count_online` is of all nodes. `tutor_languages`:
    in which there is a tutor, None: in any. `clock` is seconds since the epoch. `metrics_token` empty:
    /metrics is for this machine alone. `agent_token`: what workers bear."""

    users: UserStore
    rooms: RoomDirectory
    user_changed: Callable[[User], None]
    count_online: Callable[[], int]
    tutor_languages: Callable[[], frozenset[str] | None]
    auth: TokenAuth
    avatars: AvatarFiles
    health: Health
    metrics: Metrics
    limits: RateLimits
    clock: Callable[[], float]
    tutoring: TutorActions
    conversations: Conversations
    trusted_proxies: int = 0
    metrics_token: str = ""
    agent_token: str = ""
    profile_locks: KeyedLocks = field(default_factory=KeyedLocks)
