"""The routes of streaks, achievements and weeks, with real stores; the time zone that decides on days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.storage import Database, SqlAchievementStore, SqlProgressStore, SqlUserStore, SqlWeekStore
from server.tutor.model import PracticeDay
from tests.fakes.api_server import Api, api_server

ROUTES = ("/api/progress/streak", "/api/progress/achievements", "/api/progress/week")


@dataclass
class School:
    api: Api
    days: SqlProgressStore

    async def learner(self, *days: str, name: str = "Ann") -> str:
        """A token of somebody who practised on these days. Today is 15 January 2027, a Friday."""
        token = await self.api.sign_in(name)
        me = str((await self.api.ask("GET", "/api/users/me", token)).json["id"])
        for day in days:
            await self.days.add_progress(me, PracticeDay(day, speaking_s=90.0, turns=3, mended=1))
        return token


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    await database.start()
    store, weeks = SqlAchievementStore(database), SqlWeekStore(database)
    try:
        async with api_server(tmp_path, store=SqlUserStore(database), achievements=store, weeks=weeks) as api:
            yield School(api, SqlProgressStore(database))
    finally:
        await database.aclose()


async def test_a_learner_sees_their_streak(school: School) -> None:
    ann = await school.learner("2027-01-12", "2027-01-13", "2027-01-14")
    streak = (await school.api.ask("GET", ROUTES[0], ann)).json
    assert (streak["length"], streak["best"], streak["isTodayDone"], streak["hasFreeze"]) == (
        3,
        3,
        False,
        True,
    )
    assert streak["days"][-4:] == [
        {"day": "2027-01-12", "state": "kept"},
        {"day": "2027-01-13", "state": "kept"},
        {"day": "2027-01-14", "state": "kept"},
        {"day": "2027-01-15", "state": "open"},
    ]


async def test_a_learner_sees_what_they_achieved(school: School) -> None:
    ann = await school.learner("2027-01-12", "2027-01-13", "2027-01-14")
    items = (await school.api.ask("GET", ROUTES[1], ann)).json["items"]
    assert len(items) == 20
    earned = [one["name"] for one in items if one["at"] is not None]
    assert earned == ["first_talk", "streak_3", "mended_1"]
    assert next(one for one in items if one["name"] == "days_10")["done"] == 3


async def test_a_learner_sees_last_week(school: School) -> None:
    ann = await school.learner("2027-01-03", "2027-01-04", "2027-01-10", "2027-01-11")
    week = (await school.api.ask("GET", ROUTES[2], ann)).json
    assert (week["monday"], week["days"], week["minutes"], week["mended"]) == ("2027-01-04", 2, 3.0, 2)


@pytest.mark.parametrize("route", ROUTES)
async def test_nobody_sees_what_is_of_others(school: School, route: str) -> None:
    await school.learner("2027-01-14")
    assert (await school.api.ask("GET", route)).code == "unauthenticated"
    eve = await school.learner(name="Eve")
    seen = (await school.api.ask("GET", route, eve)).json
    assert not any(seen.get(name) for name in ("length", "best", "minutes", "mended"))
    assert not [one for one in seen.get("items", []) if one["at"] or one["done"]]


async def test_a_zone_that_was_chosen_does_not_follow_the_device(school: School) -> None:
    ann, api = await school.learner(), school.api

    async def patched(**fields: object) -> tuple[object, object]:
        me = (await api.ask("PATCH", "/api/users/me", ann, json=fields)).json
        return me["timeZone"], me["zoneIsChosen"]

    assert await patched(timeZone="Asia/Ho_Chi_Minh") == ("Asia/Ho_Chi_Minh", False)
    assert await patched(timeZone="Asia/Tokyo") == ("Asia/Tokyo", False)
    assert await patched(timeZone="Europe/Paris", zoneIsChosen=True) == ("Europe/Paris", True)
    assert await patched(timeZone="Asia/Tokyo") == ("Europe/Paris", True)
    assert await patched(timeZone="Asia/Tokyo", name="Anna") == ("Europe/Paris", True)
    assert await patched(timeZone="Asia/Tokyo", zoneIsChosen=False) == ("Asia/Tokyo", False)
    wrong = await api.ask("PATCH", "/api/users/me", ann, json={"zoneIsChosen": None})
    assert wrong.wrong == ["zoneIsChosen"]
