from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from server.errors import Unavailable
from server.guests import DAY_S, ForgottenGuests

TTL_S = 180 * DAY_S


class Guests:
    def __init__(self, seen_at: dict[str, float]) -> None:
        self.seen_at = seen_at
        self.asked = asyncio.Event()
        self.is_down = False

    async def delete_unseen(self, before: float, limit: int) -> Sequence[str]:
        self.asked.set()
        if self.is_down:
            raise Unavailable
        gone = [user_id for user_id, at in self.seen_at.items() if at < before][:limit]
        for user_id in gone:
            del self.seen_at[user_id]
        return gone


class Pictures:
    def __init__(self) -> None:
        self.removed: list[str] = []

    async def remove_all(self, user_id: str) -> None:
        self.removed.append(user_id)


class Notes(dict[str, Any]):
    async def get(self, name: str, default: Any = None) -> Any:
        return super().get(name, default)

    async def put(self, name: str, value: Any) -> None:
        self[name] = value


async def test_who_does_not_come_back_is_deleted_with_their_picture() -> None:
    guests, pictures = Guests({f"g{n}": n * DAY_S for n in range(300)}), Pictures()
    forgotten = ForgottenGuests(guests, pictures, Notes(), lambda: 0.0, TTL_S)
    assert await forgotten.sweep(now=TTL_S + 250 * DAY_S) == 250
    assert pictures.removed == [f"g{n}" for n in range(250)]
    assert list(guests.seen_at) == [f"g{n}" for n in range(250, 300)]


async def test_once_a_day_is_enough_after_a_restart_too() -> None:
    guests, pictures, notes = Guests({"a": 0.0}), Pictures(), Notes()
    now = TTL_S + 1
    assert await ForgottenGuests(guests, pictures, notes, lambda: 0.0, TTL_S).sweep(now) == 1
    guests.seen_at["b"] = 0.0
    restarted = ForgottenGuests(guests, pictures, notes, lambda: 0.0, TTL_S)
    assert await restarted.sweep(now + DAY_S - 1) == 0
    assert await restarted.sweep(now + DAY_S) == 1


async def test_a_sweep_that_failed_is_not_noted_as_done() -> None:
    guests, notes = Guests({"a": 0.0}), Notes()
    guests.is_down = True
    forgotten = ForgottenGuests(guests, Pictures(), notes, lambda: TTL_S + 1, TTL_S)
    with pytest.raises(Unavailable):
        await forgotten.sweep(TTL_S + 1)
    assert notes == {}
    forgotten.start()
    async with asyncio.timeout(5):
        await guests.asked.wait()
    await forgotten.aclose()
    await forgotten.aclose()


async def test_zero_days_keep_everyone() -> None:
    guests = Guests({"a": 0.0})
    forgotten = ForgottenGuests(guests, Pictures(), Notes(), lambda: TTL_S, 0)
    before = asyncio.all_tasks()
    forgotten.start()
    assert asyncio.all_tasks() == before
    await forgotten.aclose()
