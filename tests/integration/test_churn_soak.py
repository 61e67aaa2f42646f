"""Many joins and leaves: afterwards the server holds the same resources as before."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.rtc import Pacer, RestClient, RtcClient, tone_clip
from tests.fakes.scale import scaled
from tests.fakes.server_process import ServerProcess
from tests.fakes.signalling_server import eventually

VISITS = scaled(40, 1000, "soak")
_WARM_UP = scaled(40, 300, "soak")
_AT_A_TIME = 4
_SAID = 5
"""Packets of a participant who speaks, before they leave."""
_TASKS = "parlor_event_loop_tasks"
_GROWTH_BYTES = 4_000_000

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[ServerProcess]:
    async with ServerProcess(tmp_path / "data") as server:
        yield server


async def test_joins_and_leaves_leak_nothing_and_do_not_affect_others(server: ServerProcess) -> None:
    dice = random.Random(1)
    async with RestClient(server.url) as rest, Pacer() as pacer:
        token = await rest.guest("Talker")
        room = await rest.create_room(token)
        async with (
            RtcClient(server.url, token) as talker,
            RtcClient(server.url, await rest.guest("Listener")) as listener,
        ):
            await talker.join(room["id"], clip=tone_clip(440))
            await listener.join(room["id"])
            await talker.set_muted(False)
            assert talker.publisher is not None
            pacer.add(talker.publisher)
            log = await listener.wait_slot(talker.participant_id)

            await _visits(rest, pacer, room["id"], dice, _WARM_UP)
            before = await _at_rest(server)
            await _visits(rest, pacer, room["id"], dice, VISITS)
            after = await _settled(server, before)

    for name, value in before.items():
        if name != "memory":
            assert after[name] == value, name
    assert after["memory"] - before["memory"] < _GROWTH_BYTES
    assert log.packets > 0
    assert log.lost == 0
    assert server.complaints() == []


async def _visits(rest: RestClient, pacer: Pacer, room_id: str, dice: random.Random, count: int) -> None:
    turns = asyncio.Semaphore(_AT_A_TIME)

    async def visit() -> None:
        async with turns:
            await _visit(rest, pacer, room_id, dice)

    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(visit())


async def _visit(rest: RestClient, pacer: Pacer, room_id: str, dice: random.Random) -> None:
    """Join, perhaps speak, perhaps mute or restart, and leave in one of several ways."""
    async with RtcClient(rest.url, await rest.guest("Visitor")) as visitor:
        await visitor.join(room_id, clip=tone_clip(600, 0.2))
        voice = visitor.publisher
        assert voice is not None
        speaks = dice.random() < 0.7
        if speaks:
            await visitor.set_muted(False)
            pacer.add(voice)
        if dice.random() < 0.3:
            await visitor.reconnect(dice.choice(("ice", "full")))
        if speaks:
            await eventually(lambda: voice.sent >= _SAID)
        pacer.discard(voice)
        await visitor.leave()


async def _at_rest(server: ServerProcess) -> dict[str, float]:
    """Resources once all closing has ended: the same number of tasks twice in half a second."""
    before: dict[str, float] = {}
    now = await _holdings(server)
    for _ in range(20):
        if before.get(_TASKS) == now[_TASKS]:
            break
        await asyncio.sleep(0.5)  # another process, which sends no event when its closing has ended
        before, now = now, await _holdings(server)
    return now


async def _settled(server: ServerProcess, target: dict[str, float]) -> dict[str, float]:
    """Resources once they equal those of before, or after a time limit."""
    holdings = await _holdings(server)
    for _ in range(50):
        if all(holdings[name] == target[name] for name in target if name != "memory"):
            break
        await asyncio.sleep(0.2)  # as above
        holdings = await _holdings(server)
    return holdings


async def _holdings(server: ServerProcess) -> dict[str, float]:
    metrics = await server.metrics()
    process = server.process
    counted = ("parlor_rooms", "parlor_participants")
    return {
        _TASKS: metrics[_TASKS],
        **{name: value for name, value in metrics.items() if name.startswith(counted)},
        "memory": process.memory_full_info().uss,
        "tcp connections": sum(c.status == "ESTABLISHED" for c in process.net_connections("tcp")),
        "udp sockets": len(process.net_connections("udp")),
    }
