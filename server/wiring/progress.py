"""Constructs what counts practice and grants achievements."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from server.notices.service import Notices
from server.progress.awards import Awards
from server.progress.practice import Practice
from server.progress.service import Progress
from server.progress.sweeps import WeekSweep
from server.rooms.ports import UserStore
from server.rooms.practice import PracticeMeter
from server.rooms.runtime import OpenRooms
from server.shared_runs import SharedRuns
from server.storage import Database, SqlAchievementStore, SqlProgressStore, SqlWeekStore


@dataclass(frozen=True, slots=True)
class ProgressParts:
    progress: Progress
    meter: PracticeMeter
    awards: Awards
    practice: Practice
    weeks: WeekSweep

    def start(self) -> None:
        self.awards.start()
        self.practice.start()
        self.weeks.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await asyncio.gather(self.practice.aclose(), self.weeks.aclose(), self.awards.aclose())


def progress_of(
    database: Database,
    rooms: OpenRooms,
    users: UserStore,
    notices: Notices,
    runs: SharedRuns,
    clock: Callable[[], float],
) -> ProgressParts:
    meter = PracticeMeter(rooms)
    store, weeks = SqlAchievementStore(database), SqlWeekStore(database)
    awards = Awards(store, users, notices, clock)
    return ProgressParts(
        Progress(store, weeks, users, awards, clock),
        meter,
        awards,
        Practice(meter, store, SqlProgressStore(database), users, clock, awards.touch),
        WeekSweep(weeks, notices, clock, runs.run, awards.touch),
    )
