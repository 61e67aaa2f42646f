"""Rooms belong to one of the servers that share a PostgreSQL database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import RoomElsewhere, RoomNotFound, StartupError
from server.rooms.chat import ChatLine
from server.storage import Database, NodeLease, SqlRoomStore
from server.storage.nodes import LEASE_S
from server.storage.tables import nodes, rooms
from tests.contract.storage_urls import new_database, postgres_socket
from tests.contract.test_storage import ROOM, SEAT, stored

__all__ = ["postgres_socket"]


@pytest.fixture
async def database(postgres_socket: Path) -> AsyncIterator[Database]:
    database = Database(await new_database(postgres_socket))
    try:
        await database.start()
        yield database
    finally:
        await database.aclose()


class Server:
    def __init__(self, database: Database, name: str, folder: Path) -> None:
        self.store = SqlRoomStore(database, name)
        self.lease = NodeLease(database, name, folder)

    async def claimed(self) -> list[str]:
        return [room.id for room, *_ in await self.store.claim_rooms()]


async def age(database: Database, node: str, seconds: float) -> None:
    """Let time pass for one server's lease."""
    async with database.write() as connection:
        aged = update(nodes).where(nodes.c.id == node).values(seen_at=nodes.c.seen_at - seconds)
        assert (await connection.execute(aged)).rowcount == 1


async def test_rooms_of_a_live_server_are_left_alone(database: Database, tmp_path: Path) -> None:
    one, two = Server(database, "one", tmp_path / "1"), Server(database, "two", tmp_path / "2")
    await one.lease.start()
    await two.lease.start()
    await one.store.save_room(ROOM)
    await one.store.save_seat(SEAT)
    assert await two.claimed() == []
    for each in (one, two):
        owner = await each.store.owner_of("r1")
        assert owner is not None
        assert (owner.node_id, owner.epoch, owner.url) == ("one", 1, "")
        assert 0 <= owner.lease_age_s < LEASE_S
    assert await two.store.owner_of("none") is None
    for write in (two.store.save_seat(replace(SEAT, is_muted=False)), two.store.delete_seat("r1", "s1")):
        with pytest.raises(RoomElsewhere):
            await write
    await two.store.delete_room("r1")
    assert [(room, seats) for room, seats, *_ in await stored(database)] == [(ROOM, [SEAT])]
    await one.lease.aclose()
    await two.lease.aclose()


async def test_an_ended_lease_passes_rooms_on_once_and_voids_the_writes_of_the_former_owner(
    database: Database, tmp_path: Path
) -> None:
    one, two, three = (Server(database, name, tmp_path / name) for name in ("one", "two", "three"))
    for each in (one, two, three):
        await each.lease.start()
    await one.store.save_room(ROOM)
    await one.store.save_seat(SEAT)
    await age(database, "one", LEASE_S - 3.0)
    assert await two.claimed() == []
    await age(database, "one", 4.0)
    claims = await asyncio.gather(two.claimed(), three.claimed())
    assert sorted(claims) == [[], ["r1"]]
    winner = (two, three)[claims.index(["r1"])]
    assert await winner.store.owned_rooms() == {"r1"}
    assert await one.store.owned_rooms() == set()
    assert await winner.claimed() == []

    await one.lease.renew()
    for write in (
        one.store.save_room(replace(ROOM, is_locked=False)),
        one.store.save_seat(replace(SEAT, id="s2", number=8)),
        one.store.delete_seat("r1", "s1"),
    ):
        with pytest.raises(RoomElsewhere):
            await write
    await one.store.delete_room("r1")
    assert [(room, seats) for room, seats, *_ in await stored(database)] == [(ROOM, [SEAT])]
    await winner.store.save_seat(replace(SEAT, is_muted=False))
    for each in (one, two, three):
        await each.lease.aclose()


async def test_a_write_of_the_former_owner_waits_for_an_open_claim(database: Database) -> None:
    """Without a lock on the room's row the seat would be written beside the claim."""
    one = SqlRoomStore(database, "one")
    await one.save_room(ROOM)
    async with database.write() as claim:
        await claim.execute(update(rooms).values(owner="two", epoch=rooms.c.epoch + 1))
        late = asyncio.create_task(one.save_seat(SEAT))
        done, _ = await asyncio.wait({late}, timeout=0.5)
        assert not done
    with pytest.raises(RoomElsewhere):
        await late


async def test_a_room_that_was_closed_by_its_new_owner_does_not_come_back(database: Database) -> None:
    one = SqlRoomStore(database, "one")
    await one.save_room(ROOM)
    async with database.write() as connection:
        await connection.execute(delete(rooms))
    with pytest.raises(RoomElsewhere):
        await one.save_room(ROOM)
    with pytest.raises(RoomNotFound):
        await one.save_seat(SEAT)
    assert await stored(database) == []


async def test_a_server_that_starts_again_has_its_rooms_before_the_lease_ends(
    database: Database, tmp_path: Path
) -> None:
    one, other = Server(database, "one", tmp_path), Server(database, "other", tmp_path)
    await one.lease.start()
    await other.lease.start()  # the same folder, as AudioFiles wants it: under another name
    await one.store.save_room(ROOM)
    await one.lease.aclose()
    assert await other.claimed() == []
    again = Server(database, "again", tmp_path)
    await again.lease.start()
    assert await other.claimed() == []  # not even before the first claim
    assert await again.claimed() == ["r1"]
    await again.lease.aclose()
    await other.lease.aclose()


async def test_a_claim_whose_reply_was_lost_is_repeated(database: Database, tmp_path: Path) -> None:
    one = Server(database, "one", tmp_path)
    await one.lease.start()
    await SqlRoomStore(database, "gone").save_room(ROOM)
    assert [room.id for room, *_ in await SqlRoomStore(database, "one").claim_rooms()] == ["r1"]
    assert await one.claimed() == ["r1"]  # its own by name, but it does not know the epoch
    assert await one.claimed() == []
    await one.store.save_seat(SEAT)
    await one.lease.aclose()


async def test_one_room_passes_on_to_one_claimer_of_the_epoch_that_was_seen(database: Database) -> None:
    one = SqlRoomStore(database, "one")
    await one.save_room(ROOM)
    await one.save_seat(SEAT)
    others = [SqlRoomStore(database, f"other{i}") for i in range(8)]
    claimed = await asyncio.gather(*(other.claim_room("r1", 1) for other in others))
    [found] = [each for each in claimed if each is not None]
    assert found[:2] == (ROOM, [SEAT])
    winner = others[claimed.index(found)]
    assert await winner.owned_rooms() == {"r1"}
    owner = await one.owner_of("r1")
    assert owner is not None
    assert owner.epoch == 2
    assert await winner.claim_room("r1", 2) is None  # it has the room
    assert await one.claim_room("r1", 1) is None
    with pytest.raises(RoomElsewhere):
        await one.save_seat(replace(SEAT, is_muted=False))
    assert await one.claim_room("none", 1) is None


async def test_a_claim_of_one_room_whose_answer_was_lost_is_repeated(database: Database) -> None:
    await SqlRoomStore(database, "gone").save_room(ROOM)
    assert await SqlRoomStore(database, "one").claim_room("r1", 1) is not None
    again = SqlRoomStore(database, "one")
    assert await again.claim_room("r1", 1) is not None
    await again.save_seat(SEAT)


class LateReplies:
    """Delays the reply to the first write until `release` is set. `committed`: it has taken effect."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.committed, self.release = asyncio.Event(), asyncio.Event()
        write = database.write

        @asynccontextmanager
        async def late() -> AsyncIterator[AsyncConnection]:
            async with write() as connection:
                yield connection
            if not self.committed.is_set():
                self.committed.set()
                await self.release.wait()

        monkeypatch.setattr(database, "write", late)


@pytest.mark.parametrize("is_single_first", [True, False])
async def test_two_claims_at_once_give_the_room_to_one_of_them(
    database: Database, monkeypatch: pytest.MonkeyPatch, *, is_single_first: bool
) -> None:
    """Until its reply is here, a claim of this server looks to the other like one whose reply was lost."""
    await SqlRoomStore(database, "gone").save_room(ROOM)
    assert await SqlRoomStore(database, "one").claim_room("r1", 1) is not None
    one = SqlRoomStore(database, "one")
    replies = LateReplies(database, monkeypatch)

    async def single() -> int:
        return 0 if await one.claim_room("r1", 2) is None else 1

    async def orphans() -> int:
        return len(await one.claim_rooms())

    order = (single, orphans) if is_single_first else (orphans, single)
    first = asyncio.create_task(order[0]())
    await replies.committed.wait()
    assert await order[1]() == 0
    replies.release.set()
    assert await first == 1
    await one.save_seat(SEAT)
    assert await one.owned_rooms() == {"r1"}


async def test_servers_that_share_rooms_announce_their_addresses(database: Database, tmp_path: Path) -> None:
    lease = NodeLease(database, "n1-a", tmp_path, "n1")
    await lease.start()
    await lease.announce("/n/n1", "http://10.0.0.1:8080")
    await SqlRoomStore(database, "n1-a").save_room(ROOM)
    owner = await SqlRoomStore(database, "n2-b").owner_of("r1")
    assert owner is not None
    assert (owner.node_id, owner.url, owner.internal_url) == ("n1-a", "/n/n1", "http://10.0.0.1:8080")
    with pytest.raises(OSError, match="another server has this name"):
        await NodeLease(database, "n1-b", tmp_path, "n1").start()
    await lease.aclose()


async def test_a_server_leaves_the_rooms_of_one_with_its_name_that_answers(
    database: Database, tmp_path: Path
) -> None:
    one = NodeLease(database, "n1-a", tmp_path / "1", "n1")
    await one.start()
    await one.announce("/n/n1", "http://10.0.0.1:8080")
    await SqlRoomStore(database, "n1-a").save_room(ROOM)
    asked: list[tuple[str, str]] = []

    async def has_ended(internal_url: str, node_id: str) -> bool:
        asked.append((internal_url, node_id))
        return len(asked) > 1

    two = NodeLease(database, "n1-b", tmp_path / "2", "n1")
    with pytest.raises(StartupError, match="another server has the name n1"):
        await two.start(has_ended)
    await two.aclose()
    store = SqlRoomStore(database, "n2-c")
    owner = await store.owner_of("r1")
    assert owner is not None
    assert (owner.node_id, owner.epoch) == ("n1-a", 1)
    await one.aclose()
    await two.start(has_ended)
    owner = await store.owner_of("r1")
    assert owner is not None
    assert owner.node_id == "n1-b"
    assert asked == [("http://10.0.0.1:8080", "n1-a")] * 2
    await two.aclose()


async def test_a_server_of_the_same_name_that_is_silent_or_has_no_address_is_alive_until_its_lease_ends(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.storage.nodes._ASKED_EVERY_S", 0.0)
    one, starting = (NodeLease(database, f"n1-{x}", tmp_path / x, "n1") for x in "ab")
    await one.start()
    await one.announce("/n/n1", "http://10.0.0.1:8080")
    await starting.start()
    await one.renew()  # its row went with the start of the other one
    asked: list[str] = []
    ended = ["n1-a", "n1-b"]

    async def has_ended(_internal_url: str, node_id: str) -> None:
        asked.append(node_id)
        if ended:
            await age(database, ended.pop(0), LEASE_S + 1)

    two = NodeLease(database, "n1-c", tmp_path / "c", "n1")
    await two.start(has_ended)
    assert asked == ["n1-a"] * 3
    for lease in (one, starting, two):
        await lease.aclose()


async def test_a_server_that_renews_its_lease_in_silence_keeps_its_name(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.storage.nodes._ASKED_EVERY_S", 0.0)
    monkeypatch.setattr("server.storage.nodes._ASKED_FOR_S", 0.2)
    one = NodeLease(database, "n1-a", tmp_path / "a", "n1")
    await one.start()
    await one.announce("/n/n1", "http://10.0.0.1:8080")

    async def is_silent(_internal_url: str, _node_id: str) -> None:
        await one.renew()

    two = NodeLease(database, "n1-b", tmp_path / "b", "n1")
    with pytest.raises(StartupError, match="cannot be reached"):
        await two.start(is_silent)
    for lease in (one, two):
        await lease.aclose()


async def test_servers_that_can_ask_each_other_do_not_claim_by_the_lease(
    database: Database, tmp_path: Path
) -> None:
    one = Server(database, "one", tmp_path)
    await one.lease.start()
    await one.store.save_room(ROOM)
    await age(database, "one", LEASE_S + 1)
    other = SqlRoomStore(database, "other", by_lease=False)
    assert list(await other.claim_rooms()) == []
    assert list(await other.rooms_of_ended()) == [("r1", "one")]
    assert list(await other.rooms_of("one")) == ["r1"]
    await one.lease.renew()
    assert list(await other.rooms_of_ended()) == []
    await one.lease.aclose()


async def test_rooms_that_somebody_hosts_at_other_servers_are_counted(database: Database) -> None:
    one, two = SqlRoomStore(database, "one"), SqlRoomStore(database, "two")
    await one.save_room(ROOM)
    await two.save_room(replace(ROOM, id="r2"))
    await two.save_room(replace(ROOM, id="r3", host_id="somebody else"))
    assert await one.count_hosted_elsewhere(ROOM.host_id) == 1
    assert await two.count_hosted_elsewhere(ROOM.host_id) == 1


async def test_a_server_that_has_lost_a_room_adds_no_line_to_its_chat(database: Database) -> None:
    one, two = SqlRoomStore(database, "one"), SqlRoomStore(database, "two")
    await one.save_room(ROOM)
    await one.save_chat("r1", [], [])
    async with database.write() as connection:
        await connection.execute(update(rooms).values(owner="two", epoch=9))
    with pytest.raises(RoomElsewhere):
        await one.save_chat("r1", [ChatLine("l1", "r1", "s1", "u1", "Linh", "late", 1.0)], [])
    assert list(await two.load_chat("r1")) == []
