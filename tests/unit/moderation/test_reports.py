"""A report is stored, and matters more than its lines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from server.errors import Conflict, Unavailable, UserNotFound
from server.moderation.model import MAX_LINES
from server.moderation.reports import Reports
from server.protocol.moderation import NewReport, ReportPlace, ReportReason, RoomReport
from server.rooms.chat import ChatLine
from tests.fakes.moderation import FakeReports
from tests.fakes.rooms_world import a_user
from tests.fakes.stores import FakeUserStore

NOW = 1_800_000_000.0


class Desk:
    """Ann and Ben, and the last lines of their room's chat."""

    def __init__(self) -> None:
        self.store, self.users = FakeReports(), FakeUserStore()
        self.chat: list[ChatLine] = []
        self.is_down = False
        self.asked: list[tuple[str, int]] = []
        for name in ("ann", "ben"):
            self.users.users[name] = a_user(name)
        self.reports = Reports(self.store, self.users, self._recent, lambda: NOW)

    async def _recent(self, room_id: str, count: int) -> Sequence[ChatLine]:
        self.asked.append((room_id, count))
        if self.is_down:
            raise Unavailable
        return self.chat

    def write(self, line_id: str, author: str, *, is_deleted: bool = False) -> None:
        text = f"says {author}"
        line = ChatLine(line_id, "r1", f"p-{author}", author, author.title(), text, NOW, is_deleted)
        self.chat.append(line)


def a_report(**fields: object) -> RoomReport:
    return RoomReport(**{"target_id": "ben", "reason": ReportReason.INSULTS, **fields})  # type: ignore[arg-type]


async def test_a_report_from_a_room_has_its_last_lines_deleted_ones_too_and_marks_its_subject() -> None:
    desk = Desk()
    desk.write("l1", "ann")
    desk.write("l2", "ben", is_deleted=True)
    await desk.reports.from_room("ann", a_report(line_id="l2", words="He was rude."), "r1", "Coffee")
    (sent,) = desk.store.sent
    assert (sent.reporter_id, sent.target_id, sent.target_name, sent.room_name) == (
        "ann",
        "ben",
        "Ben",
        "Coffee",
    )
    assert (sent.place, sent.at, sent.words) == (ReportPlace.CHAT, NOW, "He was rude.")
    assert [(line.user_id, line.text, line.is_subject) for line in sent.lines] == [
        ("ann", "says ann", False),
        ("ben", "says ben", True),
    ]


async def test_no_more_lines_go_with_it_than_the_limit() -> None:
    desk = Desk()
    for number in range(3 * MAX_LINES):
        desk.write(f"l{number}", "ben")
    await desk.reports.from_room("ann", a_report(), "r1", "Coffee")
    (sent,) = desk.store.sent
    assert (len(sent.lines), sent.place) == (MAX_LINES, ReportPlace.ROOM)
    assert desk.asked == [("r1", MAX_LINES)]


async def test_it_is_taken_without_lines_while_the_chat_cannot_be_read() -> None:
    desk = Desk()
    desk.is_down = True
    await desk.reports.from_room("ann", a_report(), "r1", "Coffee")
    assert desk.store.sent[0].lines == ()


async def test_one_from_a_profile_asks_for_no_chat() -> None:
    desk = Desk()
    await desk.reports.from_profile("ann", NewReport(target_id="ben", reason=ReportReason.NAME))
    assert (desk.store.sent[0].place, desk.store.sent[0].room_name, desk.asked) == (
        ReportPlace.PROFILE,
        None,
        [],
    )


@pytest.mark.parametrize(("target", "error"), [("ann", Conflict), ("nobody", UserNotFound)])
async def test_neither_oneself_nor_nobody_can_be_reported(target: str, error: type[Exception]) -> None:
    desk = Desk()
    with pytest.raises(error):
        await desk.reports.from_room("ann", a_report(target_id=target), "r1", "Coffee")
    assert desk.store.sent == []
