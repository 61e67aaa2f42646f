from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

import server.guest_retention
from server.common.durations import DAY_S
from server.errors import Unavailable
from server.guest_retention import GuestRetention
from server.shared_runs import SharedRuns

TTL_S = 180 * DAY_S


class Guests:
    def __init__(self, seen_at: dict[str, float]) -> None:
        self.seen_at = seen_at
        self.empty = asyncio.Event()
        self.errors: list[Exception] = []

    async def unseen(self, before: float, limit: int) -> Sequence[str]:
        if self.errors:
            raise self.errors.pop()
        return [user_id for user_id, at in self.seen_at.items() if at < before][:limit]

    async def delete_unseen(self, user_ids: Sequence[str], before: float) -> int:
        for user_id in user_ids:
            del self.seen_at[user_id]
        if not self.seen_at:
            self.empty.set()
        return len(user_ids)


class Clock:
    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Values(dict[str, Any]):
    async def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, default)

    async def put(self, name: str, value: Any) -> None:
        self[name] = value


@asynccontextmanager
async def alone(_name: str) -> AsyncIterator[bool]:
    yield True


def retention(
    guests: Guests, clock: Clock, values: Values | None = None, ttl_s: float = TTL_S
) -> GuestRetention:
    runs = SharedRuns(alone, Values() if values is None else values, clock)
    return GuestRetention(guests, runs, clock, ttl_s)


async def test_guests_who_do_not_come_back_are_deleted() -> None:
    guests = Guests({f"g{n}": n * DAY_S for n in range(300)})
    await retention(guests, Clock(TTL_S + 250 * DAY_S)).sweep()
    assert list(guests.seen_at) == [f"g{n}" for n in range(250, 300)]


async def test_one_sweep_a_day_after_a_restart_too() -> None:
    guests, values, clock = Guests({"a": 0.0}), Values(), Clock(TTL_S + 1)
    await retention(guests, clock, values).sweep()
    assert guests.seen_at == {}
    guests.seen_at["b"] = 0.0
    restarted = retention(guests, clock, values)
    clock.now += DAY_S - 1
    await restarted.sweep()
    assert list(guests.seen_at) == ["b"]
    clock.now += 1
    await restarted.sweep()
    assert guests.seen_at == {}


async def test_a_sweep_at_a_time_that_was_wrong_does_not_stop_those_that_follow() -> None:
    guests, clock = Guests({}), Clock(10 * TTL_S)
    swept = retention(guests, clock)
    await swept.sweep()
    guests.seen_at["a"] = 0.0
    clock.now = TTL_S + 1
    await swept.sweep()
    assert guests.seen_at == {}


async def test_a_sweep_that_failed_is_not_noted_as_done() -> None:
    guests, values = Guests({"a": 0.0}), Values()
    guests.errors = [Unavailable()]
    with pytest.raises(Unavailable):
        await retention(guests, Clock(TTL_S + 1), values).sweep()
    assert values == {}


@pytest.mark.parametrize("error", [Unavailable(), OSError("disk full"), RuntimeError("a fault of ours")])
async def test_retention_continues_after_an_error(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.guest_retention, "CHECK_EVERY_S", 0.01)
    guests = Guests({"a": 0.0})
    guests.errors = [error]
    swept = retention(guests, Clock(TTL_S + 1))
    swept.start()
    async with asyncio.timeout(5):
        await guests.empty.wait()
    await swept.aclose()
    await swept.aclose()


async def test_zero_days_keep_all_guests() -> None:
    swept = retention(Guests({"a": 0.0}), Clock(TTL_S), ttl_s=0)
    before = asyncio.all_tasks()
    swept.start()
    assert asyncio.all_tasks() == before
    await swept.aclose()
