"""Rate limits of all servers together, in Redis: one number a bucket (GCRA), which ends with its refill."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Callable
from enum import StrEnum

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from server.cluster.signatures import derived_key

WITHIN_S = 0.05
_AGAIN_AFTER_S = 1.0
"""After a failure Redis is not asked for so long, so that few requests wait for it."""
_CONNECTIONS = 16
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local step, burst, n = 1 / tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local most = now + burst * step
local full = tonumber(redis.call('GET', KEYS[1]) or '0') or 0
full = math.min(math.max(full, now), most)
local after = math.max(full + math.min(n, burst) * step, now)
if n > 0 and after - most > 1e-4 then
  return tostring(after - most)
end
if after - now < 1e-3 then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - now) * 1000))
end
return '0'
"""
"""The number is the time at which the bucket is full, in seconds by Redis's clock. A clock that was set back
does not make it later than an empty bucket's."""


class Outcome(StrEnum):
    """`alone`: Redis failed or was slow, or failed a moment ago, and this server's own bucket decided."""

    ADMITTED = "admitted"
    REFUSED = "refused"
    ALONE = "alone"


class RedisBuckets:
    """Implements `SharedBuckets`. Close it after use. Keys are digests, so that Redis holds nobody's address.
    A call takes at most `within_s`. `observe` gets the outcome of each."""

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        observe: Callable[[Outcome], None] = lambda _outcome: None,
        within_s: float = WITHIN_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._key = derived_key(secret, "keys of limits")
        self._observe = observe
        self._within_s = within_s
        self._clock = clock
        self._ask_from = float("-inf")
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=_CONNECTIONS,
            timeout=within_s,
            socket_timeout=within_s,
            socket_connect_timeout=within_s,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
            client_name="parlor-limits",
        )
        self._redis: Redis = Redis.from_pool(pool)
        self._take = self._redis.register_script(_TAKE)

    async def take(self, kind: str, key: str, rate_per_s: float, burst: float, n: float) -> float | None:
        if self._clock() < self._ask_from:
            self._observe(Outcome.ALONE)
            return None
        name = f"pl:rl:{kind}:{hmac.digest(self._key, key.encode(), 'sha256').hex()[:32]}"
        try:
            async with asyncio.timeout(self._within_s):
                wait = float(await self._take(keys=[name], args=[rate_per_s, burst, n]))
        except (RedisError, OSError, ValueError):
            self._ask_from = self._clock() + _AGAIN_AFTER_S
            self._observe(Outcome.ALONE)
            return None
        self._observe(Outcome.REFUSED if wait > 0 else Outcome.ADMITTED)
        return wait

    async def aclose(self) -> None:
        await self._redis.aclose()
