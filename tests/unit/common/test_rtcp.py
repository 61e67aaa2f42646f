from __future__ import annotations

import pytest
from aiortc.rtp import RtcpPacket, RtcpRrPacket, RtcpRtpfbPacket, RtcpSdesPacket, RtcpSrPacket
from hypothesis import given
from hypothesis import strategies as st

from server.common import rtcp
from server.common.rtcp import Nack, ReportBlock, RtcpReport
from tests.fakes.fuzzing import fuzz

BLOCK = ReportBlock(
    ssrc=7,
    fraction_lost=64,
    cumulative_lost=-3,
    highest_sequence=70_000,
    jitter=12,
    last_sender_report=99,
    delay_since=5,
)


def test_another_implementation_reads_the_written_packets() -> None:
    compound = (
        rtcp.sender_report(1, 1000.5, 960, 10, 800, [BLOCK])
        + rtcp.source_description([1, 2], "parlor")
        + rtcp.nack(1, 9, [5, 6, 21, 22, 65_535, 0])
    )
    report, *descriptions, feedback = RtcpPacket.parse(compound)
    assert isinstance(report, RtcpSrPacket)
    assert report.sender_info.rtp_timestamp == 960
    assert report.sender_info.packet_count == 10
    assert report.sender_info.ntp_timestamp >> 32 == 1000 + 2_208_988_800
    assert report.reports[0].packets_lost == -3
    assert report.reports[0].fraction_lost == 64
    names = [
        (chunk.ssrc, chunk.items)
        for description in descriptions
        if isinstance(description, RtcpSdesPacket)
        for chunk in description.chunks
    ]
    assert names == [(1, [(1, b"parlor")]), (2, [(1, b"parlor")])]
    assert isinstance(feedback, RtcpRtpfbPacket)
    assert [sequence & 0xFFFF for sequence in feedback.lost] == [5, 6, 21, 22, 65_535, 0]


def test_packets_of_another_implementation_are_read() -> None:
    written = bytes(RtcpRrPacket(ssrc=4, reports=[])) + bytes(
        RtcpRtpfbPacket(fmt=1, ssrc=4, media_ssrc=9, lost=[5, 6, 21, 40])
    )
    assert rtcp.parse(written) == [
        RtcpReport(4, None, ()),
        Nack(9, (5, 6, 21, 40)),
    ]


def test_reports_survive_the_round_trip() -> None:
    assert rtcp.parse(rtcp.receiver_report(3, [BLOCK])) == [RtcpReport(3, None, (BLOCK,))]
    (report,) = rtcp.parse(rtcp.sender_report(3, 77.25, 0, 0, 0)) or []
    assert report == RtcpReport(3, rtcp.ntp_middle(77.25), ())


def test_unknown_packets_are_skipped() -> None:
    application = bytes.fromhex("80cc0002 00000001 6e616d65")
    goodbye = bytes.fromhex("81cb0001 00000001")
    assert rtcp.parse(application + goodbye + rtcp.receiver_report(3)) == [RtcpReport(3, None, ())]


@pytest.mark.parametrize(
    "data", ["80", "40c90001 00000001", "80c90002 00000001", "81c90001 00000001", "81cd0001 00000001"]
)
def test_malformed_compounds_are_refused_whole(data: str) -> None:
    assert rtcp.parse(rtcp.receiver_report(3) + bytes.fromhex(data)) is None


def test_a_nack_names_a_bounded_number_of_packets() -> None:
    pairs = b"\x00\x01\xff\xff" * 300
    compound = b"\x81\xcd" + (2 + 300).to_bytes(2) + bytes(8) + pairs
    items = rtcp.parse(compound * 3) or []
    assert sum(len(item.sequences) for item in items if isinstance(item, Nack)) == rtcp.MAX_NACKED


def test_the_round_trip_is_read_from_the_echo_of_our_own_report() -> None:
    echo = ReportBlock(1, 0, 0, 0, 0, rtcp.ntp_middle(500.0), round(0.25 * 65_536))
    assert rtcp.round_trip(echo, 500.31) == pytest.approx(0.06, abs=0.001)
    never = ReportBlock(1, 0, 0, 0, 0, 0, 0)
    assert rtcp.round_trip(never, 500.0) is None
    lie = ReportBlock(1, 0, 0, 0, 0, rtcp.ntp_middle(600.0), 0)
    assert rtcp.round_trip(lie, 500.0) is None


@pytest.mark.fuzz
@fuzz(examples=300)
@given(st.binary(max_size=80), st.integers(0, 31), st.sampled_from([200, 201, 202, 203, 205, 206]))
def test_no_bytes_raise(data: bytes, count: int, kind: int) -> None:
    rtcp.parse(data)
    rtcp.parse(bytes((0x80 | count, kind)) + (len(data) // 4).to_bytes(2) + data)
