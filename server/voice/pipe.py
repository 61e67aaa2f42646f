"""Passes messages between a client and its worker, as they are and in order.

Neither direction buffers: a reader that is slow keeps the other end waiting. What a client may send is
limited; one that sends more is refused.
"""

from __future__ import annotations

import asyncio
import time

from aiohttp import ClientError, WSMessage, WSMsgType, web

from server.common.tasks import cancel_and_wait
from server.common.token_bucket import TokenBucket
from server.protocol.voice.base import TRY_LATER
from server.voice.admission import Refused
from server.voice.settings import Limits

STUCK_S = 30.0
"""A client that reads nothing for this long is given up; the worker drops old speech before."""
_LOST_WITHIN_S = 5.0
"""A worker that takes no message any more has closed its end, or its end is lost: known within this time."""
_DATA = frozenset({WSMsgType.TEXT, WSMsgType.BINARY})


class Inflow:
    """Counts what one client has sent. `factor` on its limits; 0: none."""

    def __init__(self, limits: Limits, factor: float) -> None:
        self._bytes = TokenBucket(limits.bytes_per_s * factor, limits.bytes_burst) if factor else None
        self._messages = (
            TokenBucket(limits.messages_per_s * factor, limits.messages_burst) if factor else None
        )

    def check(self, size: int) -> None:
        """Raises Refused."""
        now = time.monotonic()
        for bucket, count in ((self._bytes, size), (self._messages, 1)):
            if bucket is not None and bucket.take(now, count) > 0:
                raise Refused("too_many_requests", "Too much was sent too fast.")


async def splice(near: web.WebSocketResponse, far: web.WebSocketResponse, inflow: Inflow) -> int | None:
    """Until either side ends. `near`: the client. Returns the code with which the worker has closed its end;
    None if the client has gone or does not read. Raises Refused for a client that sends too much, and if the
    worker is lost."""
    up = asyncio.create_task(_up(near, far, inflow), name="voice up")
    down = asyncio.create_task(_down(far, near), name="voice down")
    try:
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        if up.done():
            up.result()
            if near.closed:
                return None
        async with asyncio.timeout(_LOST_WITHIN_S):
            return await down
    except TimeoutError:
        raise lost() from None
    finally:
        await cancel_and_wait(up, down, log_errors=False)


def lost() -> Refused:
    """Return the refusal for a client whose worker has gone: the session goes on when it connects again."""
    return Refused("unavailable", "The connection to the tutor was lost. Connect again.", TRY_LATER)


async def _up(near: web.WebSocketResponse, far: web.WebSocketResponse, inflow: Inflow) -> None:
    """Until the client has gone, or the worker's end takes nothing. Raises Refused."""
    try:
        async for message in near:
            if message.type in _DATA:  # else an error, after which the connection ends
                inflow.check(len(message.data))
                await _pass_on(message, far)
    except (ConnectionError, ClientError):
        return


async def _down(far: web.WebSocketResponse, near: web.WebSocketResponse) -> int | None:
    """Raises Refused if the worker is lost."""
    while (message := await far.receive()).type in _DATA:
        try:
            async with asyncio.timeout(STUCK_S):
                await _pass_on(message, near)
        except (ConnectionError, ClientError, TimeoutError):
            return None
    if message.type is not WSMsgType.CLOSE:
        raise lost()  # cut, or its heartbeat was missed: there is no close frame
    return int(message.data)


async def _pass_on(message: WSMessage, target: web.WebSocketResponse) -> None:
    """Raises ConnectionError, ClientError."""
    if message.type is WSMsgType.TEXT:
        await target.send_str(message.data)
    else:
        await target.send_bytes(message.data)
