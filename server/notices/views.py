"""Notices and quiet hours as messages."""

from __future__ import annotations

from server.notices.model import StoredNotice
from server.notices.quiet import QuietHours
from server.protocol.notices import Notice, QuietTimes
from server.rooms.views import timestamp


def notice_view(notice: StoredNotice) -> Notice:
    return Notice(id=notice.id, at=timestamp(notice.at), is_read=notice.read_at is not None, body=notice.body)


def quiet_of(times: QuietTimes | None) -> QuietHours | None:
    return None if times is None else QuietHours(_minutes(times.start), _minutes(times.end))


def quiet_view(quiet: QuietHours | None) -> QuietTimes | None:
    return None if quiet is None else QuietTimes(start=_time(quiet.start), end=_time(quiet.end))


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
