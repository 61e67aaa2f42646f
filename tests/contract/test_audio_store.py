"""Every place for recordings must do the same: a folder, and an object store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.errors import Unavailable
from server.storage import AudioFiles, AudioObjects, audio, audio_objects, database_name, open_bucket
from server.storage.audio import PIECE
from server.tutor.ports import AudioStore, Recording
from tests.fakes.object_store import KEY_ID, SECRET, object_store

LONG = bytes(range(256)) * (PIECE // 128)


@pytest.fixture(scope="module")
def files_url() -> Iterator[str]:
    with object_store() as url:
        yield url


@pytest.fixture(params=["folder", "objects"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AudioStore:
    if request.param == "folder":
        return AudioFiles(tmp_path / "audio")
    url = request.getfixturevalue("files_url").replace("/parlor?", f"/{tmp_path.name}?")
    return AudioObjects(open_bucket(url, KEY_ID, SECRET))


async def content(recording: Recording | None, start: int = 0, end: int | None = None) -> bytes:
    assert recording is not None
    return b"".join([piece async for piece in recording.read(start, recording.size if end is None else end)])


async def test_recordings_are_saved_replaced_and_deleted(store: AudioStore) -> None:
    assert await store.find("m1") is None
    await store.save("m1", b"OggS1")
    await store.save("m1", b"OggS2")
    assert await content(await store.find("m1")) == b"OggS2"
    await store.remove(["m1", "never"])
    assert await store.find("m1") is None
    await store.remove([])


@pytest.mark.parametrize("kind", ["folder", "objects"])
async def test_recordings_have_one_database(
    request: pytest.FixtureRequest, tmp_path: Path, kind: str
) -> None:
    def place(database: str) -> AudioStore:
        if kind == "folder":
            return AudioFiles(tmp_path / "audio", database)
        url = request.getfixturevalue("files_url").replace("/parlor?", f"/{tmp_path.name}?")
        return AudioObjects(open_bucket(url, KEY_ID, SECRET), database)

    assert not await place("new").claim(is_known=False)
    assert await place("old").claim(is_known=True)
    assert await place("old").claim(is_known=False)
    assert not await place("new").claim(is_known=True)
    assert await place("old").list_settled() == []


def test_a_database_keeps_its_name_when_its_folder_moves(tmp_path: Path) -> None:
    assert database_name(f"sqlite+aiosqlite:///{tmp_path}/parlor.db", tmp_path) == "parlor.db"
    assert database_name("sqlite+aiosqlite:////srv/other.db", tmp_path) == "/srv/other.db"
    assert database_name("postgresql+asyncpg://me:secret@db/parlor", tmp_path) == "db:5432/parlor"


async def test_any_part_of_a_recording_can_be_read(store: AudioStore) -> None:
    await store.save("m1", LONG)
    found = await store.find("m1")
    assert found is not None
    assert found.size == len(LONG)
    assert await content(found) == LONG
    assert await content(found, 10, PIECE + 10) == LONG[10 : PIECE + 10]
    assert await content(found, len(LONG) - 1) == LONG[-1:]


async def test_recordings_that_may_not_be_noted_yet_are_not_listed(
    store: AudioStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for message_id in ("m2", "gone"):
        await store.save(message_id, b"OggS")
    assert await store.list_settled() == []
    for module in (audio, audio_objects):
        monkeypatch.setattr(module, "FRESH_S", -3_600.0)
    assert sorted(await store.list_settled()) == ["gone", "m2"]


async def test_other_files_in_the_place_of_recordings_are_not_listed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (audio, audio_objects):
        monkeypatch.setattr(module, "FRESH_S", -3_600.0)
    others = ("a/a.b.txt", "m1/m1.txt", "m1/a.b.ogg", "zz/m1.ogg", "notes/m1/m1.ogg", "README", "m1.ogg")
    url = request.getfixturevalue("files_url").replace("/parlor?", f"/{tmp_path.name}?")
    bucket = open_bucket(url, KEY_ID, SECRET)
    for name in others:
        await bucket.put_async(name, b"x")
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    for place in (AudioObjects(bucket), AudioFiles(tmp_path)):
        await place.save("m2", b"OggS")
        assert await place.list_settled() == ["m2"]


async def test_a_recording_that_is_deleted_while_it_is_read_is_unavailable(store: AudioStore) -> None:
    await store.save("m1", LONG)
    found = await store.find("m1")
    await store.remove(["m1"])
    with pytest.raises(Unavailable):
        await content(found)


async def test_what_is_no_message_id_names_nothing(store: AudioStore) -> None:
    for name in ("../secret", "", "a/b", "x" * 65):
        with pytest.raises(ValueError, match="id"):
            await store.find(name)


async def test_a_store_that_is_out_of_reach_or_refuses_the_key_is_unavailable() -> None:
    away = AudioObjects(open_bucket("s3://recordings?endpoint=http://127.0.0.1:9", KEY_ID, SECRET))
    for attempt in (away.save("m1", b"OggS"), away.find("m1"), away.remove(["m1"]), away.list_settled()):
        with pytest.raises(Unavailable):
            await attempt
