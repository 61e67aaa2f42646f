"""Several media workers: a port each, a room on one of them."""

from __future__ import annotations

import pytest

from server.rooms.ports import PeerSpec
from server.sfu import SfuNode, SfuOptions
from server.sfu.data_plane import Backend
from server.sfu.fastpath import forwarder
from server.sfu.fastpath.forwarder import NativeForwarder, unavailable
from tests.integration.sfu.rig import Recorder, Rig

pytestmark = pytest.mark.skipif(unavailable is not None, reason="the C extension is not available")


@pytest.fixture(autouse=True)
def backend(monkeypatch: pytest.MonkeyPatch) -> Backend:
    """Replaces the fixture of conftest.py: only this backend has threads."""
    monkeypatch.setattr(Rig, "backend", NativeForwarder)
    return NativeForwarder


class TwoRooms(Rig):
    """A participant whose name begins with o is in the other room."""

    def spec(self, name: str) -> PeerSpec:
        room = "other" if name.startswith("o") else "room"
        return PeerSpec(room, name, len(name), 3, is_muted=False)


async def test_rooms_are_on_different_ports_and_audio_stays_in_its_room() -> None:
    async with TwoRooms(SfuOptions(udp_host="127.0.0.1", media_threads=2)) as rig:
        ann, bob = await rig.open("ann"), await rig.open("bobby")
        oda, olga = await rig.open("oda"), await rig.open("olga")
        ports = [{port for _, port in client.view.candidates} for client in (ann, bob, oda, olga)]
        assert ports[0] == ports[1]
        assert ports[2] == ports[3]
        assert ports[0] != ports[2]
        for client in (ann, bob, oda, olga):
            await client.connect()
        rig.node.assign("bobby", ["ann", None, None])
        rig.node.assign("olga", ["oda", "ann", None])
        await bob.hears(b"in one room", "1", said_by=ann)
        await olga.hears(b"in the other", "1", said_by=oda)
        assert olga.payloads("2") == []
        assert rig.node.counters.packets_out >= 2


async def test_a_connection_that_does_not_fit_into_the_data_plane_is_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(forwarder, "CAPACITY", 1)
    async with TwoRooms() as rig:
        await rig.connect("ann")
        await rig.open("oda")
        await rig.events.wait_for("oda", "lost")
        assert rig.node.peers == 1
        (record,) = (record for record in caplog.records if record.message == "peer_not_added")
        assert (record.__dict__["room_id"], record.__dict__["participant_id"]) == ("other", "oda")
        rig.node.close("ann")
        await rig.connect("oda")


async def test_ports_are_consecutive_and_if_one_is_in_use_none_is_bound() -> None:
    async with Rig() as taken:
        port = taken.node.udp_port
        node = SfuNode(SfuOptions(udp_host="127.0.0.1", udp_port=port - 1, media_threads=2, forwarding="c"))
        with pytest.raises(OSError, match="in use"):
            await node.start(Recorder())
        again = SfuNode(SfuOptions(udp_host="127.0.0.1", udp_port=port - 1))
        await again.start(Recorder())
        await again.aclose()
