"""The node with real sockets, DTLS and SRTP."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import time
import weakref
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aioice import stun as wire

from server.errors import MediaError, OfferUnknown, SdpInvalid, Unavailable
from server.sfu import SfuNode, SfuOptions
from tests.integration.sfu.rig import SLOTS, Recorder, Rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with Rig() as made:
        yield made


async def test_two_people_hear_each_other(rig: Rig) -> None:
    ann, bob = await rig.connect("ann"), await rig.connect("bob")
    rig.node.assign("ann", ["bob", None, None])
    rig.node.assign("bob", [None, "ann", None])
    await bob.hears(b"from ann", "2", said_by=ann)
    await ann.hears(b"from bob", "1", said_by=bob)
    async with asyncio.TaskGroup() as group:
        talking = group.create_task(ann.talk())
        await rig.events.wait_for("ann", "speaking", True)
        talking.cancel()


async def test_slots_assigned_before_the_connection_are_applied(rig: Rig) -> None:
    ann, bob = await rig.open("ann"), await rig.open("bob")
    rig.node.assign("bob", ["ann", None, None])
    await bob.connect()
    await ann.connect()
    await bob.hears(b"hello", said_by=ann)


async def test_a_muted_participant_is_not_heard_after_reconnecting(rig: Rig) -> None:
    _, bob = await rig.connect("ann"), await rig.connect("bob")
    rig.node.assign("bob", ["ann", None, None])
    newer = await rig.open("ann")
    rig.node.set_muted("ann", True, at_once=True)
    await newer.connect()
    before = (rig.node.counters.dropped or {})["muted"]
    for _ in range(10):
        newer.say(b"secret")
    await rig.until(lambda: (rig.node.counters.dropped or {})["muted"] >= before + 10)
    rig.node.set_muted("ann", False, at_once=True)
    await bob.hears(b"aloud", said_by=newer)
    assert not any(b"secret" in p for p in bob.payloads("1"))


async def test_a_muted_participants_connection_opens_muted(rig: Rig) -> None:
    rig.muted.add("ann")
    ann = await rig.connect("ann")
    ann.say(b"secret")
    await rig.until(lambda: (rig.node.counters.dropped or {})["muted"] == 1)


async def test_the_old_connection_carries_audio_until_the_new_one_is_connected(rig: Rig) -> None:
    ann, bob = await rig.connect("ann"), await rig.connect("bob")
    rig.node.assign("bob", ["ann", None, None])
    rig.node.assign("ann", ["bob", None, None])
    newer = await rig.open("ann")
    await bob.hears(b"still the old", said_by=ann)
    await ann.hears(b"to the old", said_by=bob)
    await newer.answer()
    async with asyncio.timeout(10):
        await newer.link.connect(
            [rig.address], (newer.view.ufrag, newer.view.password), newer.view.fingerprints
        )
    await bob.hears(b"the new one", said_by=newer)
    await newer.hears(b"to the new one", said_by=bob)
    assert rig.node.peers == 2
    assert ("ann", "disconnected") not in rig.events.seen


async def test_a_replacement_that_fails_leaves_the_old_connection(rig: Rig) -> None:
    ann, bob = await rig.connect("ann"), await rig.connect("bob")
    rig.node.assign("bob", ["ann", None, None])
    newer = await rig.open("ann")
    await newer.answer()
    for meanwhile in (b"one", b"two"):
        rig.advance(3.5)
        await bob.hears(meanwhile, said_by=ann)
    rig.advance(3.5)
    await rig.events.wait_for("ann", "replacement failed")
    await bob.hears(b"and after", said_by=ann)


async def test_a_failed_replacement_of_a_silent_connection_is_a_failure(rig: Rig) -> None:
    await rig.connect("ann")
    newer = await rig.open("ann")
    await newer.answer()
    rig.advance(5.5)
    await rig.events.wait_for("ann", "disconnected")
    rig.advance(5)
    await rig.events.wait_for("ann", "failed")


async def test_errors_of_a_connection_are_logged_with_its_ids(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("server.sfu.peer.Dtls.handshake", broken)
    monkeypatch.setattr("server.sfu.peer.Dtls.aclose", broken)
    ann = await rig.open("ann")
    await ann.answer()
    await rig.events.wait_for("ann", "failed")
    await rig.node.aclose()
    lines = [(record.message, record.__dict__) for record in caplog.records]
    logged = {name: (ids["room_id"], ids["participant_id"]) for name, ids in lines if "room_id" in ids}
    assert logged.items() >= {"dtls_failed": ("room", "ann"), "release_failed": ("room", "ann")}.items()


async def test_an_ice_restart_on_a_healthy_call_loses_nothing(rig: Rig) -> None:
    ann, bob = await rig.connect("ann"), await rig.connect("bob")
    rig.node.assign("bob", ["ann", None, None])
    async with asyncio.TaskGroup() as group:
        talking = group.create_task(ann.talk())
        await rig.until(lambda: len(bob.payloads("1")) > 5)
        first = int(bob.payloads("1")[0][-4:])
        await ann.restart_ice()
        await bob.restart_ice()
        await rig.until(lambda: len(bob.payloads("1")) > 40)
        talking.cancel()
    await rig.until(lambda: any(p.endswith(b"%04d" % (ann.said - 1)) for p in bob.payloads("1")))
    heard = sorted({int(p[-4:]) for p in bob.payloads("1")})
    assert heard == list(range(first, ann.said))


async def test_a_client_on_a_new_network_is_back_after_an_ice_restart(rig: Rig) -> None:
    ann, bob = await rig.connect("ann"), await rig.connect("bob")
    rig.node.assign("bob", ["ann", None, None])
    rig.node.assign("ann", ["bob", None, None])
    await ann.restart_ice(rebind=True)
    await bob.hears(b"from the new network", said_by=ann)
    await ann.hears(b"to the new network", said_by=bob)


async def test_an_answer_is_accepted_once(rig: Rig) -> None:
    ann = await rig.open("ann")
    await ann.answer()
    with pytest.raises(OfferUnknown):
        await ann.answer()
    with pytest.raises(OfferUnknown):
        await rig.node.answer("ann", "made-up", ann.answer_text())
    with pytest.raises(OfferUnknown):
        await rig.node.answer("nobody", ann.offer.id, ann.answer_text())


async def test_a_newer_offer_voids_the_older(rig: Rig) -> None:
    ann = await rig.connect("ann")
    older = await rig.node.restart_ice("ann")
    await rig.node.restart_ice("ann")
    with pytest.raises(OfferUnknown):
        await rig.node.answer("ann", older.id, ann.answer_text())


async def test_after_a_wrong_answer_the_right_one_is_still_accepted(rig: Rig) -> None:
    ann = await rig.open("ann")
    with pytest.raises(SdpInvalid):
        await rig.node.answer("ann", ann.offer.id, ann.answer_text().replace("a=mid:2", "a=mid:7"))
    await ann.connect()


async def test_a_restart_with_another_certificate_is_refused(rig: Rig) -> None:
    ann = await rig.connect("ann")
    offer = await rig.node.restart_ice("ann")
    digest = ann.answer_text().partition("sha-256 ")[2][:95]
    other = ann.answer_text().replace(digest, "00:" * 31 + "00")
    with pytest.raises(SdpInvalid):
        await rig.node.answer("ann", offer.id, other)


async def test_there_is_nothing_to_restart_before_the_first_answer(rig: Rig) -> None:
    await rig.open("ann")
    for name in ("ann", "nobody"):
        with pytest.raises(MediaError):
            await rig.node.restart_ice(name)


async def test_a_client_that_never_answers_is_released(rig: Rig) -> None:
    await rig.open("ann")
    rig.advance(31)
    await rig.events.wait_for("ann", "lost")
    assert rig.node.peers == 0


async def test_a_client_that_answers_and_never_connects_may_try_again(rig: Rig) -> None:
    ann = await rig.open("ann")
    await ann.answer()
    rig.advance(10.5)
    await rig.events.wait_for("ann", "failed")
    assert rig.node.peers == 0
    await rig.connect("ann")


async def test_a_peer_that_vanishes_is_disconnected_after_5_s_and_lost_after_30(rig: Rig) -> None:
    ann = await rig.connect("ann")
    ann.link.vanish()
    rig.advance(4)
    assert ("ann", "disconnected") not in rig.events.seen
    rig.advance(1.5)
    assert ("ann", "disconnected") in rig.events.seen
    rig.advance(23)
    assert ("ann", "lost") not in rig.events.seen
    rig.advance(2)
    assert ("ann", "lost") in rig.events.seen
    assert rig.node.peers == 0


async def test_a_quiet_listener_that_answers_our_checks_stays_connected(rig: Rig) -> None:
    ann = await rig.connect("ann")
    answered = ann.link.checks_answered
    for _ in range(5):
        rig.advance(2.4)
        await rig.until(lambda before=answered: ann.link.checks_answered > before)  # type: ignore[misc]
        answered = ann.link.checks_answered
        await asyncio.sleep(0.02)
    assert ("ann", "disconnected") not in rig.events.seen


async def test_a_peer_that_comes_back_is_connected_again(rig: Rig) -> None:
    ann = await rig.connect("ann")
    rig.advance(6)
    await rig.events.wait_for("ann", "disconnected")
    rig.events.seen.clear()
    ann.say()
    await rig.events.wait_for("ann", "connected")


async def test_a_lost_participant_who_returns_is_heard_in_the_same_slots(rig: Rig) -> None:
    ann, bob = await rig.connect("ann"), await rig.connect("bob")
    rig.node.assign("bob", [None, "ann", None])
    ann.link.vanish()
    for _ in range(8):
        answered = bob.link.checks_answered
        rig.advance(4.5)
        await rig.until(lambda before=answered: bob.link.checks_answered > before)  # type: ignore[misc]
    assert ("ann", "lost") in rig.events.seen
    back = await rig.connect("ann")
    await bob.hears(b"back again", "2", said_by=back)


async def test_a_connection_that_ends_during_speech_reports_its_end(rig: Rig) -> None:
    ann = await rig.connect("ann")
    async with asyncio.TaskGroup() as group:
        talking = group.create_task(ann.talk())
        await rig.events.wait_for("ann", "speaking", True)
        talking.cancel()
    newer = await rig.open("ann")
    await newer.connect()
    assert ("ann", "speaking", False) in rig.events.seen


async def test_a_client_that_hangs_up_is_disconnected_at_once(rig: Rig) -> None:
    ann = await rig.connect("ann")
    await ann.link.aclose()
    await rig.events.wait_for("ann", "disconnected", within=2)
    with pytest.raises(MediaError):
        await rig.node.restart_ice("ann")


async def test_forged_dtls_from_elsewhere_does_not_disturb_a_handshake(rig: Rig) -> None:
    ann = await rig.open("ann")
    await ann.answer()
    alert = bytes([21, 254, 253]) + bytes(8) + b"\0\2" + b"\2\50"
    garbage = bytes([22, 254, 253]) + bytes(8) + b"\0\x0c" + bytes([2]) + bytes(11)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind(("127.0.0.1", 0))

        async def forge() -> None:
            while True:
                for datagram in (alert, garbage):
                    stranger.sendto(datagram, rig.address)
                await asyncio.sleep(0.001)

        async with asyncio.TaskGroup() as group:
            forging = group.create_task(forge())
            async with asyncio.timeout(10):
                await ann.link.connect(
                    [rig.address], (ann.view.ufrag, ann.view.password), ann.view.fingerprints
                )
            await rig.events.wait_for("ann", "connected")
            forging.cancel()


@pytest.mark.parametrize("lost", [1, 2])
async def test_a_lost_handshake_datagram_costs_less_than_a_second(rig: Rig, lost: int) -> None:
    ann = await rig.open("ann")
    dispatch, seen = ann.link._dispatch, 0

    def lossy(data: bytes, arrival_ns: int, address: tuple[str, int]) -> None:
        nonlocal seen
        if 20 <= data[0] < 64:
            seen += 1
            if seen == lost:
                return
        dispatch(data, arrival_ns, address)

    ann.link._dispatch = lossy  # type: ignore[method-assign]
    started = time.monotonic()
    await ann.connect()
    assert time.monotonic() - started < 0.9  # OpenSSL's own timer is one second
    assert seen > lost


async def test_a_handshake_broken_on_the_clients_own_path_is_reported(rig: Rig) -> None:
    ann = await rig.open("ann")
    await ann.answer()
    await ann.link.find_path([rig.address], (ann.view.ufrag, ann.view.password))
    await rig.until(lambda: ann.link.checks_answered > 0)
    hello = bytes([1]) + b"\0\0\x05" + bytes(5) + b"\0\0\x05" + b"\xfe\xfd" + bytes(3)
    ann.link.send_raw(bytes([22, 254, 253]) + bytes(8) + len(hello).to_bytes(2, "big") + hello)
    await rig.events.wait_for("ann", "failed")
    await rig.connect("ann")


async def test_an_address_that_was_claimed_but_not_checked_never_gets_audio(rig: Rig) -> None:
    # A participant with valid credentials writes somebody else's address on its checks.
    ann, bob = await rig.connect("ann"), await rig.connect("bob")
    rig.node.assign("ann", ["bob", None, None])
    check = wire.Message(wire.Method.BINDING, wire.Class.REQUEST)
    check.attributes.update({"USERNAME": f"{ann.view.ufrag}:{ann.link.ufrag}", "USE-CANDIDATE": None})
    check.add_message_integrity(ann.view.password.encode())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as victim:
        victim.bind(("127.0.0.1", 0))
        victim.setblocking(False)
        victim.sendto(bytes(check), rig.address)
        await ann.hears(b"for ann alone", said_by=bob)
        rig.advance(1.5)
        for _ in range(20):
            bob.say(b"and still")
        await ann.hears(b"last", said_by=bob)
        received = []
        with contextlib.suppress(BlockingIOError):
            while True:
                received.append(victim.recv(2000))
    assert received
    assert all(datagram[0] < 4 for datagram in received)
    assert len(received) < 10


async def test_datagrams_that_break_the_dtls_engine_do_not_reach_it(rig: Rig) -> None:
    ann, bob = await rig.connect("ann"), await rig.connect("bob")
    rig.node.assign("bob", ["ann", None, None])
    alert = bytes([21, 254, 253]) + bytes(8) + b"\0\2" + b"\1\0"
    for datagram in (
        b"",
        bytes([0x80]) + bytes(1600),
        bytes([0x80]) + bytes(1499),
        bytes([22]),
        alert,
        b"\x16" * 900,
    ):
        ann.link.send_raw(datagram)
    await bob.hears(b"still here", said_by=ann)


async def test_a_handshake_with_the_wrong_certificate_fails(rig: Rig) -> None:
    ann = await rig.open("ann")
    digest = ann.answer_text().partition("sha-256 ")[2][:95]
    other = ann.answer_text().replace(digest, "00:" * 31 + "00")
    await rig.node.answer("ann", ann.offer.id, other)
    async with asyncio.timeout(10):
        await ann.link.connect([rig.address], (ann.view.ufrag, ann.view.password), ann.view.fingerprints)
    await rig.events.wait_for("ann", "failed")
    assert ("ann", "connected") not in rig.events.seen


async def test_closing_releases_everything_of_a_peer(rig: Rig) -> None:
    tasks = len(asyncio.all_tasks())
    gc.collect()
    gc.disable()  # a server collects rarely: its largest part must not wait for that
    try:
        for _ in range(3):
            ann = await rig.connect("ann")
            [peer] = rig.node._by_handle.values()
            openssl = weakref.ref(peer._dtls._transport._ssl)
            rig.node.close("ann")
            rig.node.close("ann")
            await ann.link.aclose()
            await rig.until(lambda: len(asyncio.all_tasks()) <= tasks)
            assert rig.node.peers == 0
            assert openssl() is None
    finally:
        gc.enable()


async def test_commands_about_unknown_participants_do_nothing(rig: Rig) -> None:
    rig.node.assign("nobody", ["ann"])
    rig.node.set_muted("nobody", True, at_once=True)
    rig.node.close("nobody")


async def test_a_closed_node_refuses_connections_and_may_be_closed_again() -> None:
    node = SfuNode(SfuOptions(udp_host="127.0.0.1"))
    with pytest.raises(Unavailable):
        await node.open(Rig().spec("ann"))
    await node.start(Recorder())
    await node.open(Rig().spec("ann"))
    await node.aclose()
    await node.aclose()
    with pytest.raises(Unavailable):
        await node.open(Rig().spec("ann"))


async def test_the_offer_names_the_port_and_loopback_only_if_requested() -> None:
    for loopback in (True, False):
        node = SfuNode(SfuOptions(offer_loopback=loopback))
        await node.start(Recorder())
        offer = await node.open(Rig().spec("ann"))
        assert (f" 127.0.0.1 {node.udp_port} typ host" in offer.sdp) is loopback
        assert offer.sdp.count("m=audio") == SLOTS + 1
        await node.aclose()


async def test_a_tutor_on_the_same_machine_gets_local_addresses_beside_the_advertised_one() -> None:
    node = SfuNode(SfuOptions(offer_loopback=False, advertised_ips=("203.0.113.7",)))
    await node.start(Recorder())
    person = await node.open(Rig().spec("ann"))
    tutor = await node.open(replace(Rig().spec("emma"), always_forwarded=True))
    near = f" 127.0.0.1 {node.udp_port} typ host"
    assert near in tutor.sdp
    assert near not in person.sdp
    assert " 203.0.113.7 " in tutor.sdp
    await node.aclose()


async def test_counters_give_drops_by_reason(rig: Rig) -> None:
    ann = await rig.connect("ann")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(bytes([0x80]) + bytes(30), rig.address)
    ann.say()
    await rig.until(lambda: (rig.node.counters.dropped or {}).get("unknown_source", 0) == 1)
    await rig.until(lambda: rig.node.counters.packets_in > 0)
