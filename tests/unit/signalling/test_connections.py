from __future__ import annotations

from typing import Any

from server.protocol.entities import Connection, ListedRoom, ParticipantKind, RoomType
from server.protocol.lobby import Online, RoomAdded, RoomChanged, RoomGone
from server.protocol.rooms import SERVER_EVENTS, RoomClosed, ServerDraining, Speaking
from server.rooms.model import RoomInfo, SeatRecord
from server.rooms.views import listed_view, online_user, participant_view, room_view
from server.signalling.connections import LobbyConnections, RoomConnections, SocketConnection
from tests.fakes.rooms_world import a_user


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
    lobby.add("c1", "ann")
    lobby.send(RoomGone(room_id="r1"))
    assert sent == [
        (["c1"], "online", {"count": 1, "users": []}),
        (["c1"], "room_removed", {"roomId": "r1"}),
    ]


def a_listed_room(*user_ids: str) -> ListedRoom:
    world = RoomInfo("r1", "Coffee", "", "B1", RoomType.PUBLIC, "en", 12, (), user_ids[0], 1.0)
    seats = [SeatRecord(u, "r1", u, ParticipantKind.PERSON, n, "", True, 1.0) for n, u in enumerate(user_ids)]
    people = [
        participant_view(s, a_user(s.user_id), Connection.CONNECTED, is_speaking=False, heard_by_tutor=True)
        for s in seats
    ]
    return listed_view(room_view(world, people, None))


def test_watchers_do_not_see_people_from_whom_they_are_kept_apart() -> None:
    sent: list[Any] = []
    lobby = LobbyConnections(lambda ids, name, body: sent.append((sorted(ids), name, body)))
    lobby.hidden = lambda: {"ann": frozenset({"ben"}), "gone": frozenset({"ben"})}
    for connection_id, user_id in (("c1", "ann"), ("c2", "ann"), ("c3", "cem")):
        lobby.add(connection_id, user_id)
    event = RoomAdded(room=a_listed_room("ben", "cem"), search_text="coffee")
    lobby.send(event)
    lobby.send(Online(count=2, users=[online_user(a_user("ben")), online_user(a_user("cem"))]))
    lobby.send(RoomGone(room_id="r1"))
    lobby.add("c4", "ann")
    rooms = [(ids, body["room"]) for ids, name, body in sent if name == "room_added"]
    assert [(ids, [p["name"] for p in room["participants"]]) for ids, room in rooms] == [
        (["c1", "c2"], ["Cem"]),
        (["c3"], ["Ben", "Cem"]),
    ]
    assert {(room["seatCount"], room["participantCount"]) for _, room in rooms} == {(2, 2)}
    online = [
        (ids, [u["id"] for u in body["users"]], body["count"]) for ids, name, body in sent if name == "online"
    ]
    assert online == [(["c1", "c2"], ["cem"], 2), (["c3"], ["ben", "cem"], 2), (["c4"], ["cem"], 2)]
    assert [ids for ids, name, _ in sent if name == "room_removed"] == [["c1", "c2", "c3"]]


def test_a_change_shows_the_lists_again_to_the_person_alone() -> None:
    sent: list[Any] = []
    lobby = LobbyConnections(lambda ids, name, body: sent.append((sorted(ids), name, body)))
    for connection_id, user_id in (("c1", "ann"), ("c3", "cem")):
        lobby.add(connection_id, user_id)
    lobby.send(Online(count=1, users=[online_user(a_user("ben"))]))
    sent.clear()
    lobby.hidden = lambda: {"ann": frozenset({"ben"})}
    lobby.show_again("ann", [RoomChanged(room=a_listed_room("ben"), search_text="")])
    lobby.show_again("nobody here", [])
    assert [(ids, name) for ids, name, _ in sent] == [(["c1"], "room_updated"), (["c1"], "online")]
    assert sent[0][2]["room"]["participants"] == []
    assert sent[1][2]["users"] == []


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
