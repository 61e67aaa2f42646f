from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import JSON, Column, Connection, insert, select, text

from server.errors import Conflict, RoomNotFound, StartupError, Unavailable, UserNotFound
from server.protocol.club import TurnOrder
from server.protocol.entities import ParticipantKind, RoomType
from server.rooms.chat import ChatLine
from server.rooms.club import Club, Turns
from server.rooms.model import Ban, RoomInfo, RoomOptions, SeatRecord, StoredRoom, TutorSettings, User, digest
from server.storage import Database, SqlRoomStore, SqlSessionStore, SqlStoredValues, SqlUserStore, tables
from server.storage.account_end import delete_user
from server.storage.rooms import load_rooms
from server.storage.schema import alembic_config, upgrade
from server.storage.tables import metadata, users
from tests.contract.storage_urls import database, new_database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

LINH = User("u1", "Linh Đặng 🎧", "/api/avatars/g/u1.svg", 1_700_000_000.125, "vi", "B1", "VN")
ROOM = RoomInfo(
    id="r1",
    name="Cà phê",
    topic="",
    level="A2",
    type=RoomType.PRIVATE,
    language="en",
    max_participants=12,
    tags=("travel", "café"),
    host_id="u1",
    created_at=1_700_000_000.5,
    invite="s" * 32,
    is_locked=True,
    bans=(Ban("b1", "u8", "Mai", 1_700_000_002.5, "d" * 64, "a" * 64), Ban("b2", "u9", "", 0.0)),
    knock_to_enter=True,
    admitted=("u2", "u3"),
    opted_out=("u9", "u1"),
    tutor=TutorSettings("k1", "en", "A2", "Cà phê", "en-gb", 1.1, captions=True, muted=True, rests=True),
    cohosts=("u3", "u2"),
    options=RoomOptions(chat_open=False, links_allowed=True, tutor_allowed=False),
    club=Club(("Food", "Du lịch"), 1, Turns(TurnOrder.HANDS, 90, 3, "s1", 1_700_000_004.5, ("s2",))),
)
SEAT = SeatRecord(
    "s1",
    "r1",
    "u1",
    ParticipantKind.PERSON,
    7,
    "ab" * 32,
    True,
    1_700_000_001.25,
    hand_raised_at=1_700_000_003.75,
    browser_recognition=True,
)


async def stored(database: Database) -> list[StoredRoom]:
    """Every room, whoever it belongs to."""
    async with database.read() as connection:
        ids = (await connection.execute(select(tables.rooms.c.id))).scalars().all()
        return await load_rooms(connection, ids)


async def test_a_profile_is_read_back_as_it_was_written(database: Database) -> None:
    store = SqlUserStore(database)
    await store.add_user(LINH)
    assert await store.get_user("u1") == LINH
    changed = replace(LINH, name="Linh", level=None, country=None, keep_audio=True, time_zone="Asia/Tokyo")
    await store.update_user(changed)
    assert await store.get_user("u1") == changed
    assert await store.get_user("nobody") is None


async def test_a_taken_id_is_refused_and_an_update_creates_no_profile(
    database: Database,
) -> None:
    store = SqlUserStore(database)
    await store.add_user(LINH)
    with pytest.raises(Conflict):
        await store.add_user(replace(LINH, name="Somebody else"))
    with pytest.raises(UserNotFound):
        await store.update_user(replace(LINH, id="u2"))
    assert await store.get_user("u1") == LINH
    assert await store.get_user("u2") is None


async def test_people_unseen_for_long_are_deleted_oldest_first_except_those_with_a_seat(
    database: Database,
) -> None:
    people, rooms = SqlUserStore(database), SqlRoomStore(database)
    for number in range(1, 6):
        await people.add_user(replace(LINH, id=f"u{number}", created_at=float(number)))
    await people.seen("u2", 1_000.0)
    await people.seen("nobody", 1_000.0)
    await rooms.save_room(ROOM)
    await rooms.save_seat(replace(SEAT, user_id="u1"))
    assert list(await people.unseen(before=5.0, limit=1)) == ["u3"]
    assert list(await people.unseen(before=5.0, limit=9)) == ["u3", "u4"]
    assert await people.delete_unseen(["u1", "u2", "u3", "u4"], before=5.0) == 2
    assert list(await people.unseen(before=5.0, limit=9)) == []
    assert [bool(await people.get_user(f"u{n}")) for n in range(1, 6)] == [True, True, False, False, True]


async def test_a_sqlite_file_keeps_no_bytes_of_a_deleted_profile(tmp_path: Path) -> None:
    path = tmp_path / "parlor.db"
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.start()
    store, name = SqlUserStore(database), "Linh of the only Name"
    await store.add_user(replace(LINH, name=name))
    await database.aclose()
    assert name.encode() in path.read_bytes()
    database = Database(f"sqlite+aiosqlite:///{path}")
    await database.start()
    assert await SqlUserStore(database).delete_unseen(["u1"], before=2e9) == 1
    await database.aclose()
    assert name.encode() not in path.read_bytes()


async def test_the_emptied_log_of_a_running_server_keeps_no_bytes_of_a_deleted_profile(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    await database.start()
    store, name = SqlUserStore(database), "Linh of the only Name"

    def files_with_name() -> list[str]:
        return [file.name for file in tmp_path.iterdir() if name.encode() in file.read_bytes()]

    await store.add_user(replace(LINH, name=name))
    assert await store.delete_unseen(["u1"], before=2e9) == 1
    assert files_with_name() == ["parlor.db-wal"]
    async with database.read() as connection:  # a reader of what the log has
        await connection.execute(select(users.c.id))
        assert not await database.empty_log()
    assert await database.empty_log()
    assert files_with_name() == []
    await store.add_user(LINH)
    await database.aclose()


def test_every_row_about_a_person_goes_with_their_profile() -> None:
    """A new table with a `user_id` refers to the profile, or is added here with its reason."""
    stays = {
        "seats",  # nobody with a seat is deleted, and the tutor has one without a profile
        "messages",  # deleted with the last profile of their readers
    }
    about_people = [table for table in metadata.sorted_tables if "user_id" in table.c]
    cascading = {
        table.name
        for table in about_people
        for key in table.c.user_id.foreign_keys
        if key.column is users.c.id and key.ondelete == "CASCADE"
    }
    assert {table.name for table in about_people} - cascading == stays


async def test_people_stored_before_the_migration_count_as_seen_now(database: Database) -> None:
    people, started = SqlUserStore(database), time.time()
    await people.add_user(LINH)
    async with database.change_tables() as connection:
        await connection.run_sync(lambda c: command.downgrade(alembic_config(c), "0001"))
        await connection.run_sync(upgrade)
    assert await people.get_user("u1") == LINH
    assert list(await people.unseen(before=started, limit=9)) == []
    assert list(await people.unseen(before=time.time() + 1, limit=9)) == ["u1"]


async def test_earlier_bans_hold_after_the_migration(database: Database) -> None:
    rooms = SqlRoomStore(database)
    await rooms.save_room(ROOM)
    async with database.change_tables() as connection:
        await connection.run_sync(lambda c: command.downgrade(alembic_config(c), "0004"))
        await connection.run_sync(upgrade)
    [(room, *_)] = await stored(database)
    assert [ban.user_id for ban in room.bans] == ["u8", "u9"]
    assert (room.knock_to_enter, room.admitted) == (False, ())


@pytest.mark.parametrize("revision", ["0003", "0004", "0005", "0006", "0007"])
async def test_a_migration_keeps_the_rows_that_refer_to_a_table_it_changes(
    database: Database, revision: str
) -> None:
    people, rooms = SqlUserStore(database), SqlRoomStore(database)
    await people.add_user(LINH)
    await rooms.save_room(ROOM)
    await rooms.save_seat(SEAT)
    async with database.change_tables() as connection:
        await connection.run_sync(lambda c: command.downgrade(alembic_config(c), revision))
        await connection.run_sync(upgrade)
    ((_, seats, _, _),) = await stored(database)
    assert [seat.id for seat in seats] == ["s1"]
    with pytest.raises(UserNotFound):
        await SqlSessionStore(database).add_session("d" * 64, "u2", 5.0)  # references are enforced again


async def test_of_too_many_sessions_those_used_longest_ago_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.storage.sessions.MAX_SESSIONS", 2)
    people, sessions = SqlUserStore(database), SqlSessionStore(database)
    for user_id in ("u1", "u2"):
        await people.add_user(User(user_id, "Ann", "/a.svg", 1.0))
    assert await sessions.add_session("other", "u2", 1.0) == []
    assert await sessions.add_session("old", "u1", 2.0) == []
    assert await sessions.add_session("unused", "u1", 3.0) == []
    await sessions.session_seen("old", 9_000.0, 3_600.0)
    assert await sessions.add_session("new", "u1", 9_001.0) == ["unused"]
    found = [await sessions.has_session(name, "u1") for name in ("old", "unused", "new")]
    assert found == [True, False, True]
    assert await sessions.has_session("other", "u2")


async def test_a_session_lasts_until_it_is_deleted_or_its_user_is(database: Database) -> None:
    people, sessions = SqlUserStore(database), SqlSessionStore(database)
    await people.add_user(LINH)
    await people.add_user(replace(LINH, id="u2"))
    for name, owner in (("a" * 64, "u1"), ("b" * 64, "u1"), ("c" * 64, "u2")):
        await sessions.add_session(name, owner, 5.0)
    assert await sessions.has_session("a" * 64, "u1")
    assert not await sessions.has_session("a" * 64, "u2")
    assert await sessions.delete_sessions("u1", only="a" * 64) == ["a" * 64]
    assert await sessions.delete_sessions("u1", only="a" * 64) == []
    assert not await sessions.has_session("a" * 64, "u1")
    assert await sessions.has_session("b" * 64, "u1")
    assert await people.delete_unseen(["u2"], before=LINH.created_at + 1) == 1
    assert not await sessions.has_session("c" * 64, "u2")
    with pytest.raises(UserNotFound):
        await sessions.add_session("d" * 64, "u2", 5.0)


async def test_tokens_from_before_the_migration_belong_to_a_session(database: Database) -> None:
    people = SqlUserStore(database)
    await people.add_user(LINH)
    async with database.change_tables() as connection:
        await connection.run_sync(lambda c: command.downgrade(alembic_config(c), "0005"))
        await connection.run_sync(upgrade)
    assert await people.get_user("u1") == LINH
    assert await SqlSessionStore(database).has_session(digest("u1"), "u1")


async def test_hands_raised_before_the_migration_stay_up(database: Database) -> None:
    await SqlUserStore(database).add_user(LINH)
    rooms = SqlRoomStore(database)
    await rooms.save_room(ROOM)
    await rooms.save_seat(SEAT)
    await rooms.save_seat(replace(SEAT, id="s2", number=8, hand_raised_at=None))
    async with database.change_tables() as connection:
        await connection.run_sync(lambda c: command.downgrade(alembic_config(c), "0006"))
        await connection.run_sync(upgrade)
    ((_, seats, _, _),) = await stored(database)
    assert {seat.id: seat.hand_raised_at for seat in seats} == {"s1": SEAT.joined_at, "s2": None}


async def test_a_restart_finds_rooms_seats_and_people(url: str) -> None:
    first = Database(url)
    await first.start()
    await SqlUserStore(first).add_user(LINH)
    rooms = SqlRoomStore(first)
    await rooms.save_room(ROOM)
    await rooms.save_seat(SEAT)
    await first.aclose()

    second = Database(url)
    await second.start()
    try:
        assert list(await SqlRoomStore(second, "second").claim_rooms()) == [(ROOM, [SEAT], [LINH], ())]
    finally:
        await second.aclose()


async def test_saving_a_room_again_changes_it_and_keeps_its_seats(database: Database) -> None:
    store = SqlRoomStore(database)
    await store.save_room(ROOM)
    await store.save_seat(SEAT)
    changed = replace(ROOM, is_locked=False, invite="t" * 32, bans=(), host_id="u2", tutor=None)
    await store.save_room(changed)
    assert [(room, seats) for room, seats, *_ in await stored(database)] == [(changed, [SEAT])]


async def test_saving_a_seat_again_changes_it(database: Database) -> None:
    store = SqlRoomStore(database)
    await store.save_room(ROOM)
    await store.save_seat(SEAT)
    changed = replace(SEAT, is_muted=False, resume_digest="cd" * 32, hand_raised_at=None)
    await store.save_seat(changed)
    assert [seats for _, seats, *_ in await stored(database)] == [[changed]]


async def test_deleting_a_room_deletes_its_seats_and_no_others(database: Database) -> None:
    store = SqlRoomStore(database)
    other = replace(ROOM, id="r2", created_at=ROOM.created_at + 1)
    for room in (ROOM, other):
        await store.save_room(room)
        await store.save_seat(replace(SEAT, id=f"seat-{room.id}", room_id=room.id))
    await store.delete_room("r1")
    await store.delete_room("never there")
    loaded = await stored(database)
    assert [(room.id, [s.id for s in seats]) for room, seats, *_ in loaded] == [("r2", ["seat-r2"])]


async def test_a_seat_is_deleted_only_in_the_given_room(database: Database) -> None:
    store = SqlRoomStore(database)
    await store.save_room(ROOM)
    await store.save_seat(SEAT)
    await store.delete_seat("another room", SEAT.id)
    assert [seats for _, seats, *_ in await stored(database)] == [[SEAT]]
    await store.delete_seat(ROOM.id, SEAT.id)
    await store.delete_seat(ROOM.id, SEAT.id)
    assert [seats for _, seats, *_ in await stored(database)] == [[]]


async def test_a_seat_of_an_unknown_room_is_refused(database: Database) -> None:
    with pytest.raises(RoomNotFound):
        await SqlRoomStore(database).save_seat(SEAT)


async def test_the_tutor_has_a_seat_without_a_profile(database: Database) -> None:
    store = SqlRoomStore(database)
    await store.save_room(ROOM)
    tutor = replace(SEAT, id="s2", user_id="tutor", kind=ParticipantKind.TUTOR)
    await store.save_seat(tutor)
    assert [(seats, people) for _, seats, people, _ in await stored(database)] == [([tutor], [])]


async def test_rooms_and_seats_are_loaded_in_the_order_of_their_creation(database: Database) -> None:
    store = SqlRoomStore(database)
    for number in (3, 1, 2):
        await store.save_room(replace(ROOM, id=f"r{number}", created_at=float(number)))
        await store.save_seat(replace(SEAT, id=f"a{number}", room_id="r3", joined_at=float(number)))
    loaded = await stored(database)
    assert [room.id for room, *_ in loaded] == ["r1", "r2", "r3"]
    assert [seat.id for seat in loaded[2][1]] == ["a1", "a2", "a3"]


async def test_no_concurrent_write_is_lost(database: Database) -> None:
    store, people = SqlRoomStore(database), SqlUserStore(database)
    await store.save_room(ROOM)
    writes = [
        store.save_seat(replace(SEAT, id=f"s{i}", user_id=f"u{i}", joined_at=float(i))) for i in range(40)
    ]
    reads = [people.get_user("u1") for _ in range(40)]
    await asyncio.gather(*writes, *reads)
    (_, seats, *_), *_ = await stored(database)
    assert [seat.id for seat in seats] == [f"s{i}" for i in range(40)]


async def test_a_failed_transaction_leaves_no_rows(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            row = asdict(LINH) | {"seen_at": 0.0}
            await connection.execute(insert(users).values(row))
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await fail()
    assert await SqlUserStore(database).get_user("u1") is None


async def test_settings_store_json(database: Database) -> None:
    values = SqlStoredValues(database)
    assert await values.get("motd", "none") == "none"
    await values.put("motd", {"text": "Xin chào", "until": None})
    await values.put("motd", {"text": "Hello", "until": 5})
    assert await values.get("motd") == {"text": "Hello", "until": 5}


async def test_servers_that_start_together_migrate_once(postgres_socket: Path) -> None:
    url = await new_database(postgres_socket)
    both = [Database(url), Database(url)]
    try:
        await asyncio.gather(*(each.start() for each in both))
        await SqlUserStore(both[0]).add_user(LINH)
        assert await SqlUserStore(both[1]).get_user("u1") == LINH
    finally:
        for each in both:
            await each.aclose()


async def test_a_sqlite_file_has_one_server(tmp_path: Path) -> None:
    (tmp_path / "also").symlink_to(tmp_path)
    first = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    second = Database(f"sqlite+aiosqlite:///{tmp_path / 'also' / 'parlor.db'}")
    await first.start()
    try:
        with pytest.raises(StartupError, match=r"another server uses the database .*parlor\.db"):
            await second.start()
        await SqlUserStore(first).add_user(LINH)
    finally:
        await first.aclose()
    try:
        await second.start()
        assert await SqlUserStore(second).get_user("u1") == LINH
    finally:
        await second.aclose()


async def test_a_sqlite_file_with_another_name_is_refused(tmp_path: Path) -> None:
    """A hard link would have a lock of its own, and a server of its own."""
    first = Database(f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}")
    other = Database(f"sqlite+aiosqlite:///{tmp_path / 'other.db'}")
    await first.start()
    try:
        (tmp_path / "other.db").hardlink_to(tmp_path / "parlor.db")
        with pytest.raises(StartupError, match=r"other\.db has another name \(a hard link\)"):
            await other.start()
        await SqlUserStore(first).add_user(LINH)
    finally:
        await other.aclose()
        await first.aclose()


async def test_databases_in_memory_are_separate() -> None:
    both = [Database("sqlite+aiosqlite://"), Database("sqlite+aiosqlite:///:memory:")]
    for each in both:
        await each.start()
    await SqlUserStore(both[0]).add_user(LINH)
    assert await SqlUserStore(both[1]).get_user("u1") is None
    for each in both:
        await each.aclose()


async def test_tables_of_a_later_version_are_refused_in_one_line(url: str) -> None:
    database = Database(url)
    await database.start()
    async with database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.aclose()
    again = Database(url)
    try:
        with pytest.raises(StartupError) as caught:
            await again.start()
    finally:
        await again.aclose()
    assert str(caught.value) == "the database was changed by a later version of the server (to 9999)"


def _differs(
    _context: object,
    _found: object,
    column: Column[Any],
    found: str | None,
    _declared: object,
    rendered: str | None,
) -> bool | None:
    """Whether the default of a column of JSON differs, as text: PostgreSQL cannot compare JSON. None for the
    other columns, which Alembic compares."""
    if not isinstance(column.type, JSON):
        return None
    return (found and found.removesuffix("::json").strip("'")) != rendered


async def test_migrations_create_the_declared_tables(database: Database) -> None:
    def drift(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": _differs,
                # the index of full text is of each database's own kind, and no declared table
                "include_name": lambda name, _kind, _parents: not str(name).startswith("passage_search"),
            },
        )
        return list(compare_metadata(context, metadata))

    async with database.read() as connection:
        assert await connection.run_sync(drift) == []


async def test_a_database_out_of_reach_is_unavailable_and_not_a_crash(tmp_path: Path) -> None:
    database = Database(f"postgresql+asyncpg://postgres@/parlor?host={tmp_path}")
    try:
        with pytest.raises(Unavailable):
            await database.probe()
    finally:
        await database.aclose()


async def test_the_chat_of_a_room_is_found_in_order_and_goes_with_its_author_and_its_room(
    database: Database,
) -> None:
    people, store = SqlUserStore(database), SqlRoomStore(database)
    await people.add_user(LINH)
    await people.add_user(replace(LINH, id="u2"))
    await store.save_room(ROOM)
    lines = [
        ChatLine(f"l{number}", "r1", "s1", f"u{1 + number % 3}", "Linh", "Xin chào 🎧\nbạn", 10.0 + number)
        for number in range(6)
    ]
    await store.save_chat("r1", lines[3:], [])
    await store.save_chat("r1", [*lines[:3], replace(lines[4], is_deleted=True)], ["l3", "never stored"])
    known = [lines[0], lines[1], replace(lines[4], is_deleted=True)]
    assert list(await store.load_chat("r1")) == known, "u3 has no profile"
    ((_, _, _, chat),) = await stored(database)
    assert list(chat) == known
    async with database.write() as connection:
        await delete_user(connection, "u2", 0.0)
    assert [line.id for line in await store.load_chat("r1")] == ["l0"]
    with pytest.raises(RoomNotFound):
        await store.save_chat("r2", lines, [])
    await store.delete_room("r1")
    assert list(await store.load_chat("r1")) == []


async def test_a_room_of_before_has_no_co_hosts_and_the_usual_options(database: Database) -> None:
    await SqlRoomStore(database).save_room(ROOM)
    async with database.change_tables() as connection:
        await connection.run_sync(lambda c: command.downgrade(alembic_config(c), "0018"))
        await connection.run_sync(upgrade)
    ((room, *_),) = await stored(database)
    assert room == replace(ROOM, cohosts=(), options=RoomOptions(), club=Club())
