"""Rooms and tutors of one account or address on several servers."""

from __future__ import annotations

import pytest

from server.cluster import MemoryBus
from server.errors import TooManyRoomsFromNetwork, TooManyTutors, TooManyTutorsFromNetwork
from server.rooms.claims import CLAIM_TOPICS, SharedClaims
from server.rooms.model import Claim
from server.rooms.ports import RoomsSettings
from server.rooms.shares import RoomShares, TutorShares

TOPIC = CLAIM_TOPICS[0]
ANN, BEN = Claim("ann", "a"), Claim("ben", "a")


def test_each_server_counts_what_the_others_have() -> None:
    bus = MemoryBus()
    one, two = SharedClaims(bus, TOPIC, "n1"), SharedClaims(bus, TOPIC, "n2")
    one.publish({"r1": ANN, "r2": BEN}, 0.0)
    two.publish({"r3": ANN}, 0.0)
    assert (two.of_user("ann"), two.of_address("a")) == (1, 2)
    assert (one.of_user("ann"), one.of_address("a")) == (1, 1)
    one.publish({"r2": BEN}, 0.2)
    assert (two.of_user("ann"), two.of_address("a")) == (0, 1)


def test_claims_that_came_while_a_server_was_starting_are_kept() -> None:
    bus = MemoryBus()
    one, late = SharedClaims(bus, TOPIC, "n1"), SharedClaims(bus, TOPIC, "n2")
    one.publish({"r1": ANN}, 5_000.0)
    late.publish({}, 5_001.0)
    assert late.of_user("ann") == 1


def test_a_room_that_moves_counts_once() -> None:
    bus = MemoryBus()
    old, new, other = (SharedClaims(bus, TOPIC, name) for name in ("n1", "n2", "n3"))
    old.publish({"r1": ANN}, 0.0)
    new.publish({"r1": ANN}, 0.1)
    assert other.of_user("ann") == 1
    old.publish({}, 0.2)
    assert other.of_user("ann") == 1


def test_what_was_lost_is_repeated_and_a_silent_server_is_dropped() -> None:
    bus = MemoryBus()
    one = SharedClaims(bus, TOPIC, "n1")
    one.publish({"r1": ANN}, 0.0)
    late = SharedClaims(bus, TOPIC, "n2")
    late.publish({}, 5.0)
    one.publish({"r1": ANN}, 5.0)
    assert late.of_user("ann") == 0
    bus.publish("bus.hello", {"node": "n2"})
    one.publish({"r1": ANN}, 5.2)
    assert late.of_user("ann") == 1
    one.publish({}, 16.0)
    assert late.of_user("ann") == 0
    late.publish({}, 16.2)
    one.publish({"r1": ANN}, 16.2)
    late.publish({}, 46.0)
    assert late.of_user("ann") == 1
    late.publish({}, 46.4)
    assert late.of_user("ann") == 0


@pytest.mark.parametrize(
    "payload", [{}, {"node": "n1", "put": [1]}, {"node": "n1", "all": {"r": 1}}, {"node": "n1", "gone": 3}]
)
def test_a_message_of_another_version_is_ignored(payload: dict[str, object]) -> None:
    bus = MemoryBus()
    claims = SharedClaims(bus, TOPIC, "n2")
    bus.publish(TOPIC, payload)
    assert claims.of_user("ann") == 0


def test_rooms_of_an_address_on_another_server_count() -> None:
    bus = MemoryBus()
    other, here = SharedClaims(bus, TOPIC, "n1"), SharedClaims(bus, TOPIC, "n2")
    shares = RoomShares(RoomsSettings(max_rooms_per_address=2), here)
    other.publish({"r1": ANN}, 0.0)
    shares.check(BEN, {})
    with pytest.raises(TooManyRoomsFromNetwork):
        shares.check(BEN, {ANN: 1})


def test_tutors_of_an_account_and_of_an_address_on_another_server_count() -> None:
    bus = MemoryBus()
    settings = RoomsSettings(max_tutors_per_user=1, max_tutors_per_address=2)
    other, here = (TutorShares(settings, SharedClaims(bus, TOPIC, name)) for name in ("n1", "n2"))
    other.add("r1", ANN)
    other.publish(0.0)
    with pytest.raises(TooManyTutors):
        here.check(ANN)
    here.check(BEN)
    here.add("r2", BEN)
    with pytest.raises(TooManyTutorsFromNetwork):
        here.check(Claim("chi", "a"))
    other.drop("r1")
    other.publish(0.2)
    here.check(ANN)
