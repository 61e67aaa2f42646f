"""Values of Web Push. Times are seconds since the epoch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from server.notices.model import Language, StoredNotice
from server.notices.quiet import QuietHours

MAX_DEVICES = 5
"""Subscriptions of one person. One more replaces the oldest."""


@dataclass(frozen=True, slots=True)
class Target:
    """A browser's `PushSubscription`. `endpoint`: a URL of its push service. `p256dh`: the device's public
    key, an uncompressed point of P-256, 65 bytes. `auth`: 16 bytes, shared with the device alone."""

    endpoint: str
    p256dh: bytes
    auth: bytes

    @property
    def id(self) -> str:
        """The same for the same subscription of a browser, whoever is signed in there. Somebody who knows
        the endpoint alone gets another id."""
        return hashlib.sha256(b"\n".join((self.endpoint.encode(), self.p256dh, self.auth))).hexdigest()


@dataclass(frozen=True, slots=True)
class Subscription:
    """`session_digest`: the sign-in that made it. It ends with that."""

    user_id: str
    session_digest: str
    target: Target
    created_at: float


@dataclass(frozen=True, slots=True)
class PushMessage:
    """A notice for one device, to be sent until `until`. `tries`: how often it was sent in vain."""

    notice: StoredNotice
    subscription_id: str
    target: Target
    language: Language
    time_zone: str | None
    quiet: QuietHours | None
    until: float
    tries: int = 0
