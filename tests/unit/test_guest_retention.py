from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

import server.guest_retention
from server.errors import Unavailable
from server.guest_retention import DAY_S, GuestRetention

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


class Values(dict[str, Any]):
    async def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, default)

    async def put(self, name: str, value: Any) -> None:
        self[name] = value


async def test_guests_who_do_not_come_back_are_deleted() -> None:
    guests = Guests({f"g{n}": n * DAY_S for n in range(300)})
    retention = GuestRetention(guests, Values(), lambda: 0.0, TTL_S)
    assert await retention.sweep(now=TTL_S + 250 * DAY_S) == 250
    assert list(guests.seen_at) == [f"g{n}" for n in range(250, 300)]


async def test_one_sweep_a_day_after_a_restart_too() -> None:
    guests, values = Guests({"a": 0.0}), Values()
    now = TTL_S + 1
    assert await GuestRetention(guests, values, lambda: 0.0, TTL_S).sweep(now) == 1
    guests.seen_at["b"] = 0.0
    restarted = GuestRetention(guests, values, lambda: 0.0, TTL_S)
    assert await restarted.sweep(now + DAY_S - 1) == 0
    assert await restarted.sweep(now + DAY_S) == 1


async def test_a_sweep_at_a_time_that_was_wrong_does_not_stop_those_that_follow() -> None:
    guests, values = Guests({}), Values()
    retention = GuestRetention(guests, values, lambda: 0.0, TTL_S)
    await retention.sweep(10 * TTL_S)
    guests.seen_at["a"] = 0.0
    assert await retention.sweep(TTL_S + 1) == 1


async def test_a_sweep_that_failed_is_not_noted_as_done() -> None:
    guests, values = Guests({"a": 0.0}), Values()
    guests.errors = [Unavailable()]
    retention = GuestRetention(guests, values, lambda: TTL_S + 1, TTL_S)
    with pytest.raises(Unavailable):
        await retention.sweep(TTL_S + 1)
    assert values == {}


@pytest.mark.parametrize("error", [Unavailable(), OSError("disk full"), RuntimeError("a fault of ours")])
async def test_retention_continues_after_an_error(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.guest_retention, "CHECK_EVERY_S", 0.01)
    guests = Guests({"a": 0.0})
    guests.errors = [error]
    retention = GuestRetention(guests, Values(), lambda: TTL_S + 1, TTL_S)
    retention.start()
    async with asyncio.timeout(5):
        await guests.empty.wait()
    await retention.aclose()
    await retention.aclose()


async def test_zero_days_keep_all_guests() -> None:
    retention = GuestRetention(Guests({"a": 0.0}), Values(), lambda: TTL_S, 0)
    before = asyncio.all_tasks()
    retention.start()
    assert asyncio.all_tasks() == before
    await retention.aclose()
