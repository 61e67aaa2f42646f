"""Reports of people on people. The reporter gets thanks; the reported person learns nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from server.errors import Conflict, Unavailable, UserNotFound
from server.moderation.model import MAX_LINES, NewReport, ReportLine
from server.moderation.ports import RecentMessages, ReportStore
from server.protocol import moderation as wire
from server.protocol.moderation import ReportPlace
from server.rooms.chat import ChatLine
from server.rooms.model import new_id
from server.rooms.ports import UserStore

_log = logging.getLogger(__name__)


class Reports:
    """`clock` is seconds since the epoch. `recent_messages`: of the rooms' text chat; sound is never kept."""

    def __init__(
        self,
        store: ReportStore,
        users: UserStore,
        recent_messages: RecentMessages,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._users = users
        self._recent_messages = recent_messages
        self._clock = clock

    async def from_profile(self, reporter_id: str, report: wire.NewReport) -> None:
        """Raises Conflict for oneself, UserNotFound, Unavailable."""
        await self._take(reporter_id, report, ReportPlace.PROFILE)

    async def from_room(
        self, reporter_id: str, report: wire.RoomReport, room_id: str, room_name: str
    ) -> None:
        """With the last lines of the room's text chat. The caller has checked that the reporter has a seat
        there. Raises as `from_profile`."""
        lines = await self._lines(room_id, report.line_id)
        place = ReportPlace.ROOM if report.line_id is None else ReportPlace.CHAT
        await self._take(reporter_id, report, place, room_name, lines)

    async def _take(
        self,
        reporter_id: str,
        report: wire.NewReport,
        place: ReportPlace,
        room_name: str | None = None,
        lines: tuple[ReportLine, ...] = (),
    ) -> None:
        if report.target_id == reporter_id:
            raise Conflict("You cannot report yourself.")
        target = await self._users.get_user(report.target_id)
        if target is None:
            raise UserNotFound
        stored = NewReport(
            id=new_id(),
            at=self._clock(),
            reason=report.reason,
            place=place,
            words=report.words,
            reporter_id=reporter_id,
            target_id=target.id,
            target_name=target.name,
            room_name=room_name,
            lines=lines,
        )
        await self._store.add(stored)
        _log.info("reported: %s, %s", report.reason, place)

    async def _lines(self, room_id: str, subject_id: str | None) -> tuple[ReportLine, ...]:
        try:
            recent = await self._recent_messages(room_id, MAX_LINES)
        except Unavailable:  # the report matters more than its lines
            _log.warning("a report has no lines: the chat cannot be read")
            return ()
        return tuple(_line(line, subject_id) for line in _bounded(recent))


def _bounded(lines: Sequence[ChatLine]) -> Sequence[ChatLine]:
    return lines[-MAX_LINES:]


def _line(line: ChatLine, subject_id: str | None) -> ReportLine:
    return ReportLine(line.user_id, line.name, line.text, line.at, line.id == subject_id)
