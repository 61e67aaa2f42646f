from __future__ import annotations

from collections import Counter

from server.common.rendezvous import ranked

NODES = ["n1-a", "n2-b", "n3-c", "n4-d"]
ROOMS = [f"room{i}" for i in range(400)]


def test_all_servers_name_the_same_one_whatever_the_order_of_what_they_know() -> None:
    assert all(ranked(room, NODES) == ranked(room, reversed(NODES)) for room in ROOMS)


def test_rooms_spread_over_the_servers() -> None:
    counts = Counter(ranked(room, NODES)[0] for room in ROOMS)
    assert set(counts) == set(NODES)
    assert min(counts.values()) > 60


def test_only_rooms_of_a_server_that_is_gone_change_hands() -> None:
    left = [node for node in NODES if node != "n2-b"]
    for room in ROOMS:
        first = ranked(room, NODES)[0]
        assert first == "n2-b" or ranked(room, left)[0] == first
