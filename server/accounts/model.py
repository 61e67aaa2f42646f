"""Values of accounts, as they are stored. Times are seconds since the epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from server.schedule.ports import LeftEvent

EMAIL = "email"
"""The issuer of identities that are e-mail addresses. Those of providers are https URLs."""
MAX_SESSIONS = 100
"""Of one user: whoever has a passkey or makes codes may sign in again and again."""
MAX_SIGN_INS = 20
"""Passkeys and identities of one profile."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A public key. `credential_id` is base64url. The `sign_count` of synchronised passkeys stays 0."""

    id: str
    user_id: str
    credential_id: str
    public_key: bytes
    sign_count: int
    name: str
    created_at: float
    used_at: float | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """An e-mail address (issuer `EMAIL`, subject in lower case) or a profile at a provider."""

    id: str
    user_id: str
    issuer: str
    subject: str
    label: str
    created_at: float


class Purpose(StrEnum):
    """The purpose of a one-time secret."""

    REGISTER = "register"
    SIGN_IN = "sign_in"
    DEVICE = "device"
    MAIL = "mail"
    PROVIDER = "provider"
    EXPORT = "export"

    @property
    def is_single(self) -> bool:
        """Whether a new one makes the user's earlier one void. Not a link by e-mail: anybody can have one
        sent to the address, while its owner is about to open theirs."""
        return self is not Purpose.MAIL


@dataclass(frozen=True, slots=True)
class OneTime:
    """A secret that is used once. `digest` is its SHA-256, hex. `user_id`: whose it is, None for nobody's."""

    digest: str
    purpose: Purpose
    user_id: str | None
    value: Mapping[str, Any]
    expires_at: float


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A sign-in on one device. `digest`: of the session's id."""

    digest: str
    device: str
    created_at: float
    seen_at: float


@dataclass(frozen=True, slots=True)
class SessionOf:
    """A user and the digest of one of their sessions."""

    user_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """The data that went with a user: ids of messages, whose recordings the caller removes; digests of
    sessions, whose connections the caller ends; and events, of which the caller notifies others."""

    messages: Sequence[str]
    sessions: Sequence[str]
    events: Sequence[LeftEvent] = ()
