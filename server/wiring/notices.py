"""Constructs notices and the ways in which they reach people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.accounts.smtp import SmtpServer
from server.config import Config
from server.notices.delivery import Deliveries
from server.notices.mail import MailChannel
from server.notices.ports import DeliveryChannel, Pages
from server.notices.service import Notices
from server.push.endpoints import EndpointRules
from server.push.sender import HttpPushServices
from server.push.service import Push
from server.push.vapid import contact_address
from server.rooms.ports import Bus
from server.shared_runs import SharedRuns
from server.storage import Database, SqlNoticeStore, SqlPushStore, SqlStoredValues


@dataclass(frozen=True, slots=True)
class NoticeParts:
    notices: Notices
    deliveries: Deliveries
    push: Push

    async def start(self) -> None:
        """Raises Unavailable."""
        await self.push.start()
        self.deliveries.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self.deliveries.aclose()
        await self.push.aclose()
        self.notices.close()


def notices_of(
    config: Config, database: Database, bus: Bus, pages: Pages, runs: SharedRuns, clock: Callable[[], float]
) -> NoticeParts:
    """A new way to people is one more of `channels`."""
    store, push = SqlNoticeStore(database), _push(config, database, clock)
    channels: list[DeliveryChannel] = []
    if config.smtp_url:
        channels.append(MailChannel(smtp_server(config).send, config.public_url.rstrip("/")))
    return NoticeParts(
        Notices(store, bus, pages, [*channels, push], clock),
        Deliveries(store, channels, clock, runs.run),
        push,
    )


def _push(config: Config, database: Database, clock: Callable[[], float]) -> Push:
    rules = EndpointRules.of(config.push_services)
    contact = contact_address(config.contact, config.public_url)
    store, stored = SqlPushStore(database), SqlStoredValues(database)
    return Push(store, stored, HttpPushServices(rules), rules, clock, contact)


def smtp_server(config: Config) -> SmtpServer:
    """Of a configuration that has one."""
    password = config.smtp_password.get_secret_value()
    return SmtpServer(config.smtp_url, config.mail_from, config.smtp_user, password)
