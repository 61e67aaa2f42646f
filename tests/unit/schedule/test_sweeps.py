"""What the sweep of events does when one of them cannot be stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from server.cluster.memory import MemoryBus
from server.errors import Conflict, ParlorError, TooManyEvents, UserNotFound
from server.notices.service import Notices
from server.schedule.model import MAX_OPEN_EVENTS, Edit, Event, Occurrence
from server.schedule.news import News
from server.schedule.ports import Affected
from server.schedule.sweeps import Sweeps
from tests.fakes.notices import FakePages, NoNotices
from tests.fakes.rooms_world import FakeLobbySink
from tests.fakes.schedule import NoEvents
from tests.unit.schedule.test_changing import NOW, Series


class Moved(NoEvents):
    """Two events whose time zone has a new rule. The first one cannot be stored."""

    def __init__(self, error: ParlorError) -> None:
        series = Series()
        self._error = error
        self._events = [replace(series.event, id=name) for name in ("e1", "e2")]
        self._times = [replace(one, starts_at=one.starts_at + 3_600.0) for one in series.times]
        self.saved: list[str] = []

    async def events_after(self, now: float, after_id: str, limit: int) -> Sequence[Event]:
        return [event for event in self._events if event.id > after_id]

    async def occurrences_of(self, event_id: str) -> Sequence[Occurrence]:
        return self._times

    async def save(
        self, before: Event, edit: Edit, now: float, most: int = MAX_OPEN_EVENTS
    ) -> Sequence[Affected]:
        if before.id == "e1":
            raise self._error
        self.saved.append(before.id)
        return []


async def run(_name: str, _every_s: float, work: Callable[[], Awaitable[None]]) -> None:
    await work()


@pytest.mark.parametrize("error", [Conflict("changed"), TooManyEvents("too many"), UserNotFound()])
async def test_an_event_that_cannot_be_moved_keeps_no_other_from_it(error: ParlorError) -> None:
    store, bus = Moved(error), MemoryBus()
    notices = Notices(NoNotices(), bus, FakePages(), [], lambda: NOW)
    news = News(notices, bus, FakeLobbySink(), lambda: NOW)
    await Sweeps(store, notices, news, lambda: NOW, run).renew()
    assert store.saved == ["e2"]
