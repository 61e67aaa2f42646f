from __future__ import annotations

import asyncio
import threading

import pytest

from server.api.avatars import uploads as uploads_module
from server.api.avatars.uploads import Avatars
from server.errors import Unavailable
from tests.fakes.stores import FakeAvatarStore


async def test_one_address_does_not_fill_the_queue_of_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    def encode(upload: bytes) -> bytes:
        assert go_on.wait(10)
        return upload

    monkeypatch.setattr(uploads_module, "encode_in_child", encode)
    avatars = Avatars(FakeAvatarStore())
    waiting = [asyncio.create_task(avatars.save(f"greedy{n}", b"webp", "a")) for n in range(20)]
    waiting.append(asyncio.create_task(avatars.save("neighbour", b"webp", "b")))
    await asyncio.sleep(0)
    go_on.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(isinstance(result, Unavailable) for result in results[:-1]) == 16
    assert isinstance(results[-1], str)
    assert await avatars.save("greedy0", b"webp", "a") == results[0]
    await avatars.aclose()


async def test_a_profile_can_name_only_its_own_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads_module, "encode_in_child", lambda upload: upload)
    avatars = Avatars(FakeAvatarStore())
    first = await avatars.save("ann", b"webp1", "a")
    second = await avatars.save("ann", b"webp2", "a")
    assert await avatars.owns("ann", first)
    assert not await avatars.owns("bob", first)
    assert not await avatars.owns("ann", "/api/avatars/u/../secret.webp")
    await avatars.remove_others("ann", keep=second)
    assert not await avatars.owns("ann", first)
    assert await avatars.load(first) is None
    loaded = await avatars.load(second)
    assert loaded is not None
    assert loaded.forms["identity"] == b"webp2"
    await avatars.aclose()
