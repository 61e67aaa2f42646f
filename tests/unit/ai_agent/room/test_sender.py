from __future__ import annotations

import numpy as np

from ai_agent.audio import OUTPUT_FRAME
from ai_agent.room.opus import OpusDecoder
from ai_agent.room.sender import CLOSING_FRAMES, HISTORY, RtpSender, level_of
from server.common import rtcp, rtp
from tests.fakes.rtc.clips import level_of as reference_level
from tests.fakes.rtc.clips import tone_pcm

FRAMES = tone_pcm(440, 2.0).reshape(-1, OUTPUT_FRAME)
LEVEL_ID = 1


def _sender() -> RtpSender:
    return RtpSender(77, 111, LEVEL_ID)


def _marker(packet: bytes) -> bool:
    return packet[1] >= 0x80


def test_a_frame_becomes_a_packet_that_decodes_and_has_its_level() -> None:
    sender = _sender()
    packets = [sender.tick(frame, i * 0.02) for i, frame in enumerate(FRAMES[:20])]
    parsed = [rtp.parse(p, LEVEL_ID) for p in packets if p]
    assert len(parsed) == 20
    decoder = OpusDecoder()
    for i, packet in enumerate(parsed):
        assert packet is not None
        assert (packet.ssrc, packet.payload_type) == (77, 111)
        assert packet.level == reference_level(FRAMES[i])
        heard = decoder.decode(packet.payload)
    assert abs(heard).max() > 5000


def test_nothing_is_sent_in_silence_but_the_timestamp_advances() -> None:
    sender = _sender()
    first = sender.tick(FRAMES[0], 0.0)
    closing = [sender.tick(None, 0.02 * (1 + i)) for i in range(CLOSING_FRAMES)]
    silence = [sender.tick(None, 0.1 + 0.02 * i) for i in range(100)]
    again = sender.tick(FRAMES[1], 3.0)
    assert all(closing)
    assert silence == [None] * 100
    before, after = rtp.parse(first or b"", LEVEL_ID), rtp.parse(again or b"", LEVEL_ID)
    assert before is not None
    assert after is not None
    assert (after.timestamp - before.timestamp) & 0xFFFFFFFF == (CLOSING_FRAMES + 101) * 960
    assert (after.sequence - before.sequence) & 0xFFFF == CLOSING_FRAMES + 1
    assert _marker(first or b"")
    assert _marker(again or b"")
    assert not any(_marker(packet) for packet in closing if packet)


def test_missed_periods_advance_the_timestamp() -> None:
    sender = _sender()
    packets = [sender.tick(FRAMES[0], 0.0), sender.tick(FRAMES[1], 0.2, periods=9)]
    stamps = [parsed.timestamp for p in packets if p and (parsed := rtp.parse(p, LEVEL_ID))]
    assert (stamps[1] - stamps[0]) & 0xFFFFFFFF == 9 * 960


def test_a_retransmitted_packet_is_the_same_bytes_while_it_is_kept() -> None:
    sender = _sender()
    packets = [p for i in range(HISTORY + 10) if (p := sender.tick(FRAMES[i], i * 0.02))]
    numbers = [int.from_bytes(p[2:4]) for p in packets]
    assert sender.retransmit(numbers[-1]) == packets[-1]
    assert sender.retransmit(numbers[0]) is None


def test_reports_count_what_was_sent() -> None:
    sender = _sender()
    assert sender.report((), 0.0)[1] == rtcp.RECEIVER_REPORT
    for i in range(5):
        sender.tick(FRAMES[i], i * 0.02)
    report = sender.report((), 0.1)
    assert report[1] == rtcp.SENDER_REPORT
    assert [item.ssrc for item in rtcp.parse(report) or [] if isinstance(item, rtcp.RtcpReport)] == [77]
    assert int.from_bytes(report[20:24]) == 5


def test_levels_stay_within_their_seven_bits() -> None:
    assert level_of(np.zeros(OUTPUT_FRAME, np.int16)) == 127
    assert level_of(np.full(OUTPUT_FRAME, -32768, np.int16)) == 0
