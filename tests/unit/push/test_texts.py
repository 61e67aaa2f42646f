from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import get_args

import pytest

from server.notices.model import Language, new_notice
from server.notices.topics import TOPICS, topic_of
from server.protocol.notices import (
    EventBody,
    EventPlace,
    EventReminder,
    EventStarting,
    NoticeTopic,
    RoomInvitation,
    WeekSummed,
)
from server.protocol.progress import WeekSummary
from server.push.texts import PUSHED, is_urgent, payload, written_time

START = datetime(2027, 3, 14, 23, 0, tzinfo=UTC)
KINDS = {body.model_fields["kind"].default for body in (*get_args(EventBody), WeekSummed, RoomInvitation)}


def _starting(name: str) -> EventStarting:
    return EventStarting(event_id="e1", occurrence_id="o1", name=name, starts_at=START)


def test_a_message_has_what_the_device_shows_and_nothing_about_the_person() -> None:
    notice = new_notice("ann", _starting("Tea club"), 1.0)
    assert json.loads(payload(notice, "en", "America/New_York")) == {
        "id": notice.id,
        "lang": "en",
        "title": "Starts now: Tea club",
        "body": "Sun, 14 Mar, 19:00",
        "path": "/schedule/e1?at=o1",
    }
    assert json.loads(payload(notice, "vi", "Asia/Ho_Chi_Minh"))["body"] == "06:00, Thứ Hai, 15/3"
    assert written_time(START, "en", None) == "Sun, 14 Mar, 23:00"


@pytest.mark.parametrize("language", get_args(Language))
def test_each_kind_that_is_sent_has_a_title_in_each_language_and_a_topic(language: Language) -> None:
    assert KINDS >= PUSHED
    place = EventPlace(event_id="e1", occurrence_id="o1", name="Tea", starts_at=START)
    for kind in PUSHED - {"week_summary", "room_invitation"}:
        body = place.model_copy(update={"kind": kind})
        assert "Tea" in json.loads(payload(new_notice("ann", body, 1.0), language, None))["title"]
    assert {topic_of(kind) for kind in PUSHED} == set(TOPICS) == set(get_args(NoticeTopic))


def test_an_invitation_says_who_invites_and_opens_the_room() -> None:
    about = {"user_id": "mai", "name": "Mai", "room_id": "r1", "room_name": "Coffee"}
    opened = new_notice("ann", RoomInvitation(**about, invite=None), 1.0)
    assert json.loads(payload(opened, "vi", None))["title"] == "Mai mời bạn"
    private = json.loads(payload(new_notice("ann", RoomInvitation(**about, invite="a_b-c"), 1.0), "en", None))
    assert (private["title"], private["body"]) == ("Mai invites you", "Coffee")
    assert private["path"] == "/rooms/r1?invite=a_b-c"
    assert is_urgent(opened)


def test_the_week_is_summed_up_in_a_line() -> None:
    figures = {"people": 1, "mended": 2, "words": 3, "due": 4}
    week = WeekSummary(monday="2027-03-08", days=4, minutes=41.6, **figures)
    notice = new_notice("ann", WeekSummed(week=week, goal_reached=True), 1.0)
    shown = json.loads(payload(notice, "en", None))
    assert (shown["body"], shown["path"]) == ("42 min spoken on 4 of 7 days", "/progress")
    assert json.loads(payload(notice, "vi", None))["body"] == "42 phút nói, 4 trên 7 ngày"


def test_a_long_name_is_cut() -> None:
    notice = new_notice("ann", _starting("ế" * 5_000), 1.0)
    assert len(json.loads(payload(notice, "vi", None))["title"]) == 200


def test_only_what_begins_soon_wakes_a_sleeping_device() -> None:
    about = {"event_id": "e1", "occurrence_id": "o1", "name": "Tea", "starts_at": START}
    urgent: list[EventBody] = [EventStarting(**about), EventReminder(**about, minutes=10)]
    calm: list[EventBody] = [EventReminder(**about, minutes=1_440), EventPlace(**about)]
    assert all(is_urgent(new_notice("ann", body, 1.0)) for body in urgent)
    assert not any(is_urgent(new_notice("ann", body, 1.0)) for body in calm)
