"""Statistics of one received stream for our receiver reports (RFC 3550 appendix A.3, A.8)."""

from __future__ import annotations

from ai_agent.room.track import AUDIO
from server.common.rtcp import ReportBlock
from server.common.rtp import MAX_DROPOUT, unwrap16


class ReceptionStats:
    def __init__(self, ssrc: int) -> None:
        self.ssrc = ssrc
        self._first = -1
        self._highest = -1
        self._received = 0
        self._reported = (0, 0)
        self._transit: float | None = None
        self._jitter = 0.0
        self._sender_report = (0, 0.0)

    def count(self, sequence: int, timestamp: int, now: float) -> None:
        if self._first < 0:
            self._first = self._highest = sequence
        extended = unwrap16(sequence, self._highest)
        if abs(extended - self._highest) > MAX_DROPOUT:
            self._first = self._highest = extended = sequence
            self._received, self._reported = 0, (0, 0)
        self._received += 1
        self._highest = max(self._highest, extended)
        self._measure_jitter(timestamp, now)

    def sender_reported(self, ntp_middle: int, now: float) -> None:
        self._sender_report = (ntp_middle, now)

    def block(self, now: float) -> ReportBlock | None:
        """The report block, None before the first packet."""
        if self._first < 0:
            return None
        expected = self._highest - self._first + 1
        lost = expected - self._received
        expected_before, lost_before = self._reported
        self._reported = (expected, lost)
        since = expected - expected_before
        fraction = max(0, min(255, (lost - lost_before) * 256 // since)) if since > 0 else 0
        ntp_middle, at = self._sender_report
        delay = round((now - at) * 65536) if ntp_middle else 0
        return ReportBlock(
            self.ssrc, fraction, max(0, lost), self._highest, int(self._jitter), ntp_middle, delay
        )

    def _measure_jitter(self, timestamp: int, now: float) -> None:
        transit = now * AUDIO.clock_rate - timestamp
        if self._transit is not None:
            step = abs(transit - self._transit)
            if step < AUDIO.clock_rate:  # else the stream restarted or its timestamp wrapped
                self._jitter += (step - self._jitter) / 16
        self._transit = transit
