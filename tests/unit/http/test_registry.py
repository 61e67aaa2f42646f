from __future__ import annotations

from dataclasses import dataclass

from server.http.registry import Registry


@dataclass(eq=False)
class Fake:
    address: str
    active_at: float
    can_be_evicted: bool = True
    is_lagging: bool = False


def filled(registry: Registry[Fake], *connections: Fake) -> Registry[Fake]:
    for connection in connections:
        registry.add(connection)
    return registry


def test_there_is_room_below_the_limits() -> None:
    registry = filled(Registry[Fake](3, 2), Fake("a", 1), Fake("b", 1))
    assert registry.room_for("a") == []


def test_the_longest_waiting_of_an_address_makes_room_for_a_new_one_of_it() -> None:
    old, new, other = Fake("a", 1), Fake("a", 2), Fake("b", 0)
    registry = filled(Registry[Fake](10, 2), new, old, other)
    assert registry.room_for("a") == [old]


def test_an_address_whose_connections_are_all_in_use_is_refused_more() -> None:
    registry = filled(Registry[Fake](10, 2), Fake("a", 1, False), Fake("a", 2, False), Fake("b", 0))
    assert registry.room_for("a") is None
    assert registry.room_for("b") == []


def test_slow_readers_make_room_after_those_that_wait() -> None:
    slow, idle = Fake("a", 1, is_lagging=True), Fake("a", 2)
    registry = filled(Registry[Fake](10, 2), slow, idle)
    assert registry.room_for("a") == [idle]
    registry.discard(idle)
    registry.add(Fake("a", 3, False))
    assert registry.room_for("a") == [slow]


def test_a_limit_of_zero_is_none() -> None:
    registry = filled(Registry[Fake](10, 0), *(Fake("proxy", n, False) for n in range(9)))
    assert registry.room_for("proxy") == []


def test_when_all_places_are_taken_the_address_with_the_most_makes_room() -> None:
    honest, greedy = Fake("a", 0), [Fake("b", n) for n in (5, 4, 6)]
    registry = filled(Registry[Fake](4, 0), honest, *greedy)
    assert registry.room_for("c") == [greedy[1]]


def test_an_address_takes_no_place_of_one_that_has_fewer() -> None:
    registry = filled(Registry[Fake](3, 0), Fake("a", 0), *(Fake("b", n, False) for n in range(2)))
    assert registry.room_for("b") is None


def test_behind_a_proxy_idle_connections_of_it_make_room() -> None:
    idle = Fake("proxy", 1)
    registry = filled(Registry[Fake](3, 0), idle, *(Fake("proxy", n, False) for n in range(2)))
    assert registry.room_for("proxy") == [idle]


def test_a_flood_looks_at_all_connections_once_for_a_sixteenth_of_them() -> None:
    registry = filled(Registry[Fake](64, 0), *(Fake("a", n) for n in range(64)))
    victims = registry.room_for("b")
    assert victims is not None
    assert [v.active_at for v in victims] == [0, 1, 2, 3]


def test_connections_that_were_removed_do_not_count() -> None:
    first, second = Fake("a", 1), Fake("a", 2)
    registry = filled(Registry[Fake](2, 2), first, second)
    registry.discard(first)
    registry.discard(first)
    assert registry.room_for("a") == []
    assert list(registry) == [second]
    assert len(registry) == 1


def test_half_of_those_that_wait_end_when_file_descriptors_run_out() -> None:
    used = Fake("a", 0, False)
    registry = filled(Registry[Fake](99, 0), used, *(Fake("a", n) for n in range(1, 9)))
    assert [c.active_at for c in registry.longest_waiting()] == [1, 2, 3, 4]
