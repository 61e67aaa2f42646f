from __future__ import annotations

import asyncio

import pytest

from server.errors import Unauthenticated, Unavailable
from server.rooms.model import User
from server.signalling.connections import UserConnections
from server.signalling.handshake import Handshake
from tests.fakes.stores import FakeUserStore


class StuckUsers(FakeUserStore):
    async def get_user(self, user_id: str) -> User | None:
        await asyncio.Event().wait()
        raise AssertionError


def a_handshake(users: FakeUserStore, timeout_s: float = 5) -> Handshake:
    return Handshake(lambda token: token, users, UserConnections(), None, max_per_user=3, timeout_s=timeout_s)


async def test_a_store_that_does_not_answer_times_out() -> None:
    with pytest.raises(Unavailable):
        await a_handshake(StuckUsers(), timeout_s=0.01).enter({"token": "ann"}, 0, lambda _token: None)


async def test_a_token_without_a_profile_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        await a_handshake(FakeUserStore()).enter({"token": "ann"}, 0, lambda _token: None)
