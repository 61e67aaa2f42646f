"""How fast one address and one person may call. A route's cost says how many tokens a call takes."""

from __future__ import annotations

import math
import time

from server.api.clients import rate_key
from server.common.token_bucket import KeyedLimiter
from server.errors import TooManyRequests

# A classroom shares one address; one person's page needs far less.
_ADDRESS_RATE_PER_S, _ADDRESS_BURST = 50.0, 300.0
_USER_RATE_PER_S, _USER_BURST = 10.0, 60.0


class RateLimits:
    """`factor` scales every limit; 0 turns them off."""

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
