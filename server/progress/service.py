"""A learner's streak, achievements and weeks, for that learner alone (REST)."""

from __future__ import annotations

from collections.abc import Callable

from server.progress.awards import Awards
from server.progress.ports import AchievementStore, WeekStore
from server.progress.views import achievements_view, streak_view, week_view
from server.progress.weeks import WEEK, monday_of
from server.protocol import progress as wire
from server.rooms.ports import UserStore
from server.tutor.days import day_at


class Progress:
    """`clock` is seconds since the epoch. All methods raise Unavailable."""

    def __init__(
        self,
        store: AchievementStore,
        weeks: WeekStore,
        users: UserStore,
        awards: Awards,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._weeks = weeks
        self._users = users
        self._awards = awards
        self._clock = clock

    async def streak(self, user_id: str) -> wire.Streak:
        zone = await self._zone(user_id)
        return streak_view(await self._store.kept_days(user_id), day_at(self._clock(), zone), zone)

    async def achievements(self, user_id: str) -> wire.Achievements:
        """Grant what is earned by now, then show all achievements."""
        counts = await self._awards.counts(user_id)
        await self._awards.grant(user_id, counts)
        return achievements_view(counts, await self._store.earned(user_id))

    async def last_week(self, user_id: str) -> wire.WeekSummary:
        """The last whole week, from Monday to Sunday."""
        zone = await self._zone(user_id)
        monday = monday_of(day_at(self._clock(), zone)) - WEEK
        return week_view(await self._weeks.week(user_id, monday, zone, self._clock()))

    async def _zone(self, user_id: str) -> str | None:
        user = await self._users.get_user(user_id)
        return user.time_zone if user else None
