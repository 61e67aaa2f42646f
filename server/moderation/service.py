"""All of moderation that the REST handlers use."""

from __future__ import annotations

from dataclasses import dataclass

from server.errors import Forbidden
from server.moderation.decisions import Decisions
from server.moderation.enforcement import Enforcement
from server.moderation.ports import ModeratorStore
from server.moderation.queue import Queue
from server.moderation.reports import Reports
from server.moderation.retention import Retention
from server.moderation.standing import Standings


@dataclass(frozen=True, slots=True)
class Moderation:
    reports: Reports
    standings: Standings
    queue: Queue
    decisions: Decisions
    moderators: ModeratorStore
    enforcement: Enforcement
    retention: Retention

    async def require_moderator(self, user_id: str) -> None:
        """Raises Forbidden, Unavailable."""
        if not await self.moderators.is_moderator(user_id):
            raise Forbidden

    def start(self) -> None:
        self.enforcement.start()
        self.retention.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self.retention.aclose()
        await self.enforcement.aclose()
