"""Clients that keep the server waiting, on a server with few connections and short time-outs."""

from __future__ import annotations

import resource

import pytest

from tests.attack.arena import Arena
from tests.attack.attacks import idle


@pytest.fixture
def settings() -> dict[str, str]:
    return {
        "HTTP_MAX_CONNECTIONS": "300",
        "HTTP_HEAD_TIMEOUT_S": "2",
        "HTTP_IDLE_TIMEOUT_S": "4",
        "HTTP_STALL_TIMEOUT_S": "2",
    }


@pytest.mark.attack_short
async def test_idle_connections_keep_nobody_out_and_are_cut(own_arena: Arena) -> None:
    facts = await own_arena.unharmed_by(idle.idle_connections, connections=700, seconds=4)
    assert facts == {"opened": 700, "open": 0}
    assert any('"made room"' in line for line in own_arena.lines())
    assert own_arena.complaints() == []


async def test_extensions_of_chunks_without_an_end_are_cut(own_arena: Arena) -> None:
    facts = await own_arena.unharmed_by(idle.endless_chunk_extensions, seconds=6)
    assert facts == {"opened": 50, "open": 0}
    assert any('"body"' in line for line in own_arena.lines())
    assert own_arena.complaints() == []


async def test_clients_that_read_no_answer_are_cut(own_arena: Arena) -> None:
    facts = await own_arena.unharmed_by(idle.slow_readers, connections=200, seconds=6)
    assert facts == {"opened": 200, "open": 0}
    assert any('"reading"' in line for line in own_arena.lines())
    assert own_arena.complaints() == []


async def test_a_process_without_file_descriptors_serves_on_and_says_so(own_arena: Arena) -> None:
    process = own_arena.server.process
    used = process.num_fds()
    process.rlimit(resource.RLIMIT_NOFILE, (used + 100, used + 100))
    facts = await own_arena.unharmed_by(idle.idle_connections, connections=200, seconds=6)
    assert facts["open"] == 0
    assert any("EMFILE" in line for line in own_arena.lines())
    assert own_arena.complaints() == []


async def test_people_who_never_read_are_cut(own_arena: Arena) -> None:
    facts = await own_arena.unharmed_by(idle.sockets_that_never_read, seconds=40)
    assert facts == {"people": 20, "cut": 20}


@pytest.mark.attack_short
async def test_floods_of_packets_that_are_no_events_are_cut(arena: Arena) -> None:
    facts = await arena.unharmed_by(idle.floods_of_packets)
    for kind in ("pong", "control ping"):
        assert facts[f"{kind} floods cut"] == facts[f"{kind} floods"] > 0


async def test_a_class_behind_one_address_gets_in(arena: Arena) -> None:
    facts = await arena.unharmed_by(idle.class_of_40, seconds=3)
    assert facts == {"200": 240, "sockets": 40}
