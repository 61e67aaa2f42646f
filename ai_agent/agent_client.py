"""The worker's connection to `/agents`: sends its messages, in order and bounded, and receives jobs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from ai_agent.errors import ServerLost
from ai_agent.server_link import ServerLink, Take
from server.common.tasks import cancel_and_wait
from server.protocol.agents import WORKER_EVENTS
from server.protocol.base import Inbound

NAMESPACE = "/agents"
MAX_WAITING = 2_000
MAX_IN_FLIGHT = 256
"""Messages without an ack. Further messages wait in the queue, whose length is bounded."""

_log = logging.getLogger(__name__)
_Waiting = tuple[str, dict[str, Any], asyncio.Future[bool] | None]


class AgentClient:
    """One connection: `connect`, then `serve` until it is lost. `on_event` gets each event and its fields.

    Implements Outbox. `rooms_url`: where jobs find the server's rooms; another address than that of this
    connection if that may lead to any of several servers.
    """

    def __init__(self, url: str, token: str, on_event: Take) -> None:
        self.rooms_url = url
        self._url = url
        self._token = token
        self._lost = asyncio.Event()
        self._link = ServerLink(NAMESPACE, WORKER_EVENTS, on_event, self._lost.set)
        self._waiting: asyncio.Queue[_Waiting] = asyncio.Queue(MAX_WAITING)
        self._undelivered: set[asyncio.Future[bool]] = set()
        self._in_flight = asyncio.Semaphore(MAX_IN_FLIGHT)

    @property
    def is_open(self) -> bool:
        return self._link.is_open and not self._lost.is_set()

    async def connect(self) -> None:
        """Raises ServerLost."""
        await self._link.connect(self._url, self._token)

    async def call(self, event: str, message: Inbound) -> dict[str, Any]:
        """Send at once and wait for the ack. Raises ServerLost."""
        ack = await self._link.call(event, _wire(message))
        if "error" in ack:
            raise ServerLost(f"{event} was refused: {_code(ack)}")
        return ack

    def send(self, event: str, message: Inbound) -> None:
        """Queue a message; it is lost with the connection. Never blocks or raises."""
        self._queue(event, message, None)

    def deliver(self, event: str, message: Inbound) -> asyncio.Future[bool]:
        """Like `send`. The result is whether the server has accepted the message; False if it refused it, or
        if the connection ended before its answer."""
        delivered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if not self._link.is_open:
            delivered.set_result(False)
            return delivered
        self._undelivered.add(delivered)
        delivered.add_done_callback(self._undelivered.discard)
        self._queue(event, message, delivered)
        return delivered

    def _queue(self, event: str, message: Inbound, delivered: asyncio.Future[bool] | None) -> None:
        try:
            self._waiting.put_nowait((event, _wire(message), delivered))
        except asyncio.QueueFull:
            _log.warning("message dropped: %d wait for the server", MAX_WAITING, extra={"event_name": event})
            _settle(delivered, accepted=False)

    def leave(self) -> None:
        """End `serve` as if the connection were lost."""
        self._lost.set()

    async def serve(self) -> None:
        """Send the queued messages until the connection is lost. Raises ServerLost."""
        sender = asyncio.create_task(self._send_all(), name="agent client")
        lost = asyncio.create_task(self._lost.wait())
        try:
            await asyncio.wait({sender, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await cancel_and_wait(sender, lost)
        raise ServerLost("the connection to the server was lost")

    async def aclose(self) -> None:
        """Idempotent."""
        await self._link.aclose()
        for delivered in tuple(self._undelivered):
            _settle(delivered, accepted=False)

    async def flush(self, within_s: float) -> None:
        """Wait until all queued messages are sent, and those of `deliver` answered; at most `within_s`."""
        try:
            async with asyncio.timeout(within_s):
                while self._link.is_open and not self._waiting.empty():
                    await self._send_next()
                if self._link.is_open and not self._lost.is_set() and self._undelivered:
                    await asyncio.wait(self._undelivered)
        except (TimeoutError, ServerLost):
            return

    async def _send_all(self) -> None:
        try:
            while self._link.is_open:
                await self._send_next()
        except ServerLost:
            return

    async def _send_next(self) -> None:
        event, data, delivered = await self._waiting.get()
        await self._in_flight.acquire()
        await self._link.emit(event, data, self._acked(event, delivered))

    def _acked(self, event: str, delivered: asyncio.Future[bool] | None) -> Callable[..., None]:
        def acked(ack: object = None) -> None:
            self._in_flight.release()
            is_refused = isinstance(ack, dict) and "error" in ack
            _settle(delivered, accepted=not is_refused)
            if is_refused:
                _log.warning("the server refused a message", extra={"event_name": event, "code": _code(ack)})

        return acked


def _settle(delivered: asyncio.Future[bool] | None, *, accepted: bool) -> None:
    if delivered is not None and not delivered.done():
        delivered.set_result(accepted)


def _wire(message: Inbound) -> dict[str, Any]:
    """Without what is not set: a server of the version before refuses fields that it does not know."""
    return message.model_dump(mode="json", by_alias=True, exclude_unset=True)


def _code(ack: object) -> str:
    problem = ack.get("error") if isinstance(ack, dict) else None
    return str(problem.get("code")) if isinstance(problem, dict) else "no answer"
