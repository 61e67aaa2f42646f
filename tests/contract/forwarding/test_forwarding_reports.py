"""RTCP: outgoing sender and receiver reports, and values read from incoming ones."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import pytest

from server.common import rtcp
from server.common.rtcp import ReportBlock, RtcpReport
from server.sfu.data_plane import CNAME
from tests.contract.forwarding.test_forwarding_stream import talk
from tests.fakes.srtp_clients import Client, Room


def reports(client: Client) -> list[RtcpReport]:
    return [item for data in client.rtcp for item in rtcp.parse(data) or [] if isinstance(item, RtcpReport)]


def told(client: Client) -> list[ReportBlock]:
    return [block for report in reports(client) for block in report.blocks]


def say_loss(room: Room, client: Client, fraction: int, mid: int = 1) -> None:
    block = ReportBlock(client.slot_ssrcs[mid - 1], fraction, 0, 0, 0, 0, 0)
    client.send_rtcp(rtcp.receiver_report(client.ssrc, [block]))


def packet_types(compound: bytes) -> list[int]:
    types, at = [], 0
    while at < len(compound):
        types.append(compound[at + 1])
        at += 4 + 4 * int.from_bytes(compound[at + 2 : at + 4])
    return types


def test_each_slot_in_use_has_a_sender_report_whose_timestamp_fits_its_stream(room: Room) -> None:
    ann, bob, eve = room.join(), room.join(), room.join()
    room.everyone_hears_everyone()
    for _ in range(100):
        ann.say(b"from ann")
        bob.say(b"from bob")
        room.frame()
    compound = eve.rtcp[-1]
    assert packet_types(compound) == [200, 200, 202, 202]
    assert CNAME.encode() in compound
    assert {report.ssrc for report in reports(eve)} == set(eve.slot_ssrcs)
    ssrc, ntp, timestamp, packets, octets = struct.unpack_from("!IQIII", compound, 4)
    heard = eve.heard(eve.slot_ssrcs.index(ssrc) + 1)
    time = ntp / 2**32 - 2_208_988_800
    latest = max((p for p in heard if p.time <= time + 0.001), key=lambda p: p.time)
    assert (timestamp - latest.timestamp) / 48_000 == pytest.approx(time - latest.time, abs=0.005)
    assert packets == pytest.approx(len(heard), abs=60)
    assert octets == packets * len(b"from ann")


def test_idle_peers_get_an_empty_report_and_never_a_bye(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 20)
    room.data_plane.remove_peer(ann.handle)
    room.pass_time(3)
    assert packet_types(bob.rtcp[-1])[0] == 200, "the slot has sent"
    assert all(203 not in packet_types(compound) for compound in (*ann.rtcp, *bob.rtcp))


def test_a_publisher_gets_reports_of_its_loss_and_jitter(room: Room) -> None:
    ann = room.join()
    for number in range(200):
        packet = ann.packet(b"x")
        if number % 5:
            ann.deliver(packet)
        room.pass_time(0.02)
    blocks = told(ann)
    assert {block.ssrc for block in blocks} == {ann.ssrc}
    assert blocks[-1].fraction_lost / 256 == pytest.approx(0.2, abs=0.03)
    assert blocks[-1].cumulative_lost == pytest.approx(0.2 * 50 * len(blocks), abs=6)
    assert blocks[-1].highest_sequence & 0xFFFF == pytest.approx(ann.sequence & 0xFFFF, abs=52)
    assert blocks[-1].jitter < 50, "it came every 20 ms"


def test_a_publisher_gets_reports_of_the_loss_of_its_worst_subscriber(room: Room) -> None:
    ann, bob, eve = room.join(), room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 60)
    say_loss(room, bob, 10)
    say_loss(room, eve, 64)
    talk(room, ann, 60)
    assert told(ann)[-1].fraction_lost == 64
    room.data_plane.remove_peer(eve.handle)
    talk(room, ann, 60)
    assert told(ann)[-1].fraction_lost == 10
    talk(room, ann, 400)
    assert told(ann)[-1].fraction_lost == 0, "an old report does not describe the present link"


def test_packets_sent_while_muted_do_not_count_as_lost(room: Room) -> None:
    ann, _ = room.join(), room.join()
    talk(room, ann, 100)
    room.data_plane.set_muted(ann.handle, True, at_once=True, now=room.now)
    talk(room, ann, 500)
    room.data_plane.set_muted(ann.handle, False, at_once=True, now=room.now)
    talk(room, ann, 100)
    assert {block.fraction_lost for block in told(ann)} == {0}


def test_the_senders_report_is_echoed_for_the_round_trip(room: Room) -> None:
    ann = room.join()
    ann.send_rtcp(rtcp.sender_report(ann.ssrc, 5000.0, 0, 1, 1))
    talk(room, ann, 130)
    first, second, third = told(ann)[:3]
    assert {block.last_sender_report for block in (first, second, third)} == {rtcp.ntp_middle(5000.0)}
    assert first.delay_since / 65536 == pytest.approx(0.02, abs=0.001)
    assert 0.5 <= second.delay_since / 65536 <= 1.55
    assert (third.delay_since - second.delay_since) / 65536 == pytest.approx(1, abs=0.021)


def test_reports_of_peers_that_joined_or_were_delayed_together_spread_out(room: Room) -> None:
    people = [room.join() for _ in range(12)]
    room.pass_time(2)
    room.now += 3  # the process was suspended
    room.pass_time(2)
    assert_spread_over_a_second(room, people)


def test_reports_of_peers_whose_paths_come_back_together_spread_out(room: Room) -> None:
    people = [room.join() for _ in range(12)]
    for client in people:
        room.data_plane.set_destination(client.handle, None)
    room.pass_time(3)
    for client in people:
        room.data_plane.set_destination(client.handle, client.path)
    assert_spread_over_a_second(room, people)


def assert_spread_over_a_second(room: Room, people: Sequence[Client]) -> None:
    for client in people:
        client.rtcp.clear()
    most, told_so_far = 0, 0
    for _ in range(50):
        room.frame()
        total = sum(len(client.rtcp) for client in people)
        most, told_so_far = max(most, total - told_so_far), total
    assert told_so_far == len(people)
    assert most <= 2


def test_round_trip_loss_and_jitter_of_each_peer_are_known(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    for _ in range(60):
        ann.say(b"x")
        room.frame()
    received = room.now
    sent = next(report for report in reversed(reports(bob)) if report.ntp_middle)
    assert sent.ntp_middle is not None
    held = ReportBlock(bob.slot_ssrcs[0], 128, 0, 0, 960, sent.ntp_middle, 0)
    room.now = received + 0.030
    bob.send_rtcp(rtcp.receiver_report(bob.ssrc, [held]))
    quality = {link.peer: link for link in room.data_plane.link_quality()}
    assert quality[bob.handle].downlink_loss == 0.5
    assert quality[bob.handle].downlink_jitter == pytest.approx(0.020)
    assert 0.030 <= quality[bob.handle].round_trip <= 1.6
    assert quality[ann.handle].uplink_loss == 0
    assert (quality[ann.handle].uplink_jitter or 0) < 0.001


def test_a_link_without_reports_has_no_quality(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 60)
    bob.send_rtcp(rtcp.receiver_report(bob.ssrc, [ReportBlock(bob.slot_ssrcs[0], 0, 0, 0, 0, 0, 0)]))
    (of_ann, of_bob) = room.data_plane.link_quality()
    assert (of_ann.uplink_loss, of_bob.downlink_loss) == (0, 0)
    assert of_ann.downlink_loss is of_ann.downlink_jitter is None
    assert of_bob.uplink_loss is of_bob.uplink_jitter is None
    for _ in range(400):
        room.frame()
    (of_ann, of_bob) = room.data_plane.link_quality()
    assert of_ann.uplink_loss is of_bob.downlink_loss is None
