"""The stores that progress needs, which `server.storage` implements."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Protocol

from server.notices.model import Channel, StoredNotice
from server.progress.model import Counts, KeptDay, OpenWeek, WeekFigures
from server.protocol.progress import AchievementName


class AchievementStore(Protocol):
    """All methods raise Unavailable."""

    async def kept_days(self, user_id: str) -> Sequence[KeptDay]:
        """All days with practice, oldest first."""
        ...

    async def counts(self, user_id: str) -> Counts:
        """Without `days` and `best_streak`, which follow from the days with practice."""
        ...

    async def earned(self, user_id: str) -> Mapping[AchievementName, float]:
        """Achievements with the times at which they were granted."""
        ...

    async def grant(
        self,
        user_id: str,
        names: Sequence[AchievementName],
        at: float,
        notice_of: Callable[[Sequence[AchievementName]], StoredNotice],
        channels: Collection[Channel],
        until: float,
    ) -> Sequence[StoredNotice]:
        """Store those that the person does not have, with one notice of them, in one transaction. Returns the
        notice, to be published; nothing if all are known or the person is gone."""
        ...


class PracticeStore(Protocol):
    """All methods raise Unavailable."""

    async def add_speech(self, seconds: Mapping[str, float], at: float) -> None:
        """Add to each user's day so many seconds of speech in rooms with others. Those who are gone are
        skipped."""
        ...


class WeekStore(Protocol):
    """All methods raise Unavailable."""

    async def open_weeks(self, monday: date, after: str, limit: int) -> Sequence[OpenWeek]:
        """List the people who practised in that week, which was not closed for them: by their ids, after
        `after`."""
        ...

    async def week(self, user_id: str, monday: date, time_zone: str | None, now: float) -> WeekFigures: ...

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
        """Close the week, with its notice in one transaction. Returns the notice, to be published; nothing if
        the week was closed before or the person is gone."""
        ...
