"""Rate limits of REST: by user where there is one, and by address, wider, around all of its users."""

from __future__ import annotations

import math
import time

from server.common.addresses import limit_key
from server.common.token_bucket import KeyedLimiter
from server.errors import TooManyRequests, TooManySignUps

_RATES = {
    # One person's page needs far less.
    "user": (10.0, 60.0),
    # Requests with a token, of all users behind one address: a school, or one person with many profiles.
    "address": (200.0, 1_200.0),
    # Requests without a valid token.
    "anonymous": (50.0, 300.0),
    # A page of 90 pictures for each of a class, some of them twice. They are small and served from memory.
    "picture": (300.0, 6_000.0),
    # Files of the web client, from memory too: a first visit asks for 100, and the list of countries for 250.
    "file": (500.0, 20_000.0),
}
"""Tokens per second, and tokens at once, of each kind of bucket."""


class RateLimits:
    """Every `check` takes `cost` tokens and raises TooManyRequests if there are too few.

    `factor` scales the limits; 0 turns them off. `sign_ups`: of one address in an hour; 0: no limit.
    """

    def __init__(self, factor: float = 1.0, sign_ups: int = 240) -> None:
        self._sign_ups = KeyedLimiter.hourly(sign_ups * factor) if sign_ups * factor > 0 else None
        self._limiters = (
            {kind: KeyedLimiter(rate * factor, burst * factor) for kind, (rate, burst) in _RATES.items()}
            if factor > 0
            else {}
        )

    def check_user(self, user_id: str, cost: float) -> None:
        self._check("user", user_id, cost)

    def check_address(self, address: str, cost: float) -> None:
        """For a request that shows a token, before the token is verified."""
        self._check("address", limit_key(address), cost)

    def check_anonymous(self, address: str, cost: float) -> None:
        """For a request without a token, or with one that was refused."""
        self._check("anonymous", limit_key(address), cost)

    def check_sign_up(self, address: str) -> None:
        """Raises TooManySignUps."""
        if self._sign_ups is None:
            return
        if (wait := self._sign_ups.take(limit_key(address), time.monotonic())) > 0:
            raise TooManySignUps(retryAfter=math.ceil(wait))

    def give_back_sign_up(self, address: str) -> None:
        """It was admitted, but no profile was made."""
        if self._sign_ups is not None:
            self._sign_ups.give_back(limit_key(address))

    def check_picture(self, address: str, cost: float) -> None:
        self._check("picture", limit_key(address), cost)

    def check_file(self, address: str, cost: float) -> None:
        """For a file of the web client."""
        self._check("file", limit_key(address), cost)

    def _check(self, kind: str, key: str, cost: float) -> None:
        limiter = self._limiters.get(kind)
        if limiter is None or cost == 0:
            return
        if (wait := limiter.take(key, time.monotonic(), cost)) > 0:
            raise TooManyRequests(retryAfter=math.ceil(wait))
