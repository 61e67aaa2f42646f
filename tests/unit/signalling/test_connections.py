from __future__ import annotations

from typing import Any

from server.protocol.lobby import Online, RoomGone
from server.protocol.rooms import SERVER_EVENTS, RoomClosed, ServerDraining, Speaking
from server.signalling.connections import LobbyConnections, RoomConnections, SocketConnection


def a_connection(id_: str, sent: list[tuple[str, str, Any]]) -> SocketConnection:
    return SocketConnection(id_, "ann", lambda name, body: sent.append((id_, name, body)), lambda: None, None)


def test_every_event_of_a_room_has_one_name() -> None:
    assert len(set(SERVER_EVENTS.values())) == len(SERVER_EVENTS)


def test_each_connection_numbers_the_events_it_receives() -> None:
    sent: list[tuple[str, str, Any]] = []
    connections = RoomConnections()
    for id_ in ("c1", "c2"):
        connections.add(a_connection(id_, sent))
    connections.send(["c1"], ServerDraining())
    connections.send(["c1", "gone", "c2"], Speaking(participant_id="p1", speaking=True, level=-30))
    body = {"participantId": "p1", "speaking": True, "level": -30}
    assert sent == [
        ("c1", "server_draining", {"seq": 1}),
        ("c1", "speaking", {"seq": 2, **body}),
        ("c2", "speaking", {"seq": 1, **body}),
    ]


def test_reasons_are_sent_as_their_values() -> None:
    sent: list[tuple[str, str, Any]] = []
    connections = RoomConnections()
    connections.add(a_connection("c1", sent))
    connections.send(["c1"], RoomClosed(reason="closed_by_host"))
    assert sent == [("c1", "room_closed", {"seq": 1, "reason": "closed_by_host"})]


def test_a_new_watcher_of_the_lobby_gets_the_list_of_people_online() -> None:
    sent: list[Any] = []
    lobby = LobbyConnections(lambda ids, name, body: sent.append((list(ids), name, body)))
    lobby.send(Online(count=1, users=[]))
    lobby.add("c1")
    lobby.send(RoomGone(room_id="r1"))
    assert sent == [
        (["c1"], "online", {"count": 1, "users": []}),
        (["c1"], "room_removed", {"roomId": "r1"}),
    ]


class Line:
    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.cuts = 0
        self.connection = SocketConnection("c", "ann", self.push, self.cut, None)

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
