"""Texts of notices as e-mails, by kind and language. A kind without texts is not mailed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.notices.model import Language, Reach
from server.protocol.notices import EventBody


@dataclass(frozen=True, slots=True)
class _Words:
    days: tuple[str, ...]
    months: tuple[str, ...]
    date: str
    page: str
    why: str
    subjects: dict[str, str]
    texts: dict[str, str]


_EN = _Words(
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
    date="{day}, {number} {month} {year}, {time} ({zone})",
    page="Its page: {link}",
    why="You get this because you have a place. E-mails can be turned off: {settings}",
    subjects={
        "event_reminder": "Soon: {name}",
        "event_moved": "New time: {name}",
        "event_cancelled": "Cancelled: {name}",
        "event_paused": "Paused: {name}",
        "event_resumed": "Takes place after all: {name}",
        "event_place": "You have a place: {name}",
    },
    texts={
        "event_reminder": "“{name}” begins on {at}.",
        "event_moved": "“{name}” has a new time: {at}. Before, it was {before}.",
        "event_cancelled": "“{name}” on {at} does not take place.",
        "event_paused": "“{name}” on {at} is paused. You get a message if it takes place after all.",
        "event_resumed": "“{name}” takes place after all: {at}.",
        "event_place": "A place became free, and it is yours: “{name}”, {at}.",
    },
)  # fmt: skip
_VI = _Words(
    days=("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    months=tuple(f"tháng {number}" for number in range(1, 13)),
    date="{time}, {day}, ngày {number} {month} năm {year} ({zone})",
    page="Trang của buổi này: {link}",
    why="Bạn nhận e-mail này vì bạn đã có chỗ. Có thể tắt e-mail tại: {settings}",
    subjects={
        "event_reminder": "Sắp bắt đầu: {name}",
        "event_moved": "Giờ mới: {name}",
        "event_cancelled": "Đã hủy: {name}",
        "event_paused": "Tạm dừng: {name}",
        "event_resumed": "Vẫn diễn ra: {name}",
        "event_place": "Bạn đã có chỗ: {name}",
    },
    texts={
        "event_reminder": "“{name}” bắt đầu lúc {at}.",
        "event_moved": "“{name}” có giờ mới: {at}. Giờ cũ là {before}.",
        "event_cancelled": "Buổi “{name}” lúc {at} đã bị hủy.",
        "event_paused": "Buổi “{name}” lúc {at} đang tạm dừng. Nếu buổi này vẫn diễn ra, bạn sẽ được báo.",
        "event_resumed": "Buổi “{name}” lúc {at} vẫn diễn ra.",
        "event_place": "Có một chỗ trống và chỗ đó là của bạn: “{name}”, {at}.",
    },
)  # fmt: skip
_WORDS: dict[Language, _Words] = {"en": _EN, "vi": _VI}
MAILED = frozenset(_EN.subjects)


def mail_text(body: EventBody, reach: Reach, page: str) -> tuple[str, str]:
    """Subject and plain text, with times in the person's own zone. `page`: the server's address."""
    words = _WORDS[reach.language]
    zone = reach.time_zone or "UTC"
    values = {"name": body.name, "at": written_date(body.starts_at, zone, reach.language)}
    if body.kind == "event_moved":
        values["before"] = written_date(body.was_at, zone, reach.language)
    link = words.page.format(link=f"{page}/schedule/{body.event_id}?at={body.occurrence_id}")
    why = words.why.format(settings=f"{page}/notices")
    text = f"{words.texts[body.kind].format(**values)}\n\n{link}\n\n{why}\n"
    return words.subjects[body.kind].format(**values), text


def written_date(at: datetime, zone: str, language: Language) -> str:
    """A date and time of day in that zone, which is named."""
    words, local = _WORDS[language], at.astimezone(ZoneInfo(zone))
    return words.date.format(
        day=words.days[local.weekday()],
        number=local.day,
        month=words.months[local.month - 1],
        year=local.year,
        time=f"{local:%H:%M}",
        zone=zone.replace("_", " "),
    )
