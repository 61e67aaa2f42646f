from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from server.api.avatars import files as files_module
from server.api.avatars.files import AvatarFiles
from server.errors import Unavailable


async def test_one_address_does_not_fill_the_queue_of_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def encode(upload: bytes) -> bytes:
        assert go_on.wait(10)
        return upload

    monkeypatch.setattr(files_module, "encode_in_child", encode)
    files = AvatarFiles(tmp_path)
    waiting = [asyncio.create_task(files.save(f"greedy{n}", b"webp", "a")) for n in range(20)]
    waiting.append(asyncio.create_task(files.save("neighbour", b"webp", "b")))
    await asyncio.sleep(0)
    go_on.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(isinstance(result, Unavailable) for result in results[:-1]) == 16
    assert isinstance(results[-1], str)
    assert await files.save("greedy0", b"webp", "a") == results[0]
    await files.aclose()
