"""Hostile HTTP requests."""

from __future__ import annotations

import pytest

from tests.attack.arena import Arena
from tests.attack.attacks import requests
from tests.fakes.scale import scaled

_LOG_LINES_PER_S = 60
"""Bound of the log under a flood; the flood's own requests are thousands a second."""
_MEMORY_BYTES = 150_000_000


@pytest.mark.attack_short
async def test_compressed_bodies_are_refused_unread(arena: Arena) -> None:
    facts = await arena.unharmed_by(requests.compressed_bodies)
    assert facts["415"] > 20
    assert set(facts) <= {
        "415",
        "429",
        "ClientOSError",
        "ServerDisconnectedError",
        "ClientConnectionResetError",
    }


@pytest.mark.attack_short
async def test_a_flood_of_refused_requests_does_not_flood_or_forge_the_log(arena: Arena) -> None:
    facts = await arena.unharmed_by(requests.refused_requests, seconds=3)
    lines = arena.lines()
    assert sum(facts.values()) > 500
    assert "500" not in facts
    assert len(lines) < 3 * _LOG_LINES_PER_S * 3  # three attempts at most
    assert not any("\x1b[2J" in line or line.startswith("forged") for line in lines)


async def test_a_flood_of_pages_is_refused_and_pages_of_others_are_served(arena: Arena) -> None:
    facts = await arena.unharmed_by(requests.page_flood, seconds=8)
    assert facts["429"] > 100
    assert facts["elsewhere 200"] == 1
    assert set(facts) <= {"200", "404", "429", "elsewhere 200"}


async def test_floods_from_many_addresses_harm_nobody_in_another_room(arena: Arena) -> None:
    facts = await arena.unharmed_by(requests.many_addresses, addresses=scaled(8, 25, "attack"))
    assert sum(facts.values()) > 500
    assert set(facts) <= {"200", "401", "404", "429"}
    assert "500" not in facts


@pytest.mark.attack_short
async def test_huge_pictures_are_refused_within_the_memory_of_the_server(arena: Arena) -> None:
    before = _memory(arena)
    facts = await arena.unharmed_by(requests.huge_pictures)
    assert facts["422"] >= 2
    assert set(facts) <= {"422", "429"}
    assert _memory(arena) - before < _MEMORY_BYTES


def _memory(arena: Arena) -> int:
    return int(arena.server.process.memory_full_info().uss)
