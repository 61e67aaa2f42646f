from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from server.config import Config
from server.protocol.rooms import Join
from server.rooms.membership import Joiner
from server.storage import SqlUserStore
from server.wiring import assemble
from server.wiring.options import is_proxied
from tests.fakes.rooms_world import a_draft, a_user
from tests.fakes.signalling_server import eventually


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, False),
        ({"public_url": "http://localhost:9000", "allowed_origins": "http://127.0.0.1:5173"}, False),
        ({"trusted_proxies": 1}, True),
        ({"public_url": "https://rooms.example.org"}, True),
        ({"allowed_origins": "https://rooms.example.org"}, True),
    ],
)
def test_a_proxy_in_front_is_known_from_the_settings(settings: dict[str, Any], expected: bool) -> None:
    assert is_proxied(Config.load(None, **settings)) is expected


@pytest.mark.parametrize("step", [60.0, -55.0])
async def test_a_step_of_the_wall_clock_neither_ends_a_seat_nor_prolongs_it(
    step: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall, monotonic = [time.time()], [time.monotonic()]
    monkeypatch.setattr(time, "time", lambda: wall[0])
    monkeypatch.setattr(time, "monotonic", lambda: monotonic[0])
    parts = assemble(Config.load(None, data_dir=tmp_path, udp_port=0, agents=0, house_rules=False))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(parts.database.aclose)
        stack.push_async_callback(parts.avatars.aclose)
        await parts.database.start()
        await parts.sfu.start(parts.rooms.media_events)
        stack.push_async_callback(parts.sfu.aclose)
        stack.push_async_callback(parts.rooms.aclose)
        ann = a_user("ann")
        await SqlUserStore(parts.database).add_user(ann)
        room = await parts.rooms.directory.create_room("ann", a_draft())
        await parts.rooms.membership.join(Joiner("c1", "ann"), Join(room_id=room.id))
        parts.rooms.membership.connection_lost("c1")

        async def people_after(seconds: float) -> int:
            monotonic[0] += seconds
            parts.rooms.tick()
            for _ in range(5):
                await asyncio.sleep(0)
            return parts.rooms.directory.get_room(room.id, "ann").participant_count

        wall[0] += step
        assert await people_after(29) == 1
        assert await people_after(2) == 0


async def test_signing_out_gives_up_the_seat(tmp_path: Path) -> None:
    parts = assemble(Config.load(None, data_dir=tmp_path, udp_port=0, agents=0, house_rules=False))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(parts.database.aclose)
        stack.push_async_callback(parts.avatars.aclose)
        await parts.database.start()
        await parts.sfu.start(parts.rooms.media_events)
        stack.push_async_callback(parts.sfu.aclose)
        stack.push_async_callback(parts.rooms.aclose)
        client = await stack.enter_async_context(TestClient(TestServer(parts.application)))
        session = await (await client.post("/api/auth/guest", json={"name": "Ann"})).json()
        user_id, headers = session["user"]["id"], {"Authorization": f"Bearer {session['token']}"}
        room = await parts.rooms.directory.create_room(user_id, a_draft())
        await parts.rooms.membership.join(Joiner("c1", user_id), Join(room_id=room.id))
        parts.rooms.membership.connection_lost("c1")
        answer = await client.post("/api/auth/sign-out", headers=headers)
        assert answer.status == 204
        await eventually(lambda: parts.rooms.directory.get_room(room.id, user_id).participant_count == 0)
        assert (await client.get("/api/users/me", headers=headers)).status == 401
