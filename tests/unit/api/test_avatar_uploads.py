from __future__ import annotations

import asyncio
import threading

import pytest

from server.api.avatars import uploads as uploads_module
from server.api.avatars.uploads import Avatars
from server.errors import Unavailable
from server.rooms.model import Claim
from tests.fakes.stores import FakeAvatarStore

ANN = Claim("ann", "a", "net")


async def test_one_address_does_not_keep_others_pictures_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, order = threading.Event(), list[bytes]()

    def encode(upload: bytes) -> bytes:
        assert go_on.wait(10)
        order.append(upload)
        return upload

    monkeypatch.setattr(uploads_module, "encode_in_child", encode)
    avatars = Avatars(FakeAvatarStore())
    crowd = [Claim(f"greedy{n}", "a", "net") for n in range(20)]
    waiting = [asyncio.create_task(avatars.save(claim, claim.user_id.encode())) for claim in crowd]
    waiting.append(asyncio.create_task(avatars.save(Claim("neighbour", "b", "net"), b"neighbour")))
    await asyncio.sleep(0)
    go_on.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(isinstance(result, Unavailable) for result in results[:-1]) == 12
    assert order[1] == b"neighbour"  # after the one that was being decoded
    await avatars.aclose()


async def test_a_profile_can_name_only_its_own_upload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads_module, "encode_in_child", lambda upload: upload)
    avatars = Avatars(FakeAvatarStore())
    first = await avatars.save(ANN, b"webp1")
    second = await avatars.save(ANN, b"webp2")
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
