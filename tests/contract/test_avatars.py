"""Uploaded pictures in the database, and those that were files before."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from server.errors import UserNotFound
from server.rooms.model import User
from server.storage import Database, SqlAvatarStore, SqlUserStore
from tests.contract.storage_urls import database, postgres_socket, url

__all__ = ["database", "postgres_socket", "url"]

URL = "/api/avatars/u/"
FIRST, SECOND, THIRD = (f"{'0' * 16}-{digit * 32}" for digit in "abc")
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


async def test_files_of_an_earlier_version_are_moved_into_the_database(
    store: SqlAvatarStore, database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "avatars"
    assert await store.take_over(folder, URL) == 0
    picture = _file(folder, FIRST)
    unreadable = f"{URL}{'1' * 16}-{'c' * 32}.webp"
    await SqlUserStore(database).add_user(User("bob", "Bob", unreadable, created_at=1.0))
    (folder / unreadable.removeprefix(URL)).mkdir()
    assert await store.take_over(folder, URL) == 1
    assert await store.get(FIRST) == IMAGE
    assert not picture.exists(), "it would outlive its owner's profile"
    warnings = [record for record in caplog.records if record.levelname == "WARNING"]
    assert len(warnings) == 1
    assert await store.take_over(folder, URL) == 0


async def test_a_file_that_is_stored_already_is_deleted(store: SqlAvatarStore, tmp_path: Path) -> None:
    """A version in between copied the files and let them be."""
    await store.add(FIRST, "ann", IMAGE)
    picture = _file(tmp_path / "avatars", FIRST)
    assert await store.take_over(picture.parent, URL) == 0
    assert not picture.exists()


async def test_files_of_deleted_profiles_are_deleted_in_a_folder_of_this_database(
    store: SqlAvatarStore, tmp_path: Path
) -> None:
    folder = tmp_path / "avatars"
    _file(folder, FIRST)
    left_behind, just_written = _file(folder, SECOND), _file(folder, THIRD, age_s=0.0)
    await store.take_over(folder, URL)
    assert not left_behind.exists()
    assert just_written.exists(), "a server of an earlier version may be about to name it"


async def test_files_stay_where_this_database_knows_none_of_them(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The first start may be with an empty database."""
    picture = _file(tmp_path / "avatars", FIRST)
    store = SqlAvatarStore(database)
    assert await store.take_over(picture.parent, URL) == 0
    assert picture.read_bytes() == IMAGE
    assert "belong to no profile" in caplog.text
    await SqlUserStore(database).add_user(User("ann", "Ann", f"{URL}{FIRST}.webp", created_at=1.0))
    assert await store.take_over(picture.parent, URL) == 1
    assert await store.get(FIRST) == IMAGE


def _file(folder: Path, name: str, age_s: float = 7_200.0) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.webp"
    path.write_bytes(IMAGE)
    written_at = time.time() - age_s
    os.utime(path, (written_at, written_at))
    return path
