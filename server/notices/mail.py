"""Notices by e-mail, to people whose profile has an address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from server.notices.mail_texts import MAILED, mail_text
from server.notices.model import Channel, Reach, StoredNotice
from server.protocol.notices import EventBody

SendMail = Callable[[str, str, str], Awaitable[None]]
"""Sends to an address, with a subject and a text. Raises Unavailable."""


class MailChannel:
    """`page`: the server's address, without a slash at its end."""

    channel = Channel.MAIL

    def __init__(self, send: SendMail, page: str) -> None:
        self._send = send
        self._page = page

    def carries(self, kind: str) -> bool:
        return kind in MAILED

    async def send(self, notice: StoredNotice, reach: Reach) -> None:
        """Raises Unavailable."""
        body = notice.body
        if reach.address is not None and isinstance(body, EventBody) and body.kind in MAILED:
            subject, text = mail_text(body, reach, self._page)
            await self._send(reach.address, subject, text)
