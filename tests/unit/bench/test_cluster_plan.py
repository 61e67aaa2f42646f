"""Where the benchmark of several servers puts its people."""

from __future__ import annotations

from argparse import Namespace

from tests.bench.cluster import plan, spread

NODES = ("n1", "n2", "n3")


def test_rooms_are_spread_over_the_servers() -> None:
    wanted = Namespace(crowd=0, rooms=4, people=3, talking=2)
    assert plan(wanted, NODES) == [("n1", 3, 2), ("n2", 3, 2), ("n3", 3, 2), ("n1", 3, 2)]


def test_a_crowd_is_in_full_rooms_of_one_server_and_two_talk_in_each() -> None:
    wanted = Namespace(crowd=100, talk_in=None)
    assert plan(wanted, NODES) == [("n1", 12, 2)] * 8 + [("n1", 4, 2)]


def test_a_crowd_may_talk_in_some_rooms_alone() -> None:
    assert [talking for _, _, talking in plan(Namespace(crowd=30, talk_in=1), NODES)] == [2, 0, 0]


def test_silences_are_summed_up() -> None:
    assert spread([]) == "nobody talked"
    assert spread([0.1, 0.3, 0.2]) == "silences n=3, p50 0.200 s, p95 0.300 s, worst 0.300 s"
