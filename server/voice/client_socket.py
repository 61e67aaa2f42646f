"""The client's end of a session."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

from server.protocol.voice.base import VoiceProtocol
from server.protocol.voice.refusals import refusal
from server.voice.settings import LIMITS

HEARTBEAT_S = 30.0
_CLOSE_WITHIN_S = 2.0
LINGER_S = 1.0
"""While a client still sends its message, what it sends is read and dropped for this long: a connection that
is closed with unread bytes is reset (RFC 1122 section 4.2.2.13), and the client would not read why."""
_DATA = frozenset({WSMsgType.TEXT, WSMsgType.BINARY})


class ClientSocket(web.WebSocketResponse):
    """`holds` is called with the bytes that are held of what the client has sent: of a message that is still
    arriving, of those that wait, and of the last one that was received until the next is asked for."""

    def __init__(self, protocol: VoiceProtocol, holds: Callable[[int], None] = lambda _size: None) -> None:
        self._voice_protocol = protocol
        self._holds = holds
        self._counted: _Counted | None = None
        self._in_hand = 0
        super().__init__(
            max_msg_size=LIMITS[protocol].message_bytes,
            compress=False,
            heartbeat=HEARTBEAT_S,
            timeout=_CLOSE_WITHIN_S,
        )

    def _post_start(self, request: web.BaseRequest, protocol: str | None, writer: Any) -> None:
        """aiohttp puts messages together in its parser, and says nothing of one that is not complete."""
        super()._post_start(request, protocol, writer)
        self._counted = _Counted(self._parser, self._reader, self._report)
        request.protocol._payload_parser = self._counted

    async def receive(self, timeout: float | None = None) -> WSMessage:  # noqa: ASYNC109 - aiohttp's interface
        self._in_hand = 0
        self._report()
        message: WSMessage = await super().receive(timeout)
        self._in_hand = len(message.data) if message.type in _DATA else 0
        self._report()
        return message

    def drop(self) -> None:
        """Hold nothing more of what the client sends. Close it then."""
        self._parser = None
        if self._counted is not None:
            self._counted.drop()

    async def close(self, *, code: int = WSCloseCode.OK, message: bytes = b"", drain: bool = True) -> bool:
        """aiohttp calls it for a message that is too large: the protocol's error goes first."""
        if code == WSCloseCode.MESSAGE_TOO_BIG and not self.closed:
            try:
                await self.send_str(_too_large(self._voice_protocol))
                await asyncio.sleep(LINGER_S)
            except ConnectionError:
                pass  # the client has left
        return await super().close(code=code, message=message, drain=drain)

    def _report(self) -> None:
        if self._counted is not None:
            self._holds(self._counted.size + self._in_hand)


class _Counted:
    """aiohttp's parser, and how many bytes it and its queue hold."""

    def __init__(self, parser: Any, queue: Any, changed: Callable[[], None]) -> None:
        self._parser = parser
        self._queue = queue
        self._changed = changed
        self._unfinished = 0

    @property
    def size(self) -> int:
        return self._unfinished + (self._queue._size if self._parser is not None else 0)

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        if self._parser is None:
            return False, b""
        waiting = self._queue._buffer
        before = len(waiting)
        found: tuple[bool, bytes] = self._parser.feed_data(data)
        has_message = any(waiting[at][0].type in _DATA for at in range(before, len(waiting)))
        # The beginning of the next message, which came in the same piece as the end of this one, counts with
        # what follows it: such a piece is small.
        self._unfinished = 0 if has_message else self._unfinished + len(data)
        self._changed()
        return found

    def feed_eof(self) -> None:
        if self._parser is not None:
            self._parser.feed_eof()

    def drop(self) -> None:
        self._parser, self._unfinished = None, 0


def _too_large(protocol: VoiceProtocol) -> str:
    most = LIMITS[protocol].message_bytes
    limit = f"{most >> 20} MB" if most >= 1 << 20 else f"{most >> 10} KB"
    return refusal(protocol, "message_too_large", f"A message may have at most {limit}.")
