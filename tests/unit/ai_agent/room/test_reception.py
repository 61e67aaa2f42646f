"""The worker's packets and reports, parsed by the server's code."""

from __future__ import annotations

import random

import pytest

from ai_agent.room.reception import ReceptionStats
from server.common import rtcp


def test_the_server_computes_the_round_trip_from_the_workers_report() -> None:
    reception = ReceptionStats(5)
    reception.count(1, 960, 10.0)
    reception.sender_reported(rtcp.ntp_middle(100.0), 50.0)
    block = reception.block(50.5)
    assert block is not None
    (report,) = rtcp.parse(rtcp.receiver_report(1, [block])) or []
    assert isinstance(report, rtcp.RtcpReport)
    assert rtcp.round_trip(report.blocks[0], 100.53) == pytest.approx(0.03, abs=0.001)


def test_a_fifth_lost_is_reported_as_a_fifth() -> None:
    dice = random.Random(5)
    reception = ReceptionStats(5)
    for number in range(65_000, 66_000):
        if dice.random() > 0.2:
            reception.count(number & 0xFFFF, number * 960 & 0xFFFFFFFF, number * 0.02)
    block = reception.block(9.0)
    assert block is not None
    assert block.fraction_lost / 256 == pytest.approx(0.2, abs=0.03)
    assert block.jitter < 48
