"""The memory of messages that clients of the voice protocols have sent in part."""

from __future__ import annotations

from server.rooms.model import Claim
from server.voice.arriving import Arriving, Sender

BUDGET = 1_000
ANN = Claim("ann", "b1", "b")


class Crowd:
    def __init__(self) -> None:
        self.arriving = Arriving(BUDGET)
        self.ended: list[Sender] = []

    def sender(self, claim: Claim, size: int) -> Sender:
        sender = Sender(claim, lambda: self.ended.append(sender))
        self.arriving.add(sender)
        self.arriving.hold(sender, size)
        return sender


def test_connections_of_one_address_make_room_for_somebody_elsewhere() -> None:
    crowd = Crowd()
    eves = [crowd.sender(Claim(f"eve{n}", "a1", "a"), 300) for n in range(3)]
    ann = crowd.sender(ANN, 400)
    assert crowd.ended == [eves[0]]
    assert crowd.arriving.total == 1_000
    crowd.arriving.hold(ann, 500)
    assert crowd.ended == [eves[0], eves[1]]
    assert crowd.arriving.total == 800


def test_of_one_account_the_connection_that_holds_most_is_ended() -> None:
    crowd = Crowd()
    sizes = [100, 500, 300, 0, 101]
    connections = [crowd.sender(ANN, size) for size in sizes]
    assert crowd.ended == [connections[1]]
    assert crowd.arriving.total == 501


def test_what_a_worker_has_got_and_what_has_ended_does_not_count() -> None:
    crowd = Crowd()
    ann = crowd.sender(ANN, 900)
    crowd.arriving.hold(ann, 0)
    bob = crowd.sender(Claim("bob", "c1", "c"), 900)
    assert crowd.arriving.total == 900
    crowd.arriving.drop(bob)
    crowd.arriving.drop(bob)
    crowd.arriving.hold(bob, 900)  # its last bytes
    assert crowd.arriving.total == 0
    assert crowd.ended == []


def test_one_connection_alone_gets_the_budget_and_no_more() -> None:
    crowd = Crowd()
    ann = crowd.sender(ANN, BUDGET)
    assert crowd.ended == []
    crowd.arriving.hold(ann, BUDGET + 1)
    assert crowd.ended == [ann]
    assert crowd.arriving.total == 0
