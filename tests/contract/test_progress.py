"""Achievements, speech and people in rooms, and weeks, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text

from server.cluster.memory import MemoryBus
from server.learning.model import NewWord, WeekGoal
from server.notices.service import Notices
from server.people.model import Meeting
from server.progress.awards import Awards
from server.progress.service import Progress
from server.progress.sweeps import WeekSweep
from server.protocol.notices import AchievementsEarned, NoticeQuery, WeekSummed
from server.rooms.model import User
from server.storage import (
    Database,
    SqlAchievementStore,
    SqlMeetingStore,
    SqlMemoryStore,
    SqlNoticeStore,
    SqlProgressStore,
    SqlUserStore,
    SqlWeekStore,
    SqlWordStore,
)
from server.storage.account_merge import merge
from server.storage.progress_tables import learner_weeks
from server.storage.tables import progress, users
from server.storage.weeks import open_weeks
from server.tutor.days import start_of
from server.tutor.model import PracticeDay
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.notices import FakePages

__all__ = ["database", "postgres_socket", "url"]

HANOI, NEW_YORK = "Asia/Ho_Chi_Minh", "America/New_York"
MONDAY = date(2026, 11, 23)
"""Of the week that the tests are about."""
DAY_S = 86_400.0


def wednesday(hour: float, zone_h: float = 7) -> float:
    """That hour of Wednesday, 25 November, in Hà Nội."""
    return datetime(2026, 11, 25, tzinfo=UTC).timestamp() + (hour - zone_h) * 3_600


class Town:
    """Ann and Ben in Hà Nội, Cem in New York. `now` is the clock. Several servers share the stores."""

    def __init__(self, database: Database) -> None:
        self.now = wednesday(12)
        self.database = database
        self.users = SqlUserStore(database)
        self.store, self.weeks = SqlAchievementStore(database), SqlWeekStore(database)
        self.days = SqlProgressStore(database)
        self.meetings = SqlMeetingStore(database)
        self.pages = FakePages()
        self.notices = Notices(SqlNoticeStore(database), MemoryBus(), self.pages, [], lambda: self.now)
        self.awards = self.new_awards()
        self.progress = Progress(self.store, self.weeks, self.users, self.awards, lambda: self.now)
        self.sweep = self.new_sweep()

    def new_awards(self) -> Awards:
        """Make the awards of one more server."""
        return Awards(self.store, self.users, self.notices, lambda: self.now)

    def new_sweep(self, page: int = 100) -> WeekSweep:
        return WeekSweep(self.weeks, self.notices, lambda: self.now, _always, page=page)

    async def settle(self) -> None:
        for name, zone in (("ann", HANOI), ("ben", HANOI), ("cem", NEW_YORK)):
            user = User(name, name.title(), f"/api/avatars/g/{name}.svg", 1.0, time_zone=zone)
            await self.users.add_user(user)

    async def practised(self, user: str, *days: date, zone: str = HANOI, **amounts: Any) -> None:
        for day in days:
            made = PracticeDay(day.isoformat(), speaking_s=60.0, turns=3, starts_at=start_of(day, zone))
            await self.days.add_progress(user, replace(made, **amounts))

    async def met(self, one: str, other: str, at: float = 0.0) -> None:
        await self.meetings.record([Meeting(one, other, at or self.now, "Tea")], 500)

    async def grant(self, user: str) -> None:
        await self.awards.grant(user, await self.awards.counts(user))

    async def told(self, user: str) -> list[object]:
        page = await self.notices.page(user, NoticeQuery(limit=50))
        return [notice.body for notice in page.items]


async def _always(_name: str, _every_s: float, work: Callable[[], Awaitable[None]]) -> None:
    await work()


@pytest.fixture
async def town(database: Database) -> Town:
    town = Town(database)
    await town.settle()
    return town


class TestSpeechInRooms:
    async def test_it_counts_for_the_day_of_each_persons_own_zone(self, town: Town) -> None:
        town.now = wednesday(9)  # Tuesday evening in New York
        await town.store.add_speech({"ann": 40.0, "cem": 40.0, "gone": 40.0}, town.now)
        await town.store.add_speech({"ann": 20.0}, town.now)
        [ann] = await town.days.progress("ann", "2026-11-01")
        assert (ann.day, ann.together_s, ann.starts_at) == ("2026-11-25", 60.0, wednesday(0))
        [cem] = await town.days.progress("cem", "2026-11-01")
        assert (cem.day, cem.together_s) == ("2026-11-24", 40.0)

    async def test_half_a_minute_makes_a_day_one_with_practice(self, town: Town) -> None:
        await town.store.add_speech({"ann": 29.0, "ben": 31.0}, town.now)
        assert await town.store.kept_days("ann") == []
        assert [day.day for day in await town.store.kept_days("ben")] == [date(2026, 11, 25)]

    async def test_servers_that_write_at_once_lose_nothing(self, town: Town) -> None:
        spoken = {"ann": 5.0, "ben": 5.0}
        await asyncio.gather(*(town.store.add_speech(spoken, town.now) for _ in range(8)))
        for user in spoken:
            [day] = await town.days.progress(user, "2026-11-01")
            assert day.together_s == 40.0


class TestPeopleMet:
    async def test_both_have_met_once(self, town: Town) -> None:
        for _ in range(2):
            await town.met("ann", "ben")
            await town.met("ann", "gone")
        for user in ("ann", "ben"):
            assert (await town.store.counts(user)).people == 1

    async def test_rooms_in_which_the_same_people_meet_at_once_agree(self, town: Town) -> None:
        await asyncio.gather(
            *(town.met(*pair) for pair in (("ann", "ben"), ("ben", "cem")) for _ in range(4))
        )
        assert [(await town.store.counts(user)).people for user in ("ann", "ben", "cem")] == [1, 2, 1]

    async def test_a_profile_that_is_gone_stays_counted_and_is_not_named(self, town: Town) -> None:
        await town.met("ann", "ben")
        async with town.database.write() as connection:
            await connection.execute(text("DELETE FROM users WHERE id = 'ben'"))
        assert (await town.store.counts("ann")).people == 1


class TestAchievements:
    async def test_they_are_granted_once_with_one_notice(self, town: Town) -> None:
        await town.practised("ann", *(MONDAY + timedelta(days=n) for n in range(3)))
        servers = [town.new_awards() for _ in range(5)]
        counts = await town.awards.counts("ann")
        await asyncio.gather(*(server.grant("ann", counts) for server in servers))
        await town.grant("ann")
        assert await town.told("ann") == [AchievementsEarned(names=["first_talk", "streak_3"])]
        assert set(await town.store.earned("ann")) == {"first_talk", "streak_3"}

    async def test_what_was_earned_before_stays_when_a_count_goes_down(self, town: Town) -> None:
        words = SqlWordStore(town.database)
        for number in range(30):
            await words.add("ann", NewWord("en", f"word {number}", "meaning", "", None, town.now), 100)
        await town.grant("ann")
        await words.forget_all("ann")
        shown = {one.name: one for one in (await town.progress.achievements("ann")).items}
        assert (shown["words_30"].done, (await town.store.counts("ann")).words) == (30, 0)
        assert shown["words_30"].at is not None

    async def test_all_that_is_stored_counts(self, town: Town) -> None:
        await town.practised("ann", MONDAY, mended=2, together_s=90.0)
        words = SqlWordStore(town.database)
        for word in ("queue", "receipt"):
            await words.add("ann", NewWord("en", word, "meaning", "", None, town.now), 100)
        counts = await town.awards.counts("ann")
        assert (counts.turns, counts.talked_s, counts.together_s) == (3, 150.0, 90.0)
        assert (counts.mended, counts.words, counts.days, counts.best_streak) == (2, 2, 1, 1)

    async def test_somebody_without_practice_has_none(self, town: Town) -> None:
        assert {one.at for one in (await town.progress.achievements("ann")).items} == {None}
        assert await town.told("ann") == []

    async def test_a_profile_that_is_gone_is_granted_nothing(self, town: Town) -> None:
        await town.practised("ann", MONDAY)
        counts = await town.awards.counts("ann")
        async with town.database.write() as connection:
            await connection.execute(text("DELETE FROM users WHERE id = 'ann'"))
        await town.awards.grant("ann", counts)

    async def test_those_who_were_active_are_looked_at_soon_and_not_for_each_sentence(
        self, town: Town
    ) -> None:
        await town.practised("ann", MONDAY)
        for _ in range(3):
            town.awards.touch("ann")
            await town.awards.look()
        assert await town.told("ann") == [AchievementsEarned(names=["first_talk"])]
        await town.met("ann", "ben")
        town.awards.touch("ann")
        await town.awards.look()
        assert len(await town.told("ann")) == 1
        town.now += 121
        await town.awards.look()
        assert len(await town.told("ann")) == 2


class TestStreaks:
    async def test_they_follow_what_is_stored(self, town: Town) -> None:
        await town.practised("ann", MONDAY, MONDAY + timedelta(days=1))
        streak = await town.progress.streak("ann")
        assert (streak.length, streak.is_today_done, len(streak.days)) == (2, False, 35)
        assert [day.state for day in streak.days[-3:]] == ["kept", "kept", "open"]

    async def test_a_guests_days_are_united_with_those_of_the_account(self, town: Town) -> None:
        """Ben was Ann's guest profile: a day of both is one day."""
        days = [MONDAY - timedelta(days=n) for n in range(4)]
        await town.practised("ann", days[0], days[1])
        await town.practised("ben", days[1], days[2], days[3])
        await town.grant("ann")
        await town.grant("ben")
        async with town.database.write() as connection:
            await merge(connection, "ben", "ann")
        streak = await town.progress.streak("ann")
        assert (streak.length, streak.best, streak.has_freeze) == (4, 4, False)
        assert (await town.awards.counts("ann")).days == 4
        assert set(await town.store.earned("ann")) == {"first_talk", "streak_3"}

    async def test_days_of_earlier_versions_count_in_the_zone_of_the_profile(self, town: Town) -> None:
        for n in range(2):
            day = (MONDAY + timedelta(days=n)).isoformat()
            await town.days.add_progress("cem", PracticeDay(day, turns=1))
        assert (await town.progress.streak("cem")).length == 2


class TestWeeks:
    async def test_a_week_is_summed_up_once_on_each_persons_own_monday(self, town: Town) -> None:
        for user, zone in (("ann", HANOI), ("cem", NEW_YORK)):
            await town.practised(user, MONDAY, MONDAY + timedelta(days=6), zone=zone)
        told_at: dict[str, list[float]] = {"ann": [], "ben": [], "cem": []}
        town.now = start_of(MONDAY + timedelta(days=6), HANOI)
        for _ in range(4 * 24):
            await asyncio.gather(*(town.new_sweep().sum_up() for _ in range(3)))
            for user, times in told_at.items():
                if len(await town.told(user)) > len(times):
                    times.append(town.now)
            town.now += 3_600
        eight = timedelta(hours=8).total_seconds()
        monday = MONDAY + timedelta(days=7)
        assert told_at == {
            "ann": [start_of(monday, HANOI) + eight],
            "ben": [],
            "cem": [start_of(monday, NEW_YORK) + eight],
        }

    async def test_it_says_what_was_done_and_that_the_goal_was_reached(self, town: Town) -> None:
        memory = SqlMemoryStore(town.database)
        goal = WeekGoal("minutes", 3)
        await memory.change_settings("ann", lambda now: replace(now, week_goal=goal))
        await town.practised("ann", MONDAY, MONDAY + timedelta(days=6), mended=1, together_s=30.0)
        await town.practised("ann", MONDAY - timedelta(days=1), MONDAY + timedelta(days=7))
        await town.met("ann", "ben")
        await town.met("ann", "cem", start_of(MONDAY, HANOI) - 1)
        words = SqlWordStore(town.database)
        await words.add("ann", NewWord("en", "queue", "meaning", "", None, town.now), 100)
        town.now = start_of(MONDAY + timedelta(days=7), HANOI) + 9 * 3_600
        await town.sweep.sum_up()
        [told] = await town.told("ann")
        assert isinstance(told, WeekSummed)
        week = told.week
        assert (week.monday, week.days, week.minutes, told.goal_reached) == ("2026-11-23", 2, 3.0, True)
        assert (week.people, week.mended, week.words, week.due) == (1, 2, 1, 0)
        assert await town.progress.last_week("ann") == week
        assert (await town.store.counts("ann")).weeks == 1

    async def test_deleting_the_notice_does_not_bring_it_again(self, town: Town) -> None:
        await town.practised("ann", MONDAY)
        town.now = start_of(MONDAY + timedelta(days=7), HANOI) + 9 * 3_600
        await town.sweep.sum_up()
        await town.notices.delete_all("ann")
        await town.sweep.sum_up()
        assert await town.told("ann") == []

    async def test_a_change_of_zone_on_monday_brings_no_second_one(self, town: Town) -> None:
        await town.practised("ann", MONDAY)
        town.now = start_of(MONDAY + timedelta(days=7), HANOI) + 9 * 3_600
        await town.sweep.sum_up()
        ann = await town.users.get_user("ann")
        assert ann is not None
        for zone in (NEW_YORK, "Pacific/Kiritimati", "Pacific/Pago_Pago"):
            await town.users.update_user(replace(ann, time_zone=zone))
            for _ in range(30):
                await town.sweep.sum_up()
                town.now += 3_600
            town.now -= 30 * 3_600
        assert len(await town.told("ann")) == 1

    async def test_many_people_are_done_in_pages(self, town: Town) -> None:
        ids = [f"u{n:03}" for n in range(450)]
        person = {"name": "N", "avatar": "/a", "created_at": 1, "keep_audio": False, "seen_at": 1}
        day = {"day": "2026-11-23", "practice_s": 0, "speaking_s": 60, "turns": 1, "corrections": 0}
        async with town.database.write() as connection:
            await connection.execute(insert(users), [{"id": i, "time_zone": HANOI, **person} for i in ids])
            await connection.execute(insert(progress), [{"user_id": i, **day} for i in ids])
        town.now = start_of(MONDAY + timedelta(days=7), HANOI) + 9 * 3_600
        await town.new_sweep(page=200).sum_up()
        async with town.database.read() as connection:
            closed = await connection.scalar(select(func.count()).select_from(learner_weeks))
        assert closed == len(ids)

    async def test_people_who_did_nothing_in_the_week_are_not_read(self, town: Town) -> None:
        """The sweep reads the days of the week by their index, not all that was ever practised."""
        past = [(MONDAY - timedelta(days=back)).isoformat() for back in range(10, 2_000)]
        rows = [
            {"user_id": user, "day": day, "practice_s": 0, "speaking_s": 60, "turns": 1, "corrections": 0}
            for user in ("ann", "ben", "cem")
            for day in past
        ]
        async with town.database.write() as connection:
            await connection.execute(insert(progress), rows)
            await connection.execute(text("ANALYZE"))
            is_sqlite = connection.dialect.name == "sqlite"
            question = str(
                open_weeks(MONDAY, "", 10).compile(
                    dialect=connection.dialect, compile_kwargs={"literal_binds": True}
                )
            )
            explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
            plan = "\n".join(str(row) for row in await connection.execute(text(explain + question)))
        assert "ix_progress_day" in plan, plan
        assert "SCAN progress" not in plan, plan
        assert "Seq Scan on progress" not in plan, plan
