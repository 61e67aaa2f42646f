"""Grants achievements to people who do something, and tells them."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace

from server.common.tasks import Ticker
from server.errors import ParlorError
from server.notices.model import StoredNotice, new_notice
from server.notices.service import USEFUL_S, Notices
from server.progress.achievements import newly_earned
from server.progress.model import Counts
from server.progress.ports import AchievementStore
from server.progress.streak import streak_of
from server.protocol.notices import AchievementsEarned
from server.protocol.progress import AchievementName
from server.rooms.ports import UserStore
from server.tutor.days import day_at, start_of

EVERY_S = 5.0
PAUSE_S = 120.0
"""Between two looks at one person, so that a talk does not cost a query for each sentence."""
_MAX_WAITING = 10_000
_AT_ONCE = 50
_log = logging.getLogger(__name__)


class Awards:
    """`clock` is seconds since the epoch. Who was active is known to this process alone: what a crash loses
    is found when the person is active again, or looks at their achievements."""

    def __init__(
        self, store: AchievementStore, users: UserStore, notices: Notices, clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._users = users
        self._notices = notices
        self._clock = clock
        self._due: OrderedDict[str, None] = OrderedDict()
        self._looked_at: OrderedDict[str, float] = OrderedDict()
        self._ticker = Ticker("achievements", EVERY_S, self._tick)

    def start(self) -> None:
        self._ticker.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()

    def touch(self, user_id: str) -> None:
        """The person has done something that counts. Returns at once."""
        if len(self._due) < _MAX_WAITING:
            self._due[user_id] = None

    async def counts(self, user_id: str) -> Counts:
        """Raises Unavailable."""
        user = await self._users.get_user(user_id)
        zone = user.time_zone if user else None
        days = await self._store.kept_days(user_id)
        starts = [start_of(day.day, zone) if day.starts_at is None else day.starts_at for day in days]
        best = streak_of(starts, start_of(day_at(self._clock(), zone), zone)).best
        return replace(await self._store.counts(user_id), days=len(days), best_streak=best)

    async def grant(self, user_id: str, counts: Counts) -> None:
        """Store what is earned and not known yet, and tell the person of it, once. Raises Unavailable."""
        names = newly_earned(counts, await self._store.earned(user_id))
        if not names:
            return
        now = self._clock()

        def notice_of(new: Sequence[AchievementName]) -> StoredNotice:
            return new_notice(user_id, AchievementsEarned(names=list(new)), now)

        channels = self._notices.channels_of("achievements")
        told = await self._store.grant(user_id, names, now, notice_of, channels, now + USEFUL_S)
        await self._notices.publish(told)

    async def look(self) -> None:
        """Look at those who were active and were not looked at lately. Raises Unavailable."""
        now = self._clock()
        while self._looked_at and next(iter(self._looked_at.values())) <= now - PAUSE_S:
            self._looked_at.popitem(last=False)
        due = [user_id for user_id in self._due if user_id not in self._looked_at][:_AT_ONCE]
        for user_id in due:
            del self._due[user_id]  # before the look: what is done meanwhile asks for another one
            try:
                await self.grant(user_id, await self.counts(user_id))
            except ParlorError:
                self.touch(user_id)
                raise
            self._looked_at[user_id] = now

    async def _tick(self) -> None:
        try:
            await self.look()
        except ParlorError as error:
            _log.warning("achievements not granted, trying again", extra={"code": error.code})
