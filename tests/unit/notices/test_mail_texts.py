from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

from server.notices.mail import MailChannel
from server.notices.mail_texts import MAILED, mail_text, written_date
from server.notices.model import Language, Reach, new_notice
from server.protocol.notices import (
    EventBody,
    EventCancelled,
    EventMoved,
    EventPaused,
    EventPlace,
    EventReminder,
    EventResumed,
    EventStarting,
)

START = datetime(2027, 3, 14, 23, 0, tzinfo=UTC)
ABOUT = {"event_id": "e1", "occurrence_id": "o1", "name": "Tea club", "starts_at": START}
BODIES: list[EventBody] = [
    EventReminder(**ABOUT, minutes=10),
    EventMoved(**ABOUT, was_at=datetime(2027, 3, 13, tzinfo=UTC)),
    EventCancelled(**ABOUT),
    EventPaused(**ABOUT),
    EventResumed(**ABOUT),
    EventPlace(**ABOUT),
]
LANGUAGES: tuple[Language, ...] = ("en", "vi")


def test_a_date_is_that_of_the_readers_own_zone_which_is_named() -> None:
    assert written_date(START, "America/New_York", "en") == "Sunday, 14 March 2027, 19:00 (America/New York)"
    assert (
        written_date(START, "Asia/Ho_Chi_Minh", "vi")
        == "06:00, Thứ Hai, ngày 15 tháng 3 năm 2027 (Asia/Ho Chi Minh)"
    )


def test_each_kind_that_is_mailed_has_a_text_in_each_language() -> None:
    assert {body.kind for body in BODIES} == MAILED
    for language in LANGUAGES:
        for body in BODIES:
            subject, text = mail_text(body, Reach(language, "a@b.c", "UTC"), "https://parlor.example")
            assert "Tea club" in subject
            assert "{" not in subject + text
            assert "https://parlor.example/schedule/e1?at=o1" in text
            assert "https://parlor.example/notices" in text
    assert {cls.model_fields["kind"].default for cls in get_args(EventBody)} - MAILED == {"event_starting"}


async def test_only_people_with_an_address_and_kinds_with_a_text_are_mailed() -> None:
    sent: list[str] = []

    async def send(to: str, _subject: str, _text: str) -> None:
        sent.append(to)

    channel = MailChannel(send, "https://parlor.example")
    reached = Reach("en", "ann@example.org", None)
    await channel.send(new_notice("ann", BODIES[0], 1.0), reached)
    await channel.send(new_notice("ben", BODIES[0], 1.0), Reach())
    await channel.send(new_notice("ann", EventStarting(**ABOUT), 1.0), reached)
    assert sent == ["ann@example.org"]
    assert channel.carries("event_place")
    assert not channel.carries("event_starting")
