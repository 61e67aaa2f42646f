"""The people who wait at a room's door. In memory: after a restart their clients knock again. Pure.

`now` and deadlines are in seconds. One knock a user; it survives a short loss of the connection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from server.errors import KnockDeclined, KnockQueueFull, ParticipantNotFound
from server.rooms.model import Origin, User, new_id

KNOCK_TTL_S = 300.0
"""An unanswered knock expires after this time."""
LINGER_S = 5.0
"""A knock whose connection was lost is kept this long, so that a reconnect does not announce it again."""
DECLINED_FOR_S = 60.0
"""A declined person, and their browser, cannot knock again within this time."""
MAX_WAITING = 20
"""All at one door. A class behind one address may fill it while nobody else knocks."""


@dataclass(slots=True)
class Knock:
    """`connection_id` is None while the connection is lost; `lost_at` is when it was lost. `shown_position`:
    the place in the queue that they know, 0 before they know any. `is_expected`: a seat is held for them."""

    id: str
    user: User
    origin: Origin
    connection_id: str | None
    expires_at: float
    lost_at: float | None = None
    shown_position: int = 0
    is_expected: bool = False

    @property
    def deadline(self) -> float:
        return self.expires_at if self.lost_at is None else min(self.expires_at, self.lost_at + LINGER_S)


@dataclass(slots=True)
class KnockQueue:
    """`ttl_s`: how long a knock lasts. `_declined`: until when a user id or a device may not knock."""

    ttl_s: float = KNOCK_TTL_S
    _waiting: dict[str, Knock] = field(default_factory=dict)
    _declined: dict[str, float] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def waiting(self) -> Sequence[Knock]:
        """In the order in which they knocked."""
        return list(self._waiting.values())

    @property
    def connection_ids(self) -> tuple[str, ...]:
        return tuple(k.connection_id for k in self._waiting.values() if k.connection_id is not None)

    def of_connection(self, connection_id: str) -> Knock | None:
        return next((k for k in self._waiting.values() if k.connection_id == connection_id), None)

    def of_user(self, user_id: str) -> Knock | None:
        return self._waiting.get(user_id)

    def position(self, knock: Knock) -> int:
        """1 is the one who knocked first."""
        return 1 + list(self._waiting).index(knock.user.id)

    def get(self, knock_id: str) -> Knock:
        """Raises ParticipantNotFound."""
        for knock in self._waiting.values():
            if knock.id == knock_id:
                return knock
        raise ParticipantNotFound

    def add(
        self, user: User, origin: Origin, connection_id: str, now: float, *, is_expected: bool = False
    ) -> tuple[Knock, Knock | None]:
        """The user's knock, which keeps its place and its deadline if they had knocked already, and one that
        must end for it because the queue is full: it is still here. People who are expected always find room
        in the queue, and stay in it.

        Raises KnockDeclined, KnockQueueFull.
        """
        known = self._waiting.get(user.id)
        if known is not None:
            known.user, known.connection_id, known.lost_at = user, connection_id, None
            return known, None
        self._require_not_declined(user, origin, now)
        strangers = sum(not k.is_expected for k in self._waiting.values())
        is_full = strangers >= MAX_WAITING and not is_expected
        in_the_way = self._in_the_way_of(user, origin) if is_full else None
        knock = Knock(new_id(), user, origin, connection_id, now + self.ttl_s, is_expected=is_expected)
        self._waiting[user.id] = knock
        return knock, in_the_way

    def drop(self, knock: Knock) -> None:
        self._waiting.pop(knock.user.id, None)

    def lost(self, knock: Knock, now: float) -> None:
        """The knock's connection has closed."""
        knock.connection_id, knock.lost_at = None, now

    def decline(self, knock: Knock, now: float) -> None:
        self.drop(knock)
        self._declined = {who: until for who, until in self._declined.items() if until > now}
        until = now + DECLINED_FOR_S
        self._declined |= {who: until for who in (knock.user.id, knock.origin.device) if who}

    def declined_left(self, now: float) -> dict[str, float]:
        """The seconds for which each user id or device may still not knock."""
        return {who: until - now for who, until in self._declined.items() if until > now}

    def keep_declined(self, left: Mapping[str, float], now: float) -> None:
        """As `declined_left` of the queue that the door had at another server."""
        self._declined |= {who: now + seconds for who, seconds in left.items()}

    def expired(self, now: float) -> Sequence[Knock]:
        return [k for k in self._waiting.values() if now >= k.deadline]

    def _require_not_declined(self, user: User, origin: Origin, now: float) -> None:
        left = max(self._declined.get(who, 0.0) - now for who in (user.id, origin.device))
        if left > 0:
            raise KnockDeclined(retryAfter=round(left, 1))

    def _in_the_way_of(self, user: User, origin: Origin) -> Knock:
        """The newest knock of the address with the most. Accounts cost nothing, addresses do.

        Raises KnockQueueFull if the user's own address would then have as many as that one.
        """
        strangers = [k for k in self._waiting.values() if not k.is_expected]
        counts = Counter(_source(k.user, k.origin) for k in strangers)
        greediest, most = counts.most_common(1)[0]
        if counts[_source(user, origin)] + 1 >= most:
            raise KnockQueueFull
        return next(k for k in reversed(strangers) if _source(k.user, k.origin) == greediest)


def _source(user: User, origin: Origin) -> str:
    """The address; of somebody whose address is not known their account."""
    return origin.address or user.id
