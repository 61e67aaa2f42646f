"""The stores of progress of people who did nothing yet, for tests of other things."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from server.notices.model import Channel, StoredNotice
from server.progress.model import Counts, KeptDay, OpenWeek, WeekFigures
from server.protocol.progress import AchievementName


class NoProgress:
    """An AchievementStore and a WeekStore without rows."""

    async def kept_days(self, user_id: str) -> Sequence[KeptDay]:
        return []

    async def counts(self, user_id: str) -> Counts:
        return Counts()

    async def earned(self, user_id: str) -> Mapping[AchievementName, float]:
        return {}

    async def grant(
        self,
        user_id: str,
        names: Sequence[AchievementName],
        at: float,
        notice_of: Callable[[Sequence[AchievementName]], StoredNotice],
        channels: Collection[Channel],
        until: float,
    ) -> Sequence[StoredNotice]:
        return []

    async def open_weeks(self, monday: date, after: str, limit: int) -> Sequence[OpenWeek]:
        return []

    async def week(self, user_id: str, monday: date, time_zone: str | None, now: float) -> WeekFigures:
        return WeekFigures(monday)

    async def close(
        self,
        user_id: str,
        monday: date,
        notice: StoredNotice,
        channels: Collection[Channel],
        until: float,
        *,
        goal_reached: bool,
    ) -> Sequence[StoredNotice]:
        return []
