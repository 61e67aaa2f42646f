"""An SMTP server on this machine that keeps what it receives."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope


@dataclass
class Mailbox:
    """`url`: for PARLOR_SMTP_URL. `refuses`: every recipient."""

    url: str = ""
    refuses: bool = False
    mails: asyncio.Queue[EmailMessage] = field(default_factory=asyncio.Queue)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuses:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.put_nowait(mail)
        return "250 OK"

    async def next(self, within_s: float = 20) -> EmailMessage:
        async with asyncio.timeout(within_s):
            return await self.mails.get()

    async def next_link(self) -> str:
        found = re.search(r"https?://\S+", (await self.next()).get_content())
        assert found
        return found[0]


@asynccontextmanager
async def mailbox() -> AsyncGenerator[Mailbox]:
    box = Mailbox()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(box, hostname="mail.test"), "127.0.0.1", 0)
    box.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield box
    finally:
        server.close()
        await server.wait_closed()
