"""The bus of several servers: one Redis stream that all of them write and read.

What this server publishes reaches its own subscribers at once, and the others in the order of the stream. A
message may be lost. It may be in the stream twice, since a batch whose write timed out is written again as a
whole; then it is delivered once. Whenever messages may have been missed, because Redis was away or this
server starts, a hello is published, upon which all servers publish what they have.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from server.cluster.bus_messages import Dropped, Seal
from server.cluster.memory import Handler, MemoryBus
from server.common.tasks import BackgroundTask
from server.rooms.ports import HELLO_TOPIC

_STREAM, _FIELD = "pl:bus", "message"
_MAX_KEPT = 20_000
_MAX_WAITING = 10_000
_BATCH = 100
_BLOCK_MS = 1_000
_READ_WITHIN_S = 2.5
"""More than a read blocks."""
_WRITE_WITHIN_S = 0.5
_RETRY_S = 0.5
_FLUSH_WITHIN_S = 0.5
_REASONS = {
    Dropped.UNSIGNED: "no server with this PARLOR_SECRET wrote it; another program writes to this Redis",
    Dropped.DATED: "its date is more than 10 minutes off; compare the clocks of the servers",
    Dropped.UNREADABLE: "it is of another version of Parlor",
}
_log = logging.getLogger(__name__)


class _Waiting(NamedTuple):
    """A message that was not written yet. `payload` is JSON."""

    number: int
    topic: str
    payload: str


class RedisBus:
    """Implements `rooms.ports.Bus`. `start`, then `aclose`. While Redis is away the newest messages wait, up
    to a limit. `observe_lag` gets the seconds after which each own message was read back, `observe_drop` the
    reason why a message was not delivered. `wall_clock`: seconds since the epoch."""

    def __init__(
        self,
        url: str,
        secret: str,
        node_id: str,
        *,
        wall_clock: Callable[[], float] = time.time,
        observe_lag: Callable[[float], None] = lambda _seconds: None,
        observe_drop: Callable[[Dropped], None] = lambda _reason: None,
    ) -> None:
        self._node_id = node_id
        self._seal = Seal(secret, node_id, wall_clock)
        self._observe_lag = observe_lag
        self._drops = _DropLog(observe_drop)
        self._number = 0
        self._sent: deque[tuple[int, float]] = deque(maxlen=_MAX_WAITING)
        self._local = MemoryBus()
        self._writing = _client(url, _WRITE_WITHIN_S)
        self._reading = _client(url, _READ_WITHIN_S)
        self._waiting: deque[_Waiting] = deque(maxlen=_MAX_WAITING)
        self._is_waiting = asyncio.Event()
        self._is_written = asyncio.Event()
        self._last_id = ""
        self._read_log, self._write_log = _RefusalLog("read"), _RefusalLog("written")
        self._reader = BackgroundTask("bus reader", self._read)
        self._writer = BackgroundTask("bus writer", self._write)

    def publish(self, topic: str, payload: Mapping[str, object]) -> None:
        self._local.publish(topic, payload)
        self._number += 1
        text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False)
        self._waiting.append(_Waiting(self._number, topic, text))
        self._sent.append((self._number, time.monotonic()))
        self._is_waiting.set()

    def subscribe(self, topic: str, handler: Handler) -> Callable[[], None]:
        return self._local.subscribe(topic, handler)

    async def start(self) -> None:
        self._reader.start()
        self._writer.start()

    async def aclose(self) -> None:
        """Write what waits, for a moment. Idempotent."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FLUSH_WITHIN_S):
                while self._waiting:
                    self._is_written.clear()
                    await self._is_written.wait()
        await self._writer.aclose()
        await self._reader.aclose()
        await self._writing.aclose()
        await self._reading.aclose()

    async def _write(self) -> None:
        while True:
            await self._is_waiting.wait()
            batch = list(self._waiting)[:_BATCH]
            if not batch:
                self._is_waiting.clear()
                continue
            try:
                await self._add(batch)
            except (RedisError, OSError) as error:
                self._write_log.failed(error)
                await asyncio.sleep(_RETRY_S)
                continue
            self._write_log.served()
            for message in batch:
                # While Redis was asked, old messages may have been dropped for new ones.
                if self._waiting and self._waiting[0] is message:
                    self._waiting.popleft()
            self._is_written.set()

    async def _add(self, batch: Sequence[_Waiting]) -> None:
        """Raises RedisError, OSError."""
        async with self._writing.pipeline(transaction=False) as pipe:
            for message in batch:
                text = self._seal.write(message.number, message.topic, message.payload)
                pipe.xadd(_STREAM, {_FIELD: text}, maxlen=_MAX_KEPT, approximate=True)
            # An error that the pipeline raises itself has the message in its text, which must not be logged.
            results = await pipe.execute(raise_on_error=False)
        for result in results:
            if isinstance(result, RedisError):
                raise result

    async def _read(self) -> None:
        while True:
            try:
                if not self._last_id:
                    self._last_id = await self._newest()
                    self.publish(HELLO_TOPIC, {"node": self._node_id})
                found = await self._reading.xread({_STREAM: self._last_id}, count=_BATCH, block=_BLOCK_MS)
            except (RedisError, OSError) as error:
                self._read_log.failed(error)
                self._last_id = ""
                await asyncio.sleep(_RETRY_S)
                continue
            self._read_log.served()
            for message_id, fields in found[0][1] if found else ():
                self._last_id = message_id
                self._deliver(fields)

    async def _newest(self) -> str:
        newest = await self._reading.xrevrange(_STREAM, count=1)
        return str(newest[0][0]) if newest else "0-0"

    def _deliver(self, fields: Mapping[str, str]) -> None:
        found = self._seal.read(fields.get(_FIELD, ""))
        if isinstance(found, Dropped):
            self._drops.dropped(found)
        elif found.node == self._node_id:
            self._returned(found.number)
        else:
            self._local.publish(found.topic, found.payload)

    def _returned(self, number: int) -> None:
        """An own message was read back. Those before it are not coming any more."""
        while self._sent and self._sent[0][0] <= number:
            sent, at = self._sent.popleft()
            if sent == number:
                self._observe_lag(time.monotonic() - at)


class _DropLog:
    """Counts messages that are not delivered, and logs the first one of each reason. Repeated ones are
    expected after a write that timed out."""

    def __init__(self, observe: Callable[[Dropped], None]) -> None:
        self._observe = observe
        self._logged = {Dropped.REPEATED}

    def dropped(self, reason: Dropped) -> None:
        self._observe(reason)
        if reason not in self._logged:
            self._logged.add(reason)
            _log.error("ignored a message of the bus: %s", _REASONS[reason])


class _RefusalLog:
    """Logs when Redis begins to refuse a use of the stream, and when it serves again. An outage of Redis is
    logged by the beats, which a refusal need not affect."""

    def __init__(self, use: str) -> None:
        self._use = use
        self._is_refused = False

    def failed(self, error: Exception) -> None:
        if isinstance(error, ResponseError) and not self._is_refused:
            self._is_refused = True
            reason = str(error).partition("\n")[0]
            _log.error("the stream %s cannot be %s: %s", _STREAM, self._use, reason)

    def served(self) -> None:
        if self._is_refused:
            self._is_refused = False
            _log.warning("the stream %s can be %s again", _STREAM, self._use)


def _client(url: str, timeout_s: float) -> Any:
    """As Any: the declared types of answers are those of both protocols."""
    return Redis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=_WRITE_WITHIN_S,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
        protocol=2,
        client_name="parlor-bus",
    )
