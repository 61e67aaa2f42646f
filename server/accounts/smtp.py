"""Sends e-mails through an SMTP server (RFC 5321), by TLS except on this machine."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import urlsplit

import aiosmtplib

from server.errors import Unavailable

_TIMEOUT_S = 15.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """`url`: smtp://host:port (STARTTLS) or smtps://host:port. `user` is empty if none signs in."""

    url: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    async def send(self, to: str, subject: str, text: str) -> None:
        """Raises Unavailable."""
        parts = urlsplit(self.url)
        is_tls = parts.scheme == "smtps"
        # Without TLS a link that signs in, and the password, could be read on the way.
        starts_tls = None if is_tls or parts.hostname in {"localhost", "127.0.0.1", "::1"} else True
        try:
            await aiosmtplib.send(
                _message(self.sender, to, subject, text),
                hostname=parts.hostname,
                port=parts.port or (465 if is_tls else 587),
                username=self.user or None,
                password=self.password or None,
                use_tls=is_tls,
                start_tls=False if is_tls else starts_tls,
                timeout=_TIMEOUT_S,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            # The server's words may have the address in them.
            _log.warning("SMTP server refused a mail: %s", type(error).__name__)
            raise Unavailable from error


def _message(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">"))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message
