"""Decisions act on every server: over the bus at once, and from the store for what the bus lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from server.cluster.memory import MemoryBus
from server.moderation.enforcement import DECIDED_TOPIC, Enforcement
from server.moderation.model import BanMark, Sanction
from server.moderation.ports import Decided
from server.protocol.moderation import BanScope, ReportReason, SanctionKind
from server.rooms.model import Origin
from tests.fakes.moderation import FakeEffects, FakeSanctions

NOW = 1_800_000_000.0
DEVICE, ADDRESS = "d" * 64, "a" * 64


def a_ban(**change: object) -> Sanction:
    ban = Sanction("s1", SanctionKind.BAN, "ben", ReportReason.INSULTS, "Be kind.", NOW, NOW + 3_600)
    return replace(ban, **change)  # type: ignore[arg-type]


class Servers:
    """Two servers on one store and one bus. `now` is their clock."""

    def __init__(self) -> None:
        self.now = NOW
        self.store, self.bus = FakeSanctions(), MemoryBus()
        self.effects = [FakeEffects(), FakeEffects()]
        self.all = [Enforcement(self.store, self.bus, effects, lambda: self.now) for effects in self.effects]

    async def decide(self, sanction: Sanction, *, is_lost: bool = False) -> None:
        """On the first server. `is_lost`: its message reaches nobody."""
        self.store.sanctions[sanction.id] = sanction
        if not is_lost:
            self.all[0].publish(sanction, Decided(self.store.sessions, self.store.devices))
        for server in self.all:
            await server.settled()

    async def look(self) -> None:
        for server in self.all:
            await server.look()
            await server.settled()


@pytest.fixture
def servers() -> Servers:
    return Servers()


async def test_a_ban_on_one_server_cuts_the_person_and_their_devices_on_all(servers: Servers) -> None:
    servers.store.sessions, servers.store.devices = [("ben", "digest1"), ("cem", "digest2")], [DEVICE]
    await servers.decide(a_ban())
    for effects in servers.effects:
        assert effects.cuts == [("ben", ["digest1", "digest2"], [DEVICE])]
        assert effects.shown == ["ben"]
        assert effects.events_asked_again == 1


async def test_where_the_person_was_connected_is_marked_and_the_address_for_a_while_only(
    servers: Servers,
) -> None:
    servers.effects[1].origins = [Origin(device=DEVICE, address=ADDRESS)]
    await servers.decide(a_ban(until=None, address_until=NOW + 60))
    assert servers.store.marks == [
        ("s1", BanMark(BanScope.DEVICE, DEVICE, None)),
        ("s1", BanMark(BanScope.ADDRESS, ADDRESS, NOW + 60)),
    ]
    servers.store.marks.clear()
    servers.now = NOW + 60
    await servers.look()
    assert [mark.scope for _ban, mark in servers.store.marks] == [BanScope.DEVICE]


async def test_a_ban_whose_message_was_lost_acts_within_the_next_look(servers: Servers) -> None:
    await servers.decide(a_ban(), is_lost=True)
    assert servers.effects[0].cuts == []
    await servers.look()
    assert [effects.cuts for effects in servers.effects] == [[("ben", [], [])]] * 2


async def test_it_is_applied_again_to_connections_that_were_about_to_open_and_shown_once(
    servers: Servers,
) -> None:
    await servers.decide(a_ban())
    await servers.look()
    assert len(servers.effects[0].cuts) == 2
    assert servers.effects[0].shown == ["ben"]


@pytest.mark.parametrize("change", [{"until": NOW}, {"undone_at": NOW}, {"target_id": None}])
async def test_a_ban_that_is_over_or_undone_or_of_nobody_cuts_nobody(
    servers: Servers, change: dict[str, object]
) -> None:
    await servers.decide(a_ban(**change))
    assert servers.effects[0].cuts == []


async def test_undoing_a_ban_is_shown_on_all_servers(servers: Servers) -> None:
    await servers.decide(a_ban())
    await servers.decide(a_ban(undone_at=NOW + 1))
    assert [effects.shown for effects in servers.effects] == [["ben", "ben"]] * 2


async def test_of_two_mutes_the_longer_one_holds_also_when_one_is_undone(servers: Servers) -> None:
    mute = replace(a_ban(), kind=SanctionKind.MUTE)
    longer = replace(mute, id="s2", until=NOW + 7_200)
    await servers.decide(mute)
    await servers.decide(longer)
    assert servers.effects[1].silenced == [("ben", NOW + 3_600), ("ben", NOW + 7_200)]
    del servers.store.sanctions["s2"]
    servers.all[0].publish(replace(longer, undone_at=NOW))
    await servers.all[1].settled()
    assert servers.effects[1].silenced[-1] == ("ben", NOW + 3_600)
    assert servers.effects[1].cuts == []


async def test_a_message_of_another_version_is_ignored_and_the_store_has_the_decision(
    servers: Servers, caplog: pytest.LogCaptureFixture
) -> None:
    for message in ({}, {"sanction": {"id": "x"}, "sessions": [], "devices": []}, {"sanction": 1}):
        servers.bus.publish(DECIDED_TOPIC, message)
    assert servers.effects[0].cuts == []
    assert "another version" in caplog.text
    await servers.decide(a_ban(), is_lost=True)
    await servers.look()
    assert len(servers.effects[0].cuts) == 1


async def test_a_server_that_has_closed_hears_nothing(servers: Servers) -> None:
    await servers.all[1].aclose()
    await servers.decide(a_ban())
    assert (len(servers.effects[0].cuts), servers.effects[1].cuts) == (1, [])
