"""Sums up the last week for each learner on their Monday, and tells them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import date

from server.common.tasks import Ticker
from server.errors import ParlorError
from server.notices.model import new_notice
from server.notices.service import USEFUL_S, Notices
from server.progress.model import OpenWeek
from server.progress.ports import WeekStore
from server.progress.views import week_view
from server.progress.weeks import is_goal_reached, week_to_sum_up, weeks_to_sum_up
from server.protocol.notices import WeekSummed

EVERY_S = 600.0
_SWEEP = "weeks_swept_at"
_log = logging.getLogger(__name__)

RunShared = Callable[[str, float, Callable[[], Awaitable[None]]], Awaitable[None]]


class WeekSweep:
    """`clock` is seconds since the epoch. `run_shared`: as `SharedRuns.run`. `closed` is told whose week was
    closed. `page`: people read at once; for each page all days of the week are read again."""

    def __init__(
        self,
        store: WeekStore,
        notices: Notices,
        clock: Callable[[], float],
        run_shared: RunShared,
        closed: Callable[[str], None] = lambda _user_id: None,
        page: int = 5_000,
    ) -> None:
        self._store = store
        self._notices = notices
        self._clock = clock
        self._run_shared = run_shared
        self._closed = closed
        self._page = page
        self._ticker = Ticker("weeks", EVERY_S, self._sweep, at_start=True)

    def start(self) -> None:
        self._ticker.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self._ticker.aclose()

    async def sum_up(self) -> None:
        """Sum up the weeks that are over for people whose Monday it is. Those who did nothing in it hear
        nothing. Raises Unavailable."""
        for monday in sorted(weeks_to_sum_up(self._clock())):
            after = ""
            while found := await self._store.open_weeks(monday, after, self._page):
                for week in found:
                    if week_to_sum_up(self._clock(), week.time_zone) == monday:
                        await self._close(week, monday)
                after = found[-1].user_id

    async def _close(self, week: OpenWeek, monday: date) -> None:
        now = self._clock()
        figures = await self._store.week(week.user_id, monday, week.time_zone, now)
        reached = is_goal_reached(week.goal, figures)
        body = WeekSummed(week=week_view(figures), goal_reached=reached)
        told = await self._store.close(
            week.user_id,
            monday,
            new_notice(week.user_id, body, now),
            self._notices.channels_of(body.kind),
            now + USEFUL_S,
            goal_reached=reached,
        )
        await self._notices.publish(told)
        if told:
            self._closed(week.user_id)

    async def _sweep(self) -> None:
        try:
            await self._run_shared(_SWEEP, EVERY_S / 2, self.sum_up)
        except ParlorError as error:
            _log.warning("weeks not summed up, retrying in ten minutes", extra={"code": error.code})
