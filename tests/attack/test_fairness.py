"""One address cannot take everything, and a class behind one address gets in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.attack import class_of_forty
from tests.attack.arena import Arena, open_arena
from tests.attack.attacks import planned, shares
from tests.fakes.scale import scaled

_ACCOUNTS = scaled(50, 200, "attack")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strict_arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Arena]:
    """A tenth of the default limits, so that attacks of seconds reach them. Each attack has an address of its
    own."""
    limits = {
        "MAX_ROOMS_PER_ADDRESS": "10",
        "NEW_ROOMS_PER_ADDRESS": "30",
        "SIGN_UPS_PER_ADDRESS": "24",
        "MAX_SOCKETS_PER_ADDRESS": "100",
    }
    async with open_arena(tmp_path_factory.mktemp("data"), limits) as arena:
        yield arena


@pytest.mark.attack_short
async def test_one_address_cannot_open_all_rooms(strict_arena: Arena) -> None:
    facts = await strict_arena.unharmed_by(shares.all_rooms, seconds=3)
    assert facts["ok"] == 10
    assert facts["too_many_rooms_from_network"] > 10
    assert "too_many_rooms" not in facts
    assert any("too_many_rooms_from_network" in line for line in strict_arena.lines())


async def test_one_address_cannot_open_all_rooms_by_events(strict_arena: Arena) -> None:
    facts = await strict_arena.unharmed_by(planned.all_rooms_by_events, seconds=1, accounts=5)
    assert facts == {"ok": 10, "too_many_rooms_from_network": 5}


async def test_one_address_cannot_make_accounts_without_end(strict_arena: Arena) -> None:
    facts = await strict_arena.unharmed_by(shares.all_accounts, seconds=3)
    assert facts["ok"] == 12
    assert facts["too_many_sign_ups"] > 10


@pytest.mark.attack_short
async def test_many_sockets_of_one_client_do_not_lock_out_its_neighbours(strict_arena: Arena) -> None:
    facts = await strict_arena.unharmed_by(shares.all_sockets, seconds=1, sockets=200)
    assert facts["neighbour open"] == 1
    assert any("too many sockets of one address" in line for line in strict_arena.lines())


@pytest.mark.parametrize(
    "settings", [{"MAX_SOCKETS_PER_ADDRESS": str(2 * _ACCOUNTS), "SIGN_UPS_PER_ADDRESS": "0"}]
)
async def test_hundreds_of_accounts_of_one_address_do_not_lock_out_their_neighbours(own_arena: Arena) -> None:
    facts = await own_arena.unharmed_by(shares.two_of_each, accounts=_ACCOUNTS, pupils=40)
    assert facts["crowd open"] == 2 * _ACCOUNTS
    assert facts["class open"] == 40


@pytest.mark.parametrize("settings", [{"HTTP_MAX_CONNECTIONS": "300", "MAX_SOCKETS_PER_ADDRESS": "60"}])
async def test_many_addresses_cannot_take_all_places(own_arena: Arena) -> None:
    facts = await own_arena.unharmed_by(shares.all_places, seconds=1)
    assert facts["class open"] == 40
    assert facts["crowd open"] > 200
    assert not any(name.startswith("class") for name in facts if name != "class open")


@pytest.mark.parametrize("settings", [{"MAX_ROOMS": "180", "MAX_ROOMS_PER_ADDRESS": "10"}])
async def test_one_network_cannot_open_all_rooms(own_arena: Arena) -> None:
    facts = await own_arena.assert_unharmed(lambda: own_arena.attack(shares.rooms_of_a_network), attempts=1)
    assert facts["crowd ok"] < 25
    assert facts["newcomer ok"] == 1


async def test_a_class_of_forty_behind_one_address_gets_in(arena: Arena) -> None:
    facts = await arena.assert_unharmed(lambda: arena.attack(class_of_forty.arrive), attempts=1)
    assert facts["refused"] == {}
    assert facts["in rooms"] == 40
    assert facts["seconds"] < 120
