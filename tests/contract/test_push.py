"""Devices and the messages to them, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, text, update

from server.cluster.memory import MemoryBus
from server.errors import InvalidRequest, PushNotOffered, SessionEnded
from server.notices.model import ReachChange
from server.notices.quiet import QuietHours
from server.notices.service import Notices
from server.protocol.notices import EventPlace, EventReminder, EventStarting
from server.push.model import MAX_DEVICES, Target
from server.push.ports import Answer
from server.push.service import Push
from server.rooms.model import User
from server.storage import (
    Database,
    SqlAccountStore,
    SqlNoticeStore,
    SqlPushStore,
    SqlSessionStore,
    SqlStoredValues,
    SqlUserStore,
    tables,
)
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.notices import FakePages
from tests.fakes.push import FakeServices, fake_push
from tests.fakes.push_service import Device
from tests.fakes.statements import statements

__all__ = ["database", "postgres_socket", "url"]

AT = datetime(2027, 1, 15, 20, 0, tzinfo=UTC).timestamp()
WHEN = datetime(2027, 1, 16, 20, 0, tzinfo=UTC)
PLACE = EventPlace(event_id="e1", occurrence_id="o1", name="Tea club", starts_at=WHEN)
STARTS = EventStarting(event_id="e1", occurrence_id="o1", name="Tea club", starts_at=WHEN)
HOUR = 3_600.0
NIGHT = QuietHours(22 * 60, 7 * 60)


class Post:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = AT
        self.store, self.told = SqlPushStore(database), SqlNoticeStore(database)
        self.services = FakeServices()
        self.push = fake_push(lambda: self.now, self.store, self.services)
        self.notices = Notices(self.told, MemoryBus(), FakePages(), [self.push], lambda: self.now)
        self.sessions = SqlSessionStore(database)

    async def device(self, user_id: str, session: str) -> Target:
        """A session with a subscription."""
        await self.sessions.add_session(session, user_id, self.now)
        target = Device(f"https://fcm.googleapis.com/{session}").target
        await self.push.subscribe(user_id, session, target)
        return target

    async def rows(self, name: str) -> list[dict[str, Any]]:
        table = tables.metadata.tables[name]
        async with self.database.read() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]


@pytest.fixture
async def post(database: Database) -> Post:
    for name in ("ann", "ben"):
        await SqlUserStore(database).add_user(User(name, name.title(), "/a.svg", AT, time_zone="UTC"))
    return Post(database)


async def test_each_device_gets_a_notice_once_whoever_sends(post: Post) -> None:
    phone, laptop = await post.device("ann", "phone"), await post.device("ann", "laptop")
    await post.device("ben", "ben-phone")
    await post.notices.notify("ann", PLACE)
    counts = await asyncio.gather(*(post.push.send_due() for _ in range(4)))
    assert sum(counts) == 2
    assert sorted(t.endpoint for t in post.services.sent) == sorted([phone.endpoint, laptop.endpoint])
    assert await post.push.send_due() == 0
    assert await post.rows("push_messages") == []


async def test_many_messages_are_taken_with_as_few_statements_as_two(post: Post) -> None:
    counts = []
    for number in range(2 * MAX_DEVICES):
        await post.device("ben" if number % 2 else "ann", f"phone-{number}")
    for people in (["ben"], ["ann", "ben"]):
        await post.notices.notify_all(people, PLACE)
        with statements(post.database) as found:
            assert len(await post.store.take_due(post.now, 64)) == MAX_DEVICES * len(people)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 6, found


async def test_one_person_has_few_devices_and_the_oldest_makes_room(post: Post) -> None:
    for number in range(MAX_DEVICES + 2):
        post.now += 1
        await post.device("ann", f"s{number}")
    kept = set(await post.push.sessions_of("ann"))
    assert kept == {f"s{number}" for number in range(2, MAX_DEVICES + 2)}


async def test_a_browser_that_subscribes_again_keeps_its_messages_and_one_subscription(post: Post) -> None:
    target = await post.device("ann", "phone")
    await post.notices.notify("ann", PLACE)
    await post.push.subscribe("ann", "phone", target)
    assert await post.push.send_due() == 1
    other = Device("https://fcm.googleapis.com/new").target
    await post.push.subscribe("ann", "phone", other)
    assert [row["endpoint"] for row in await post.rows("push_subscriptions")] == [other.endpoint]


async def test_a_browser_is_that_of_who_signed_in_last_and_shows_nothing_older(
    post: Post,
) -> None:
    target = await post.device("ann", "old")
    await post.notices.notify("ann", PLACE)
    await post.sessions.add_session("new", "ben", AT)
    await post.push.subscribe("ben", "new", target)
    assert (await post.push.sessions_of("ann"), await post.push.sessions_of("ben")) == ([], ["new"])
    await post.push.send_due()
    assert post.services.sent == []


async def test_what_knows_the_endpoint_alone_takes_no_device_over(post: Post) -> None:
    target = await post.device("ann", "phone")
    await post.sessions.add_session("eve", "ben", AT)
    await post.push.subscribe("ben", "eve", Device(target.endpoint).target)
    await post.notices.notify("ann", PLACE)
    await post.push.send_due()
    assert post.services.sent == [target]


async def test_signing_out_ends_the_messages_to_that_device(post: Post) -> None:
    await post.device("ann", "phone")
    laptop = await post.device("ann", "laptop")
    await post.notices.notify("ann", PLACE)
    await post.sessions.delete_sessions("ann", only="phone")
    await post.push.send_due()
    assert post.services.sent == [laptop]
    with pytest.raises(SessionEnded):
        await post.push.subscribe("ann", "phone", laptop)
    await SqlAccountStore(post.database).delete_user("ann", 0.0)
    assert await post.rows("push_subscriptions") == []


async def test_a_subscription_that_is_gone_is_deleted_and_the_others_stay(post: Post) -> None:
    await post.device("ann", "phone")
    await post.device("ben", "laptop")
    post.services.answers = [Answer(410)]
    await post.notices.notify("ann", PLACE)
    await post.push.send_due()
    assert [row["session_digest"] for row in await post.rows("push_subscriptions")] == ["laptop"]


async def test_a_busy_service_is_asked_again_later_and_not_for_ever(post: Post) -> None:
    await post.device("ann", "phone")
    await post.notices.notify("ann", PLACE)
    post.services.answers = [Answer(429, 90.0), Answer(503), Answer(0)]
    await post.push.send_due()
    assert (await post.push.send_due(), len(post.services.sent)) == (0, 1)
    for wait, sent in ((89, 1), (1, 2), (119, 2), (1, 3), (479, 3), (1, 4)):
        post.now += wait
        await post.push.send_due()
        assert len(post.services.sent) == sent
    assert await post.rows("push_messages") == []
    post.services.answers = [Answer(500)] * 9
    await post.notices.notify("ann", PLACE)
    for _ in range(9):
        post.now += HOUR
        await post.push.send_due()
    assert len(post.services.sent) == 4 + 5
    assert await post.rows("push_messages") == []


async def test_a_refused_message_does_not_come_again(post: Post) -> None:
    await post.device("ann", "phone")
    post.services.answers = [Answer(400)]
    await post.notices.notify("ann", PLACE)
    await post.push.send_due()
    post.now += HOUR
    assert await post.push.send_due() == 0
    assert len(await post.rows("push_subscriptions")) == 1


async def test_nothing_comes_in_quiet_hours_and_what_is_useful_comes_after_them(post: Post) -> None:
    await post.device("ann", "phone")
    await post.told.set_reach("ann", ReachChange(quiet=NIGHT, sets_quiet=True))
    post.now = AT + 4 * HOUR  # midnight
    await post.notices.notify("ann", PLACE)
    await post.notices.notify("ann", STARTS, useful_s=1_800)
    assert len(await post.rows("push_messages")) == 1
    post.now += 6.9 * HOUR
    assert await post.push.send_due() == 0
    post.now += 0.1 * HOUR
    assert await post.push.send_due() == 1
    assert [h["Urgency"] for h in post.services.headers] == ["normal"]


async def test_quiet_hours_that_are_set_meanwhile_hold_a_message_up(post: Post) -> None:
    await post.device("ann", "phone")
    post.now = AT + 4 * HOUR
    await post.notices.notify("ann", PLACE)
    await post.told.set_reach("ann", ReachChange(quiet=NIGHT, sets_quiet=True))
    await post.push.send_due()
    assert post.services.sent == []
    post.now += 7 * HOUR
    await post.push.send_due()
    assert len(post.services.sent) == 1


async def test_the_hours_are_those_of_the_persons_own_zone(post: Post) -> None:
    await post.device("ann", "phone")
    await post.told.set_reach("ann", ReachChange(quiet=NIGHT, sets_quiet=True))
    users = tables.users
    async with post.database.write() as connection:
        await connection.execute(
            update(users).where(users.c.id == "ann").values(time_zone="Asia/Ho_Chi_Minh")
        )
    await post.notices.notify("ann", PLACE)  # 20:00 in UTC is 3:00 there
    assert await post.push.send_due() == 0
    post.now += 4 * HOUR
    assert await post.push.send_due() == 1


async def test_topics_are_turned_off_and_what_was_read_is_not_sent(post: Post) -> None:
    await post.device("ann", "phone")
    await post.told.set_reach("ann", ReachChange(topics=["reminders"]))
    chosen = await post.told.settings_of("ann")
    assert (chosen.topics, chosen.mail) == (("reminders",), True)
    await post.notices.notify("ann", PLACE)
    assert await post.push.send_due() == 0
    await post.notices.notify("ann", STARTS)
    await post.notices.mark_read("ann", None)
    await post.push.send_due()
    assert post.services.sent == []


async def test_what_is_too_late_is_dropped(post: Post) -> None:
    await post.device("ann", "phone")
    await post.notices.notify("ann", STARTS, useful_s=600)
    post.now += 601
    await post.push.send_due()
    assert (post.services.sent, await post.rows("push_messages")) == ([], [])


async def test_a_strangers_url_and_keys_are_checked(post: Post) -> None:
    await post.sessions.add_session("phone", "ann", AT)
    good = Device("https://fcm.googleapis.com/1").target
    for endpoint in (
        "https://169.254.169.254/latest",
        "http://fcm.googleapis.com/1",
        "https://evil.example/1",
    ):
        with pytest.raises(PushNotOffered):
            await post.push.subscribe("ann", "phone", Target(endpoint, good.p256dh, good.auth))
    for p256dh, auth in ((b"\x04" + b"\1" * 64, good.auth), (good.p256dh, b"short")):
        with pytest.raises(InvalidRequest):
            await post.push.subscribe("ann", "phone", Target(good.endpoint, p256dh, auth))
    assert await post.rows("push_subscriptions") == []


async def test_servers_that_start_at_once_have_one_key(post: Post) -> None:
    def server() -> Push:
        services, stored = FakeServices(), SqlStoredValues(post.database)
        return Push(post.store, stored, services, post.push._rules, lambda: AT)

    keys = await asyncio.gather(*(server().public_key() for _ in range(5)))
    assert len(set(keys)) == 1
    assert await server().public_key() == keys[0]


async def test_reminders_of_the_day_before_wait_for_the_morning_and_late_ones_do_not(post: Post) -> None:
    await post.device("ann", "phone")
    about = {"event_id": "e1", "occurrence_id": "o1", "name": "Tea", "starts_at": WHEN}
    day = EventReminder(**about, minutes=1_440)
    await post.told.set_reach("ann", ReachChange(quiet=NIGHT, sets_quiet=True))
    post.now = AT + 4 * HOUR
    await post.notices.notify("ann", day, useful_s=12 * HOUR)
    [row] = await post.rows("push_messages")
    assert row["due_at"] == post.now + 7 * HOUR


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT due_at FROM push_messages ORDER BY due_at LIMIT 1", "ix_push_messages_due_at"),
        (
            "SELECT id FROM push_subscriptions WHERE user_id = 'ann' ORDER BY created_at, id",
            "ix_push_subscriptions_user_id_created_at",
        ),
        ("DELETE FROM push_messages WHERE subscription_id = 'x'", "ix_push_messages_subscription_id"),
        ("DELETE FROM push_subscriptions WHERE session_digest = 'x'", "session_digest"),
    ],
)
async def test_queries_use_their_indexes(post: Post, query: str, index: str) -> None:
    async with post.database.write() as connection:
        if not post.database.is_sqlite:
            await connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN QUERY PLAN " if post.database.is_sqlite else "EXPLAIN "
        plan = "\n".join(str(row) for row in await connection.execute(text(explain + query)))
    assert index in plan
