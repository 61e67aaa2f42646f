"""Conversations that are open at one of several servers on one PostgreSQL database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from server.rooms.model import User
from server.storage import Database, NodeLease, SqlConversationStore, SqlUserStore
from server.storage.nodes import LEASE_S
from server.tutor.model import Conversation, Message
from tests.contract.storage_urls import postgres_socket
from tests.contract.test_owners import age, database

__all__ = ["database", "postgres_socket"]

TALK = Conversation("k1", "r1", "Coach", "vi", "A2", "Food", 1_700_000_000.0)
SAID = Message("m1", "k1", "t1", "learner", "ann", "ann", "Ann", "Xin chào", 1_700_000_010.0, 1.0)


@dataclass
class Server:
    talks: SqlConversationStore
    lease: NodeLease

    async def ended_at(self) -> float | None:
        found = await self.talks.find("k1")
        assert found is not None
        return found.ended_at


@pytest.fixture
async def servers(database: Database, tmp_path: Path) -> AsyncIterator[tuple[Server, Server]]:
    await SqlUserStore(database).add_user(User("ann", "Ann", "/api/avatars/g/ann.svg", 1.0))
    one, two = (
        Server(SqlConversationStore(database, name), NodeLease(database, name, tmp_path / name))
        for name in ("one", "two")
    )
    for server in (one, two):
        await server.lease.start()
    await one.talks.save_conversation(TALK)
    yield one, two
    for server in (one, two):
        await server.lease.aclose()


async def test_the_sweep_leaves_what_another_live_server_has_open(servers: tuple[Server, Server]) -> None:
    """Without a message yet too: such a conversation is deleted when it ends, and its words would be lost."""
    one, two = servers
    await two.talks.end_orphaned([])
    await two.talks.delete_unreadable()
    assert await one.ended_at() is None
    await one.talks.add_message(SAID, ["ann"])
    await two.talks.end_orphaned([])
    assert await one.ended_at() is None
    assert await two.talks.open_elsewhere("k1") == "one"
    assert await one.talks.open_elsewhere("k1") is None


async def test_the_sweep_ends_what_a_dead_server_left_open(
    servers: tuple[Server, Server], database: Database
) -> None:
    one, two = servers
    await one.talks.add_message(SAID, ["ann"])
    await age(database, "one", LEASE_S + 1)
    assert await two.talks.open_elsewhere("k1") is None
    await two.talks.end_orphaned([])
    assert await two.ended_at() == SAID.at


async def test_a_restarted_server_ends_what_it_had_open_before(
    servers: tuple[Server, Server], database: Database, tmp_path: Path
) -> None:
    one, _ = servers
    await one.talks.add_message(SAID, ["ann"])
    await one.lease.aclose()
    again = Server(SqlConversationStore(database, "one2"), NodeLease(database, "one2", tmp_path / "one"))
    await again.lease.start()  # of the same name: the lock proves that the former one has ended
    await again.talks.end_orphaned([])
    assert await again.ended_at() == SAID.at
    await again.lease.aclose()


async def test_the_sweep_ends_what_a_version_without_owners_left_open(
    servers: tuple[Server, Server], database: Database
) -> None:
    _, two = servers
    nobody: str = None  # type: ignore[assignment] # as the version before this column stored it
    former = SqlConversationStore(database, nobody)
    await former.save_conversation(TALK)
    await former.add_message(SAID, ["ann"])
    await two.talks.end_orphaned([])
    assert await two.ended_at() == SAID.at


async def test_a_conversation_that_went_on_elsewhere_is_not_ended_by_its_former_server(
    servers: tuple[Server, Server],
) -> None:
    one, two = servers
    await two.talks.save_conversation(replace(TALK, topic="Tea"))
    await one.talks.end_conversation("k1", 1_700_000_020.0)
    await two.talks.add_message(SAID, ["ann"])
    assert await two.ended_at() is None
    await two.talks.end_conversation("k1", 1_700_000_030.0)
    assert await one.ended_at() == 1_700_000_030.0
    assert await two.talks.open_elsewhere("k1") is None
