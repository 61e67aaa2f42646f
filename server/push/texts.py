"""Texts of notices on devices, by kind and language. A kind without texts is not sent to devices.

A message has what the device shows: the kind of news, the room's name, the time, and the page to open.
"""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import quote

from server.common.time_zones import zone_of
from server.notices.model import Language, StoredNotice
from server.protocol.notices import (
    AchievementsEarned,
    NewFollower,
    NoticeBody,
    RoomInvitation,
    WeekSummed,
)

_TITLES: dict[Language, dict[str, str]] = {
    "en": {
        "event_reminder": "Soon: {name}",
        "event_starting": "Starts now: {name}",
        "event_moved": "New time: {name}",
        "event_cancelled": "Cancelled: {name}",
        "event_paused": "Paused: {name}",
        "event_resumed": "Takes place after all: {name}",
        "event_place": "You have a place: {name}",
    },
    "vi": {
        "event_reminder": "Sắp bắt đầu: {name}",
        "event_starting": "Bắt đầu ngay: {name}",
        "event_moved": "Giờ mới: {name}",
        "event_cancelled": "Đã hủy: {name}",
        "event_paused": "Tạm dừng: {name}",
        "event_resumed": "Vẫn diễn ra: {name}",
        "event_place": "Bạn đã có chỗ: {name}",
    },
}
_WEEKS: dict[Language, tuple[str, str]] = {
    "en": ("Your week", "{minutes} min spoken on {days} of 7 days"),
    "vi": ("Tuần của bạn", "{minutes} phút nói, {days} trên 7 ngày"),
}
_INVITES: dict[Language, str] = {"en": "{name} invites you", "vi": "{name} mời bạn"}
PUSHED = frozenset(_TITLES["en"]) | {"week_summary", "room_invitation"}
_URGENT = frozenset({"event_starting", "room_invitation"})
_SOON_MINUTES = 60
_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "vi": ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATES = {
    "en": "{day}, {date.day} {month}, {date:%H:%M}",
    "vi": "{date:%H:%M}, {day}, {date.day}/{date.month}",
}
_MAX_TITLE = 200


def payload(notice: StoredNotice, language: Language, time_zone: str | None) -> bytes:
    """JSON for the service worker (`web/public/push-worker.js`)."""
    shown = {"id": notice.id, "lang": language, **_shown(notice.body, language, time_zone)}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":")).encode()


def _shown(body: NoticeBody, language: Language, time_zone: str | None) -> dict[str, str]:
    """Title, text and page. Raises TypeError for a kind without texts."""
    if isinstance(body, WeekSummed):
        title, text = _WEEKS[language]
        amounts = {"minutes": round(body.week.minutes), "days": body.week.days}
        return {"title": title, "body": text.format(**amounts), "path": "/progress"}
    if isinstance(body, RoomInvitation):
        return {
            "title": _INVITES[language].format(name=body.name)[:_MAX_TITLE],
            "body": body.room_name[:_MAX_TITLE],
            "path": f"/rooms/{body.room_id}" + (f"?invite={quote(body.invite)}" if body.invite else ""),
        }
    if isinstance(body, AchievementsEarned | NewFollower):
        raise TypeError(f"notices of the kind {body.kind} are not for devices")
    return {
        "title": _TITLES[language][body.kind].format(name=body.name)[:_MAX_TITLE],
        "body": written_time(body.starts_at, language, time_zone),
        "path": f"/schedule/{body.event_id}?at={body.occurrence_id}",
    }


def written_time(at: datetime, language: Language, time_zone: str | None) -> str:
    """Day and time by the person's own clock."""
    local = at.astimezone(zone_of(time_zone))
    day, month = _DAYS[language][local.weekday()], _MONTHS[local.month - 1]
    return _DATES[language].format(day=day, month=month, date=local)


def is_urgent(notice: StoredNotice) -> bool:
    """Whether it wakes a device that saves its battery (RFC 8030, section 5.3)."""
    minutes = getattr(notice.body, "minutes", _SOON_MINUTES + 1)
    return notice.body.kind in _URGENT or minutes <= _SOON_MINUTES
