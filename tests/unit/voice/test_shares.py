"""Nobody takes all places for voice sessions: not an account, an address nor a network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.cluster import MemoryBus
from server.protocol.voice.base import TRY_LATER
from server.rooms.claims import SharedClaims
from server.rooms.model import Claim
from server.voice.admission import Refused
from server.voice.settings import VoiceSettings
from server.voice.shares import VOICES_TOPIC, VoiceShares

SETTINGS = VoiceSettings(
    connections=20,
    per_user=2,
    per_address=4,
    rate=1.0,
    trusted_proxies=0,
    anonymous="nobody",
    language="en",
    coach_language="vi",
)


def shares(settings: VoiceSettings = SETTINGS, bus: MemoryBus | None = None, node: str = "n1") -> VoiceShares:
    return VoiceShares(settings, SharedClaims(bus or MemoryBus(), VOICES_TOPIC, node))


def fill(of: VoiceShares, count: int, address: str, network: str) -> None:
    for number in range(count):
        of.add(f"{address}-{number}", Claim("", address, network))


def test_one_address_has_its_share_of_places_before_it_says_who_it_is() -> None:
    one = shares()
    fill(one, 4, "a", "net-a")
    with pytest.raises(Refused, match="already has 4 voice sessions") as refused:
        one.add("more", Claim("", "a", "net-a"))
    assert refused.value.closes == TRY_LATER
    one.add("of another", Claim("", "b", "net-b"))
    one.drop("a-0")
    one.add("more", Claim("", "a", "net-a"))


def test_many_addresses_of_one_network_leave_places_to_others() -> None:
    one = shares()
    for number in range(4):
        one.add(f"p{number}", Claim("", f"a{number}", "net-a"))
    with pytest.raises(Refused, match="network"):
        one.add("more", Claim("", "a9", "net-a"))
    one.add("of another", Claim("", "b", "net-b"))


def test_a_network_may_have_an_eighth_of_what_others_leave() -> None:
    one = shares(replace(SETTINGS, connections=80))
    for number in range(10):
        one.add(f"p{number}", Claim("", f"a{number}", "net-a"))
    with pytest.raises(Refused, match="already has 10"):
        one.add("more", Claim("", "a99", "net-a"))


def test_one_account_has_its_share_at_whatever_addresses() -> None:
    one = shares()
    for number in range(3):
        one.add(f"p{number}", Claim("", f"a{number}", f"net{number}"))
    one.own("p0", "ann")
    one.own("p1", "ann")
    with pytest.raises(Refused, match="2 voice sessions open, the maximum"):
        one.own("p2", "ann")
    one.own("p2", "ben")


def test_all_places_together_are_limited() -> None:
    one = shares(replace(SETTINGS, connections=2, per_address=0))
    fill(one, 2, "a", "net-a")
    with pytest.raises(Refused, match="Too many people"):
        one.add("more", Claim("", "b", "net-b"))


def test_servers_that_share_their_rooms_count_the_places_of_all() -> None:
    bus = MemoryBus()
    one, two = shares(bus=bus), shares(bus=bus, node="n2")
    fill(one, 3, "a", "net-a")
    one.own("a-0", "ann")
    one.own("a-1", "ann")
    one.publish(0.0)
    two.publish(0.0)
    two.add("p", Claim("", "a", "net-a"))
    with pytest.raises(Refused, match="maximum"):
        two.own("p", "ann")
    with pytest.raises(Refused, match="network"):
        two.add("q", Claim("", "a", "net-a"))
    one.drop("a-0")
    one.publish(0.5)
    two.own("p", "ann")


def test_without_limits_by_address_and_account_there_are_none() -> None:
    one = shares(replace(SETTINGS, per_user=0, per_address=0))
    fill(one, 20, "a", "net-a")
    for number in range(20):
        one.own(f"a-{number}", "ann")
