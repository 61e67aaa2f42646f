from __future__ import annotations

from typing import Any

from server.signalling.connection import Connection


class Line:
    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.cuts = 0
        self.connection = Connection("c", "ann", self.push, self.cut, None)

    def push(self, name: str, payload: dict[str, Any]) -> None:
        self.sent.append((name, payload["seq"]))

    def cut(self) -> None:
        self.cuts += 1


def test_events_are_numbered_from_one() -> None:
    line = Line()
    line.connection.send("a", {"seq": 0})
    line.connection.send("b", {"seq": 0})
    assert line.sent == [("a", 1), ("b", 2)]


def test_events_after_a_snapshot_wait_for_its_ack() -> None:
    line = Line()
    line.connection.send("a", {})
    assert line.connection.mark() == 1
    line.connection.send("b", {})
    assert line.connection.mark() == 2
    assert line.sent == [("a", 1)]
    line.connection.uncork()
    line.connection.send("c", {})
    assert line.sent == [("a", 1), ("b", 2), ("c", 3)]


def test_the_queue_of_held_back_events_is_bounded() -> None:
    line = Line()
    line.connection.mark()
    for _ in range(10_000):
        line.connection.send("a", {})
    assert line.cuts
    line.connection.uncork()
    assert len(line.sent) <= 512


def test_uncork_without_mark_does_nothing() -> None:
    line = Line()
    line.connection.uncork()
    assert line.sent == []
