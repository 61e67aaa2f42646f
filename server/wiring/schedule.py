"""Constructs rooms at a set time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from server.notices.service import Notices
from server.rooms.events import EventRooms as RoomsOfNode
from server.rooms.ports import Bus, CleanText, LobbySink, as_it_is
from server.schedule.entrance import Entrance
from server.schedule.news import News
from server.schedule.ports import ScheduleStore
from server.schedule.rooms import EventRooms
from server.schedule.service import RequireWords, Schedule
from server.schedule.sweeps import RunShared, Sweeps


@dataclass(frozen=True, slots=True)
class ScheduleParts:
    schedule: Schedule
    sweeps: Sweeps
    news: News

    def start(self) -> None:
        self.sweeps.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await self.sweeps.aclose()
        self.news.close()


def schedule_of(  # noqa: PLR0913 - one argument for each collaborator
    public_url: str,
    store: ScheduleStore,
    rooms: RoomsOfNode,
    notices: Notices,
    bus: Bus,
    lobby: LobbySink,
    *,
    is_guest: Callable[[str], Awaitable[bool]],
    run_shared: RunShared,
    clock: Callable[[], float],
    clean_text: CleanText = as_it_is,
    require_words: RequireWords,
) -> ScheduleParts:
    news = News(notices, bus, lobby, clock)
    entrance = Entrance(store, EventRooms(rooms), news, clock)
    schedule = Schedule(
        store,
        entrance,
        news,
        is_guest,
        clock,
        page=public_url.rstrip("/"),
        clean_text=clean_text,
        require_words=require_words,
    )
    return ScheduleParts(schedule, Sweeps(store, notices, news, clock, run_shared), news)
