"""Uploaded pictures in the database, and those that were files before."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import UserNotFound
from server.rooms.model import User
from server.storage import Database, SqlAvatarStore, SqlUserStore
from tests.contract.storage_urls import database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

URL = "/api/avatars/u/"
FIRST, SECOND = (f"{'0' * 16}-{digit * 32}" for digit in "ab")
IMAGE = bytes(range(256))


@pytest.fixture
async def store(database: Database) -> SqlAvatarStore:
    await SqlUserStore(database).add_user(User("ann", "Ann", f"{URL}{FIRST}.webp", created_at=1.0))
    return SqlAvatarStore(database)


async def test_pictures_are_stored_by_name(store: SqlAvatarStore) -> None:
    assert await store.get(FIRST) is None
    await store.add(FIRST, "ann", IMAGE)
    await store.add(FIRST, "ann", IMAGE)
    await store.add(SECOND, "ann", b"other")
    assert await store.get(FIRST) == IMAGE
    assert await store.has(FIRST)
    await store.remove_others("ann", keep=SECOND)
    assert not await store.has(FIRST)
    assert await store.get(SECOND) == b"other"


async def test_pictures_go_with_their_profile_and_need_one(store: SqlAvatarStore, database: Database) -> None:
    await store.add(FIRST, "ann", IMAGE)
    assert await SqlUserStore(database).delete_unseen(["ann"], 2.0) == 1
    assert not await store.has(FIRST)
    with pytest.raises(UserNotFound):
        await store.add(FIRST, "ann", IMAGE)


async def test_files_of_an_earlier_version_are_copied_into_the_database(
    store: SqlAvatarStore, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "avatars"
    assert await store.take_over(folder, URL) == 0
    folder.mkdir()
    for name in (FIRST, SECOND):
        (folder / f"{name}.webp").write_bytes(IMAGE)
    unreadable = f"{URL}{'1' * 16}-{'c' * 32}.webp"
    await SqlUserStore(database).add_user(User("bob", "Bob", unreadable, created_at=1.0))
    (folder / unreadable.removeprefix(URL)).mkdir()
    assert await store.take_over(folder, URL) == 1
    assert await store.get(FIRST) == IMAGE
    assert not await store.has(SECOND), "nobody's"
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 1
    assert await store.take_over(folder, URL) == 0


async def test_files_stay_for_earlier_versions_and_for_the_database_that_names_them(
    database: Database, tmp_path: Path
) -> None:
    """The first start may be with an empty database."""
    folder = tmp_path / "avatars"
    folder.mkdir()
    (folder / f"{FIRST}.webp").write_bytes(IMAGE)
    store = SqlAvatarStore(database)
    assert await store.take_over(folder, URL) == 0
    await SqlUserStore(database).add_user(User("ann", "Ann", f"{URL}{FIRST}.webp", created_at=1.0))
    assert await store.take_over(folder, URL) == 1
    assert await store.get(FIRST) == IMAGE
    assert (folder / f"{FIRST}.webp").read_bytes() == IMAGE
