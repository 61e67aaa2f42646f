"""The connection to Redis: scripts and keys. Redis 7.0 commands only, so that Valkey serves too.

All of it is soft state: whatever Redis loses is there again after the next beats.
"""

from __future__ import annotations

import logging
from dataclasses import replace

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError

from server.cluster.nodes import NodeInfo, Seen, decoded, entry_key, fingerprint
from server.errors import Unavailable

TIMEOUT_S = 0.3
FORGOTTEN_AFTER_S = 60.0
_BEATS, _NODES = "pl:beats", "pl:nodes"
_BEAT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[3])) do
  redis.call('ZREM', KEYS[1], id)
  redis.call('HDEL', KEYS[2], id)
end
local known = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
local found = {}
for i = 1, #known, 2 do
  local info = redis.call('HGET', KEYS[2], known[i])
  if info then
    found[#found + 1] = {info, now - known[i + 1]}
  end
end
return found
"""
"""Times are Redis's: those of servers may differ by minutes."""
_REFUSALS = ("HELLO must be called", "invalid username-password", "WRONGPASS", "NOAUTH")
_log = logging.getLogger(__name__)


class RedisLink:
    """Implements `nodes.Link`. Calls raise Unavailable within TIMEOUT_S each for connecting and the answer,
    and are not repeated; the log has one line when Redis is lost, and one when it is back.

    Entries that were not signed with the key of `secret` are ignored: other programs can write to Redis, and
    requests to an address that they gave would carry the servers' token."""

    def __init__(self, url: str, secret: str) -> None:
        self._key = entry_key(secret)
        self._fingerprint = fingerprint(secret)
        self._has_warned = False
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
            client_name="parlor",
        )
        self._beat = self._redis.register_script(_BEAT)
        self._is_lost = False
        self.failure = ""

    async def beat(self, own: NodeInfo) -> list[Seen]:
        forgotten_after_ms = int(FORGOTTEN_AFTER_S * 1000)
        try:
            rows = await self._beat(
                keys=[_BEATS, _NODES], args=[own.id, own.encoded(self._key), forgotten_after_ms]
            )
        except (RedisError, OSError) as error:
            self._failed(error)
            raise Unavailable from error
        self._served()
        found = ((self._trusted(entry), age_ms) for entry, age_ms in rows)
        return [Seen(info, int(age_ms) / 1000) for info, age_ms in found if info is not None]

    async def look(self) -> list[Seen]:
        """As `beat`, without one. Raises Unavailable."""
        try:
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.time()
                pipe.zrange(_BEATS, 0, -1, withscores=True)
                pipe.hgetall(_NODES)
                now, beats, infos = await pipe.execute()
        except (RedisError, OSError) as error:
            self._failed(error)
            raise Unavailable from error
        now_ms = now[0] * 1000 + now[1] // 1000
        found = ((self._trusted(infos.get(node_id, "")), now_ms - at_ms) for node_id, at_ms in beats)
        return [Seen(info, int(age_ms) / 1000) for info, age_ms in found if info is not None]

    async def leave(self, node_id: str) -> None:
        try:
            await self._redis.zrem(_BEATS, node_id)
            await self._redis.hdel(_NODES, node_id)
        except (RedisError, OSError) as error:
            self._failed(error)
            raise Unavailable from error

    async def aclose(self) -> None:
        await self._redis.aclose()

    def _trusted(self, entry: str) -> NodeInfo | None:
        """None for an entry that no server with this secret wrote. If it is of a server that has another
        secret, it is returned without addresses, so that one of the two can refuse to run."""
        found = decoded(entry, self._key)
        if found is None:
            return None
        info, is_signed = found
        if is_signed:
            return info
        if info.fingerprint != self._fingerprint:
            return replace(info, url="", internal_url="")
        if not self._has_warned:
            self._has_warned = True
            _log.error("ignored a server in Redis whose entry is not signed", extra={"other": info.id})
        return None

    def _failed(self, error: Exception) -> None:
        self.failure = cause_of(error)
        if not self._is_lost:
            self._is_lost = True
            _log.error("Redis cannot serve: %s", self.failure)

    def _served(self) -> None:
        if self._is_lost:
            self._is_lost = False
            _log.warning("Redis serves again")


def cause_of(error: BaseException) -> str:
    """In one line, for the operator."""
    text = str(error).strip().partition("\n")[0]
    if "WRONGTYPE" in text:
        return f"another application uses the keys {_BEATS} and {_NODES}; give Parlor a Redis of its own"
    if isinstance(error, AuthenticationError) or text.startswith(_REFUSALS):
        return "it asks for a password, or for another one, as in redis://:password@host"
    if "'maxmemory'" in text:
        return "its memory is full (maxmemory)"
    return text or type(error).__name__
