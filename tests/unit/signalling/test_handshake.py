from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from server.auth import TokenClaims
from server.errors import ProfileGone, SessionEnded, Unavailable
from server.rooms.model import Origin, User, digest
from server.signalling.connections import UserConnections
from server.signalling.handshake import Handshake
from tests.fakes.rooms_world import a_user
from tests.fakes.stores import FakeUserStore


class StuckUsers(FakeUserStore):
    async def get_user(self, user_id: str) -> User | None:
        await asyncio.Event().wait()
        raise AssertionError


class AllSessions:
    """Every token names its user. Runs `meanwhile` while the store is asked."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.meanwhile = meanwhile

    def verify(self, token: str) -> TokenClaims:
        return TokenClaims(token, f"session of {token}")

    async def require(self, claims: TokenClaims, origin: Callable[[], Origin]) -> None:
        self.meanwhile()


def a_handshake(
    users: FakeUserStore,
    timeout_s: float = 5,
    *,
    sessions: AllSessions | None = None,
    connections: UserConnections | None = None,
) -> Handshake:
    return Handshake(
        sessions or AllSessions(),
        users,
        connections or UserConnections(),
        None,
        max_per_user=3,
        timeout_s=timeout_s,
    )


async def test_a_store_that_does_not_answer_times_out() -> None:
    with pytest.raises(Unavailable):
        await a_handshake(StuckUsers(), timeout_s=0.01).enter({"token": "ann"}, 0, lambda _token: None)


async def test_a_token_without_a_profile_is_refused() -> None:
    with pytest.raises(ProfileGone):
        await a_handshake(FakeUserStore()).enter({"token": "ann"}, 0, lambda _token: None)


async def test_a_session_that_ends_during_the_handshake_does_not_enter() -> None:
    users, connections = FakeUserStore(), UserConnections()
    await users.add_user(a_user("ann"))
    sessions = AllSessions(meanwhile=lambda: connections.end(digest("session of ann")))
    handshake = a_handshake(users, sessions=sessions, connections=connections)
    with pytest.raises(SessionEnded):
        await handshake.enter({"token": "ann"}, 0, lambda _token: None)
