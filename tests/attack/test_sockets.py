"""Hostile connections."""

from __future__ import annotations

import pytest

from tests.attack.arena import Arena
from tests.attack.attacks import sockets


@pytest.mark.attack_short
async def test_bytes_that_are_no_requests_are_answered_or_closed(arena: Arena) -> None:
    facts = await arena.unharmed_by(sockets.garbage_bytes)
    assert facts["400"] > 20
    assert "500" not in facts


@pytest.mark.attack_short
async def test_garbage_on_every_socket_is_refused(arena: Arena) -> None:
    facts = await arena.unharmed_by(sockets.garbage_events)
    assert facts["visits"] > 5


@pytest.mark.attack_short
async def test_a_flood_of_joins_costs_people_in_other_rooms_nothing(arena: Arena) -> None:
    facts = await arena.unharmed_by(sockets.join_flood)
    assert facts["join"] > 50


async def test_sockets_that_close_during_their_handshake_lock_nobody_out(arena: Arena) -> None:
    facts = await arena.unharmed_by(sockets.closed_handshakes, sockets=24)
    assert facts == {"closed": 24, "open": True}
