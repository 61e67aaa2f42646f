"""Does what is due by time: reminders, notices of events that are paused, changes of time zones' rules,
events that are long over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from server.common.durations import DAY_S
from server.common.tasks import Ticker
from server.errors import Conflict, ParlorError, TooManyEvents, UserNotFound
from server.notices.service import USEFUL_S, Notices
from server.schedule.changing import retimed
from server.schedule.news import News
from server.schedule.ports import Pause, ScheduleStore

EVERY_S = 2.0
KEPT_S = 90 * DAY_S
_BATCH = 250
"""Reminders claimed in one transaction, for which other writers wait."""
_EVENTS = 100
_FLUSH_S = 0.5
_PAUSES_EVERY_S = 5.0
_PAUSES = 20
_REMINDERS, _ZONES, _HIDDEN = "reminders_sent_at", "events_swept_at", "pauses_sent_at"
_log = logging.getLogger(__name__)

RunShared = Callable[[str, float, Callable[[], Awaitable[None]]], Awaitable[None]]


class Sweeps:
    """`clock` is seconds since the epoch. `run_shared`: as `SharedRuns.run`."""

    def __init__(
        self,
        store: ScheduleStore,
        notices: Notices,
        news: News,
        clock: Callable[[], float],
        run_shared: RunShared,
    ) -> None:
        self._store = store
        self._notices = notices
        self._news = news
        self._clock = clock
        self._run_shared = run_shared
        self._tickers = (
            Ticker("reminders", EVERY_S, self._remind),
            Ticker("paused events", _PAUSES_EVERY_S, self._pause, at_start=True),
            Ticker("changed events", _FLUSH_S, news.flush),
            Ticker("old events", 3_600.0, self._sweep, at_start=True),
        )

    def start(self) -> None:
        for ticker in self._tickers:
            ticker.start()

    async def aclose(self) -> None:
        """Idempotent."""
        await asyncio.gather(*(ticker.aclose() for ticker in self._tickers))

    async def send_due(self) -> None:
        """Send all reminders that are due, unless another server does. Raises Unavailable."""
        first = await self._store.first_reminder()
        if first is not None and first <= self._clock():  # most of the time nothing has to be locked
            await self._run_shared(_REMINDERS, 0.0, self._send_due)

    async def send_pauses(self) -> None:
        """Notify people with a place of events that are hidden as their host is banned, and of those that are
        shown again, unless another server does. Raises Unavailable."""
        if await self._pauses():  # most of the time nothing has to be locked
            await self._run_shared(_HIDDEN, 0.0, self._send_pauses)

    async def renew(self) -> None:
        """Move what the rules of time zones have moved, and delete what is long over. Raises Unavailable."""
        after = ""
        while found := await self._store.events_after(self._clock(), after, _EVENTS):
            for event in found:
                occurrences = await self._store.occurrences_of(event.id)
                edit = retimed(event, occurrences, self._clock())
                if edit is None:
                    continue
                try:
                    affected = await self._store.save(event, edit, self._clock())
                except (Conflict, TooManyEvents, UserNotFound):
                    # Its host was faster, has too much or is gone: others' events are moved all the same, and
                    # the next sweep looks again.
                    continue
                known = {o.id: o for o in (*occurrences, *edit.occurrences)}
                await self._news.tell(event, known, affected)
                self._news.changed(event)
                _log.info("event moved by a new rule of its time zone", extra={"event_id": event.id})
            after = found[-1].id
        await self._store.delete_old(self._clock() - KEPT_S)

    async def _send_due(self) -> None:
        while True:
            channels = self._notices.channels_of("event_reminder")
            due = await self._store.take_reminders(self._clock(), _BATCH, channels)
            await self._notices.publish(due.notices)
            dropped = due.count - len(due.notices)
            if dropped:
                _log.warning("reminders dropped: too late, or the host is banned", extra={"count": dropped})
            if due.count < _BATCH:
                return

    async def _send_pauses(self) -> None:
        while pauses := await self._pauses():
            for pause in pauses:
                now = self._clock()
                channels = self._notices.channels_of("event_paused" if pause.is_hidden else "event_resumed")
                await self._notices.publish(
                    await self._store.take_pause(pause, now, channels, now + USEFUL_S)
                )

    async def _pauses(self) -> Sequence[Pause]:
        """Bans of the last day: a server that was down for less misses none."""
        now = self._clock()
        return await self._store.list_pauses(now - DAY_S, now, _PAUSES)

    async def _pause(self) -> None:
        try:
            await self.send_pauses()
        except ParlorError as error:
            _log.warning("notices of paused events not sent, trying again", extra={"code": error.code})

    async def _remind(self) -> None:
        try:
            await self.send_due()
        except ParlorError as error:
            _log.warning("reminders not sent, trying again", extra={"code": error.code})

    async def _sweep(self) -> None:
        try:
            await self._run_shared(_ZONES, DAY_S, self.renew)
        except ParlorError as error:
            _log.warning("events not swept, retrying in an hour", extra={"code": error.code})
