"""Rate limits of REST: by user where there is one, and by address, wider, around all of its users."""

from __future__ import annotations

import math
import time

from server.common.addresses import limit_key
from server.common.shared_limiter import SharedBuckets, SharedLimiter
from server.common.token_bucket import KeyedLimiter
from server.errors import (
    TooManyFollows,
    TooManyInvitations,
    TooManyReports,
    TooManyRequests,
    TooManySignUps,
)

_RATES = {
    # One person's page needs far less.
    "user": (10.0, 60.0),
    # Requests with a token, of all users behind one address: a school, or one person with many profiles.
    "address": (200.0, 1_200.0),
    # Requests without a valid token.
    "anonymous": (50.0, 300.0),
    # Tries to sign in, 5 each: a class that comes back at once, or somebody who tries codes.
    "sign_in": (2.5, 600.0),
    # A page of 90 pictures for each of a class, some of them twice. They are small and served from memory.
    "picture": (300.0, 6_000.0),
    # Files of the web client, from memory too: a first visit asks for 100, and the list of countries for 250.
    "file": (500.0, 20_000.0),
}
"""Tokens per second, and tokens at once, of each kind of bucket."""

_HOURLY: dict[str, tuple[float, type[TooManyRequests]]] = {
    "report": (20.0, TooManyReports),
    "follow": (60.0, TooManyFollows),
    "invitation": (60.0, TooManyInvitations),
    # 100,000 characters of documents each: 10 million in all, about a dozen books.
    "document": (100.0, TooManyRequests),
}
"""Limit of one person's actions that others see, or that are stored, in an hour, half of it at once."""
_PEOPLE_BEHIND_AN_ADDRESS = 10
"""Factor on a person's limits for all people behind one address."""
SHARED_COST = 5
"""Requests of this cost or more count over all servers that share their rooms; to ask for each of the cheaper
ones would cost more than they do."""


class RateLimits:
    """Every `check` takes `cost` tokens and raises TooManyRequests if there are too few.

    `factor` scales the limits; 0 turns them off. `sign_ups`: of one address in an hour; 0: no limit.
    `shared`: the buckets of all servers. `is_hop`: another server, which passed the request on, asked those.
    """

    def __init__(self, factor: float = 1.0, sign_ups: int = 240, shared: SharedBuckets | None = None) -> None:
        hourly = KeyedLimiter.hourly(sign_ups * factor) if sign_ups * factor > 0 else None
        self._sign_ups = SharedLimiter("sign-up", hourly, shared) if hourly is not None else None
        self._hourly = {
            kind: [
                SharedLimiter(kind, KeyedLimiter.hourly(count * factor), shared),
                SharedLimiter(
                    f"{kind}-address",
                    KeyedLimiter.hourly(count * factor * _PEOPLE_BEHIND_AN_ADDRESS),
                    shared,
                ),
            ]
            for kind, (count, _) in _HOURLY.items()
            if factor > 0
        }
        self._limiters = (
            {
                kind: SharedLimiter(kind, KeyedLimiter(rate * factor, burst * factor), shared)
                for kind, (rate, burst) in _RATES.items()
            }
            if factor > 0
            else {}
        )

    async def check_user(self, user_id: str, cost: float, *, is_hop: bool = False) -> None:
        await self._check("user", user_id, cost, is_hop=is_hop)

    async def check_address(self, address: str, cost: float, *, is_hop: bool = False) -> None:
        """For a request that shows a token, before the token is verified."""
        await self._check("address", limit_key(address), cost, is_hop=is_hop)

    async def check_anonymous(self, address: str, cost: float, *, is_hop: bool = False) -> None:
        """For a request without a token, or with one that was refused."""
        await self._check("anonymous", limit_key(address), cost, is_hop=is_hop)

    async def check_sign_up(self, address: str) -> None:
        """Raises TooManySignUps."""
        if self._sign_ups is None:
            return
        if (wait := await self._sign_ups.take(limit_key(address), time.monotonic())) > 0:
            raise TooManySignUps(retryAfter=math.ceil(wait))

    async def give_back_sign_up(self, address: str) -> None:
        """It was admitted, but no profile was made."""
        if self._sign_ups is not None:
            await self._sign_ups.give_back(limit_key(address))

    async def check_report(self, user_id: str, address: str) -> None:
        """Raises TooManyReports."""
        await self._check_hourly("report", user_id, address)

    async def check_follow(self, user_id: str, address: str) -> None:
        """Raises TooManyFollows."""
        await self._check_hourly("follow", user_id, address)

    async def check_invitation(self, user_id: str, address: str) -> None:
        """Raises TooManyInvitations."""
        await self._check_hourly("invitation", user_id, address)

    async def check_document(self, user_id: str, address: str, characters: int) -> None:
        """Before that much text is stored: profiles are free, and each has room for 50 MB of it."""
        await self._check_hourly("document", user_id, address, characters / 100_000)

    async def check_sign_in(self, address: str) -> None:
        """For a try to sign in to a profile that exists. Counts over all servers."""
        await self._check("sign_in", limit_key(address), SHARED_COST, is_hop=False)

    def check_picture(self, address: str, cost: float) -> None:
        self._check_here("picture", limit_key(address), cost)

    def check_file(self, address: str, cost: float) -> None:
        """For a file of the web client."""
        self._check_here("file", limit_key(address), cost)

    async def _check_hourly(self, kind: str, user_id: str, address: str, cost: float = 1) -> None:
        taken: list[tuple[SharedLimiter, str]] = []
        for limiter, key in zip(self._hourly.get(kind, ()), (user_id, limit_key(address)), strict=False):
            if (wait := await limiter.take(key, time.monotonic(), cost)) > 0:
                for other, other_key in taken:
                    await other.give_back(other_key, cost)
                raise _HOURLY[kind][1](retryAfter=math.ceil(wait))
            taken.append((limiter, key))

    async def _check(self, kind: str, key: str, cost: float, *, is_hop: bool) -> None:
        limiter = self._limiters.get(kind)
        if limiter is None or cost < SHARED_COST or is_hop:
            self._check_here(kind, key, cost)
        elif (wait := await limiter.take(key, time.monotonic(), cost)) > 0:
            raise TooManyRequests(retryAfter=math.ceil(wait))

    def _check_here(self, kind: str, key: str, cost: float) -> None:
        limiter = self._limiters.get(kind)
        if limiter is None or cost == 0:
            return
        if (wait := limiter.take_here(key, time.monotonic(), cost)) > 0:
            raise TooManyRequests(retryAfter=math.ceil(wait))
