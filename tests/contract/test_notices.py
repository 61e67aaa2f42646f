"""Notices and what of them is sent on, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from server.accounts.model import Identity
from server.cluster.memory import MemoryBus
from server.errors import UserNotFound
from server.notices.delivery import Deliveries
from server.notices.model import Channel, Reach, ReachChange, StoredNotice, new_notice
from server.notices.service import KEPT, Notices
from server.protocol.notices import EventPlace, EventReminder, NoticeQuery
from server.storage import Database, SqlAccountStore, SqlNoticeStore, tables
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.notices import FakePages
from tests.fakes.one_user import AT, fill

__all__ = ["database", "postgres_socket", "url"]

WHEN = datetime(2027, 3, 14, 23, 0, tzinfo=UTC)
PLACE = EventPlace(event_id="e1", occurrence_id="o1", name="Tea club", starts_at=WHEN)


class _Channel:
    """Carries reminders alone."""

    channel = Channel.MAIL

    def __init__(self) -> None:
        self.sent: list[tuple[StoredNotice, Reach]] = []

    def carries(self, kind: str) -> bool:
        return kind == "event_reminder"

    async def send(self, notice: StoredNotice, reach: Reach) -> None:
        self.sent.append((notice, reach))


class Centre:
    def __init__(self, database: Database) -> None:
        self.now = AT
        self.store = SqlNoticeStore(database)
        self.pages = FakePages()
        self.mails = _Channel()
        self.notices = Notices(self.store, MemoryBus(), self.pages, [self.mails], lambda: self.now)
        self.deliveries = Deliveries(self.store, [self.mails], lambda: self.now, _never)

    def reminder(self, name: str = "Tea club") -> EventReminder:
        return EventReminder(event_id="e1", occurrence_id="o1", name=name, starts_at=WHEN, minutes=10)


async def _never(_name: str, _every_s: float, _work: object) -> None:
    raise AssertionError("no sweep in these tests")


@pytest.fixture
async def centre(database: Database) -> Centre:
    for name in ("ann", "ben"):
        await fill(database, name)
    centre = Centre(database)
    for name in ("ann", "ben"):
        await centre.store.delete_all(name)
    return centre


async def test_a_notice_is_shown_at_once_and_listed_newest_first(centre: Centre) -> None:
    assert await centre.notices.notify("ann", PLACE)
    centre.now += 1
    assert await centre.notices.notify_all(["ann", "ben", "ann"], centre.reminder()) == 2
    assert [shown.unread for shown in centre.pages.shown["ann"]] == [1, 2]
    assert centre.pages.shown["ann"][0].notice is not None
    first = await centre.notices.page("ann", NoticeQuery(limit=1))
    assert [n.body for n in first.items] == [centre.reminder()]
    assert first.next_cursor
    second = await centre.notices.page("ann", NoticeQuery(limit=1, cursor=first.next_cursor))
    assert ([n.body for n in second.items], second.next_cursor) == ([PLACE], None)


async def test_a_key_is_told_once_to_each_person(centre: Centre) -> None:
    assert [await centre.notices.notify("ann", PLACE, key="place:o1") for _ in range(2)] == [True, False]
    assert await centre.notices.notify_all(["ann", "ben"], PLACE, key="place:o1") == 1
    assert not await centre.notices.notify("nobody", PLACE)


async def test_reading_and_deleting_are_for_oneself_alone(centre: Centre) -> None:
    await centre.notices.notify_all(["ann", "ben"], PLACE)
    await centre.notices.notify("ann", centre.reminder())
    [one, two] = (await centre.notices.page("ann", NoticeQuery())).items
    await centre.notices.mark_read("ben", [one.id, two.id])
    assert (await centre.notices.page("ann", NoticeQuery())).unread == 2
    await centre.notices.mark_read("ann", [one.id])
    assert [n.is_read for n in (await centre.notices.page("ann", NoticeQuery())).items] == [True, False]
    await centre.notices.mark_read("ann", None)
    assert centre.pages.shown["ann"][-1].unread == 0
    await centre.notices.delete_all("ann")
    assert (await centre.notices.page("ann", NoticeQuery())).items == []
    assert len((await centre.notices.page("ben", NoticeQuery())).items) == 1


async def test_the_oldest_go_when_there_are_too_many(centre: Centre) -> None:
    made = [new_notice("ann", PLACE, AT + number) for number in range(KEPT + 3)]
    for at in range(0, len(made), 100):
        await centre.store.add(made[at : at + 100], [], AT)
    kept = await centre.store.list_for("ann", KEPT + 9)
    assert [n.at for n in kept] == [AT + number for number in range(KEPT + 2, 2, -1)]


async def test_a_notice_is_sent_on_once_by_the_channels_that_carry_it(
    centre: Centre, database: Database
) -> None:
    await SqlAccountStore(database).add_identity(
        Identity("i1", "ann", "email", "ann@example.org", "Ann@example.org", AT), 9
    )
    await centre.store.set_reach("ann", ReachChange(language="vi"))
    await centre.notices.notify_all(["ann", "ben"], centre.reminder())
    await centre.notices.notify("ann", PLACE)
    counts = await asyncio.gather(*(centre.deliveries.send_due() for _ in range(4)))
    assert sum(counts) == 2
    reached = {notice.user_id: reach for notice, reach in centre.mails.sent}
    assert reached == {"ann": Reach("vi", "ann@example.org", None), "ben": Reach()}
    await centre.store.set_reach("ann", ReachChange(mail=False))
    assert await centre.store.reach_of("ann") == Reach("vi", None, None)
    assert not (await centre.store.settings_of("ann")).mail


async def test_what_is_too_late_is_not_sent(centre: Centre, database: Database) -> None:
    await centre.notices.notify("ann", centre.reminder(), useful_s=600)
    centre.now += 601
    assert await centre.deliveries.send_due() == 0
    assert centre.mails.sent == []
    async with database.read() as connection:
        table = tables.metadata.tables["notice_deliveries"]
        assert (await connection.execute(table.select())).all() == []


async def test_old_notices_go_and_settings_need_a_person(centre: Centre) -> None:
    await centre.notices.notify("ann", PLACE)
    await centre.store.delete_old(AT)
    assert len(await centre.store.list_for("ann", 9)) == 1
    await centre.store.delete_old(AT + 1)
    assert await centre.store.list_for("ann", 9) == []
    with pytest.raises(UserNotFound):
        await centre.store.set_reach("nobody", ReachChange(mail=False))
