"""Messages to devices through a push service on this machine: an invitation into a room, and a week."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from server.cluster.memory import MemoryBus
from server.notices.model import ReachChange
from server.notices.quiet import QuietHours
from server.notices.service import Notices
from server.progress.sweeps import WeekSweep
from server.push.endpoints import EndpointRules
from server.push.sender import HttpPushServices
from server.push.service import Push
from server.rooms.model import User
from server.storage import (
    Database,
    SqlNoticeStore,
    SqlProgressStore,
    SqlPushStore,
    SqlSessionStore,
    SqlStoredValues,
    SqlUserStore,
    SqlWeekStore,
)
from server.tutor.days import start_of
from server.tutor.model import PracticeDay
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.notices import FakePages
from tests.fakes.push_service import Device, PushService, push_service
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.server_process import ServerProcess

__all__ = ["database", "postgres_socket", "url"]

WITHIN_S = 15.0
HANOI = "Asia/Ho_Chi_Minh"
MONDAY_8 = datetime(2026, 11, 30, 1, 0, tzinfo=UTC).timestamp()
"""Eight in the morning in Hà Nội."""


async def test_an_invitation_reaches_the_device_of_the_friend(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        pushes = await stack.enter_async_context(push_service())
        settings = {"PUSH_SERVICES": pushes.url}
        server = await stack.enter_async_context(ServerProcess(tmp_path / "data", settings))
        rest = await stack.enter_async_context(RestClient(server.url))
        ann, ben = await rest.guest("Ann"), await rest.guest("Ben")
        ids = {token: (await rest.request("GET", "/api/users/me", token))["id"] for token in (ann, ben)}
        pushes.public_key = (await rest.request("GET", "/api/notices/settings", ben))["pushKey"]
        device = pushes.device()
        await rest.request("POST", "/api/push/subscription", ben, device.wire())
        for one, other in ((ann, ben), (ben, ann)):
            await rest.request("PUT", f"/api/people/{ids[other]}/follow", one)
        room = await rest.create_room(ann, name="Film club", type="private")
        seat = await stack.enter_async_context(RtcClient(server.url, ann))
        await seat.join(room["id"])
        await rest.request("POST", f"/api/rooms/{room['id']}/invitations", ann, {"userId": ids[ben]})
        async with asyncio.timeout(WITHIN_S):
            message = await pushes.news.get()
        assert message.payload["title"] == "Ann invites you"
        assert message.payload["body"] == "Film club"
        assert message.payload["path"] == f"/rooms/{room['id']}?invite={room['invite']}"
        assert message.headers["Urgency"] == "high"
        assert message.device is device
        assert server.complaints() == []


class Week:
    """Ann's last week, on one server. `now` is its clock."""

    def __init__(self, database: Database, pushes: PushService) -> None:
        self.now = MONDAY_8 - 1
        self.database, self.pushes = database, pushes
        pushes.clock = self.clock
        rules = EndpointRules.of([pushes.url])
        store, stored = SqlPushStore(database), SqlStoredValues(database)
        self.push = Push(store, stored, HttpPushServices(rules), rules, self.clock)
        self.store = SqlNoticeStore(database)
        notices = Notices(self.store, MemoryBus(), FakePages(), [self.push], self.clock)
        self._sweep = WeekSweep(SqlWeekStore(database), notices, self.clock, _always)

    def clock(self) -> float:
        return self.now

    async def settle(self) -> Device:
        """Ann practised twice, and turned messages on."""
        await SqlUserStore(self.database).add_user(User("ann", "Ann", "/a.svg", 1.0, time_zone=HANOI))
        await SqlSessionStore(self.database).add_session("s1", "ann", 1.0)
        for day in (date(2026, 11, 24), date(2026, 11, 26)):
            at = start_of(day, HANOI)
            practised = PracticeDay(day.isoformat(), speaking_s=600.0, turns=5, starts_at=at)
            await SqlProgressStore(self.database).add_progress("ann", practised)
        device = self.pushes.device()
        await self.push.subscribe("ann", "s1", device.target)
        return device

    async def pass_to(self, now: float) -> None:
        self.now = now
        await self._sweep.sum_up()
        await self.push.send_due()


async def _always(_name: str, _every_s: float, work: Callable[[], Awaitable[None]]) -> None:
    await work()


@pytest.fixture
async def week(database: Database) -> AsyncIterator[Week]:
    async with push_service() as pushes:
        week = Week(database, pushes)
        yield week
        await week.push.aclose()


async def test_a_week_reaches_the_device_on_monday_morning_once(week: Week) -> None:
    device = await week.settle()
    await week.store.set_reach("ann", ReachChange(language="vi"))
    await week.pass_to(MONDAY_8 - 1)
    assert week.pushes.received == []
    for later_s in (0.0, 600.0, 86_400.0):
        await week.pass_to(MONDAY_8 + later_s)
    (payload,) = week.pushes.payloads(device)
    assert payload["title"] == "Tuần của bạn"
    assert payload["body"] == "20 phút nói, 2 trên 7 ngày"
    assert payload["path"] == "/progress"


async def test_a_week_waits_for_the_end_of_quiet_hours(week: Week) -> None:
    device = await week.settle()
    await week.store.set_reach("ann", ReachChange(quiet=QuietHours(22 * 60, 9 * 60), sets_quiet=True))
    await week.pass_to(MONDAY_8)
    await week.pass_to(MONDAY_8 + 3_599)
    assert week.pushes.received == []
    await week.pass_to(MONDAY_8 + 3_600)
    assert [payload["title"] for payload in week.pushes.payloads(device)] == ["Your week"]


async def test_no_week_reaches_a_device_whose_owner_turned_summaries_off(week: Week) -> None:
    await week.settle()
    await week.store.set_reach("ann", ReachChange(topics=["reminders"]))
    await week.pass_to(MONDAY_8)
    assert week.pushes.received == []
