"""A step of the server's wall clock."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import jwt
import pytest

from tests.attack.arena import open_arena
from tests.fakes.rtc import RestClient, RtcClient, silence_clip
from tests.fakes.stepped_clock import SteppedClock


@pytest.mark.attack_short
@pytest.mark.parametrize("seconds", [45.0, -45.0])
async def test_a_step_of_the_clock_ends_no_held_seat(tmp_path: Path, seconds: float) -> None:
    """A seat is held for 30 s."""
    clock = SteppedClock(tmp_path / "clock")
    async with (
        open_arena(tmp_path / "data", environment=clock.environment()) as arena,
        RestClient(arena.server.url) as rest,
    ):
        token = await rest.guest("Ann")
        room = (await rest.create_room(token))["id"]
        first = RtcClient(arena.server.url, token)
        await first.connect()
        seat = await first.join(room, clip=silence_clip())
        await first.aclose()

        async def step() -> None:
            clock.step(seconds)
            await asyncio.sleep(2)  # the server looks five times a second

        await arena.assert_unharmed(step, attempts=1)
        issued = jwt.decode(await rest.guest("Ben"), options={"verify_signature": False})["iat"]
        assert abs(issued - time.time() - seconds) < 5, "the server's clock was stepped"
        async with RtcClient(arena.server.url, token) as again:
            back = await again.join(room, resumeToken=seat["resumeToken"])
        assert back["participantId"] == seat["participantId"]
        assert arena.complaints() == []
