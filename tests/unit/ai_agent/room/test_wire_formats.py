"""RTP and RTCP as others read and write them, and what is malformed."""

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_agent.room import rtcp, rtp
from ai_agent.room.reception import Reception
from server.sfu.forwarding import rtcp as server_rtcp
from server.sfu.forwarding import rtp as server_rtp
from tests.fakes.srtp_clients import rtp_packet


def test_the_server_reads_our_packets() -> None:
    packet = rtp.build(111, 7, 960, 5, b"payload", marker=True, level=(1, 33))
    parsed = server_rtp.parse(packet)
    assert parsed is not None
    assert (parsed.payload_type, parsed.marker, parsed.sequence, parsed.timestamp, parsed.ssrc) == (
        111, True, 7, 960, 5,
    )  # fmt: skip
    assert parsed.payload == b"payload"
    assert server_rtp.audio_level(parsed.extension, 1) == 33


def test_we_read_the_servers_packets_with_their_source() -> None:
    data = bytearray(rtp_packet(ssrc=5, sequence=9, timestamp=1920, payload=b"abc", level=40))
    with_source = bytes((data[0] | 1,)) + bytes(data[1:12]) + struct.pack("!I", 12) + bytes(data[12:])
    found = rtp.parse(with_source, 1)
    assert found is not None
    assert (found.sequence, found.source, found.level, found.payload) == (9, 12, 40, b"abc")


@given(st.binary(max_size=80))
def test_no_bytes_raise(data: bytes) -> None:
    rtp.parse(data, 1)
    rtp.parse(bytes((0x90,)) + data, 1)
    rtcp.parse(data)


def test_the_server_reads_our_nacks_and_reports() -> None:
    compound = rtcp.receiver_report(1, ()) + rtcp.nack(1, 2, [5, 6, 22, 23])
    parsed = server_rtcp.parse(compound) or []
    assert [item.sequences for item in parsed if isinstance(item, server_rtcp.Nack)] == [(5, 6, 22, 23)]


def test_we_read_what_the_server_asks_for_again() -> None:
    wanted = (65_535, 0, 1, 40)
    compound = server_rtcp.receiver_report(1) + server_rtcp.nack(1, 2, wanted)
    assert rtcp.parse(compound).asked_again == wanted


def test_the_server_learns_the_round_trip_from_our_report() -> None:
    reception = Reception(5)
    reception.count(1, 960, 10.0)
    sent = server_rtcp.sender_report(5, 100.0, 0, 1, 1)
    reception.sender_reported(rtcp.parse(sent).reports[5], 50.0)
    block = reception.block(50.5)
    assert block is not None
    reports = server_rtcp.parse(rtcp.receiver_report(1, [block])) or []
    report = reports[0]
    assert isinstance(report, server_rtcp.Report)
    assert server_rtcp.round_trip(report.blocks[0], 100.53) == pytest.approx(0.03, abs=0.001)


def test_a_fifth_lost_is_reported_as_a_fifth() -> None:
    dice = random.Random(5)
    reception = Reception(5)
    for number in range(65_000, 66_000):
        if dice.random() > 0.2:
            reception.count(number & 0xFFFF, number * 960 & 0xFFFFFFFF, number * 0.02)
    block = reception.block(9.0)
    assert block is not None
    assert block.fraction_lost / 256 == pytest.approx(0.2, abs=0.03)
    assert block.jitter < 48
