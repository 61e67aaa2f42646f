"""The limits by address over IPv6, where the honest people have the attacker's address."""

from __future__ import annotations

import pytest

from tests.attack.arena import Arena
from tests.attack.attacks import idle, shares


@pytest.fixture
def settings() -> dict[str, str]:
    return {
        "HOST": "::1",
        "HTTP_MAX_CONNECTIONS": "300",
        "HTTP_HEAD_TIMEOUT_S": "6",
        "HTTP_IDLE_TIMEOUT_S": "4",
        "HTTP_STALL_TIMEOUT_S": "2",
        "MAX_ROOMS_PER_ADDRESS": "10",
        "NEW_ROOMS_PER_ADDRESS": "30",
    }


async def test_one_ipv6_address_keeps_nobody_out(own_arena: Arena) -> None:
    held = await own_arena.unharmed_by(idle.idle_connections, connections=700, seconds=10)
    assert held == {"opened": 700, "open": 0}
    assert any('"made room"' in line for line in own_arena.lines())
    rooms = await own_arena.unharmed_by(shares.all_rooms, seconds=3)
    assert rooms.get("ok", 0) <= 10
    assert rooms["too_many_rooms_from_network"] > 10
    assert own_arena.complaints() == []
