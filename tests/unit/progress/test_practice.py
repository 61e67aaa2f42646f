"""Measured speech in rooms reaches the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from server.errors import Unavailable
from server.progress.practice import Practice
from server.rooms.practice import PracticeMeter
from server.rooms.runtime import OpenRooms
from server.tutor.model import PracticeDay
from tests.fakes.conversations import FakeConversations
from tests.fakes.rooms_world import a_user
from tests.fakes.stores import FakeUserStore

NOON = 1_800_014_400.0  # 2027-01-15 12:00 UTC


class _Store:
    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.is_down = False

    async def add_speech(self, seconds: Mapping[str, float], at: float) -> None:
        if self.is_down:
            raise Unavailable
        self.seconds.update({user: int(amount) for user, amount in seconds.items()})


class Scene:
    def __init__(self) -> None:
        self.store, self.days, self.users = _Store(), FakeConversations(), FakeUserStore()
        self.meter = PracticeMeter(OpenRooms())
        self.touched: list[str] = []
        self.practice = Practice(
            self.meter, self.store, self.days, self.users, lambda: NOON, self.touched.append
        )

    def measured(self, **seconds: float) -> None:
        self.meter._seconds.update(seconds)


async def test_what_was_measured_is_stored_once_and_who_it_was_is_told() -> None:
    scene = Scene()
    scene.measured(ann=7.0)
    await scene.practice.flush()
    await scene.practice.flush()
    assert scene.store.seconds == Counter(ann=7)
    assert scene.touched == ["ann"]


async def test_a_write_that_failed_is_not_repeated() -> None:
    """It may have been done all the same: nothing counts twice."""
    scene = Scene()
    scene.measured(ann=7.0)
    scene.store.is_down = True
    await scene.practice.flush()
    scene.store.is_down = False
    scene.measured(ann=2.0)
    await scene.practice.aclose()
    assert scene.store.seconds == Counter(ann=2)


async def test_a_review_that_went_right_mends_a_mistake_on_the_learners_own_day() -> None:
    scene = Scene()
    await scene.users.add_user(a_user("ann", time_zone="Pacific/Kiritimati"))
    await scene.practice.mended("ann")
    [(user, day)] = scene.days.days
    assert (user, day) == ("ann", PracticeDay("2027-01-16", mended=1, starts_at=NOON - 2 * 3_600))
    assert scene.touched == ["ann"]
