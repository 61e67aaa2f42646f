"""Hostile datagrams."""

from __future__ import annotations

import pytest

from tests.attack.arena import Arena
from tests.attack.attacks import media


@pytest.mark.attack_short
async def test_a_flood_of_datagrams_costs_the_honest_no_packet(arena: Arena) -> None:
    facts = await arena.unharmed_by(media.datagram_flood)
    assert facts["sent"] > 20_000
