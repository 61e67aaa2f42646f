"""Loss and jitter of a publisher's packets, for receiver reports (RFC 3550 sections 6.4.1, A.3 and A.8)."""

from __future__ import annotations

from server.common.rtcp import ReportBlock
from server.common.rtp import MAX_DROPOUT, unwrap16, unwrap32

REPORT_VALID_SECONDS = 5.0


class Reception:
    """Loss is counted before repair: a packet that came only after a NACK counts as lost, since the encoder's
    FEC is meant to answer its loss."""

    def __init__(self, clock_rate: int) -> None:
        self._clock_rate = clock_rate
        self.loss = 0.0
        """In the last report's interval, 0 to 1."""
        self._reported_at = float("-inf")
        self._highest: int | None = None
        self._counted_to = 0
        self._received = 0
        self._reported_lost = 0
        self._jitter = 0.0
        self._timestamp = 0
        self._arrival: float | None = None
        self._sender_report: tuple[int, float] | None = None

    @property
    def jitter(self) -> float:
        """Seconds."""
        return self._jitter / self._clock_rate

    def is_reported(self, now: float) -> bool:
        """Whether `loss` and `jitter` come from a report that is still recent."""
        return now - self._reported_at < REPORT_VALID_SECONDS

    def restart(self) -> None:
        """The next packet follows no other: after a mute, packets dropped meanwhile do not count as lost."""
        self._arrival = None

    def on_packet(self, sequence: int, timestamp: int, now: float, *, repaired: bool) -> None:
        if self._highest is None or self._arrival is None or self._is_restart(sequence):
            self._highest = unwrap16(sequence, self._highest or sequence)
            self._counted_to = self._highest - 1
            self._received = 0
        else:
            self._highest = max(self._highest, unwrap16(sequence, self._highest))
            if not repaired:
                self._update_jitter(timestamp, now)
        if not repaired:
            self._timestamp, self._arrival = timestamp, now
            self._received += 1

    def on_sender_report(self, ntp_middle: int, now: float) -> None:
        self._sender_report = ntp_middle, now

    def report(self, ssrc: int, downlink_loss: float, now: float) -> ReportBlock | None:
        """The block for the publisher, or None if nothing came since the last report.

        `downlink_loss` (0 to 1) is that of its worst subscriber. The larger of it and the uplink's loss is
        reported, so that the encoder's FEC covers both. The cumulative count agrees with the fractions.
        """
        if self._highest is None or self._highest == self._counted_to:
            return None
        expected = self._highest - self._counted_to
        self.loss = max(0.0, min(1.0, (expected - self._received) / expected))
        self._counted_to = self._highest
        self._received = 0
        self._reported_at = now
        reported_loss = max(self.loss, downlink_loss)
        self._reported_lost = min(0x7FFFFF, self._reported_lost + round(reported_loss * expected))
        last, delay = 0, 0
        if self._sender_report is not None:
            last, received = self._sender_report
            delay = int((now - received) * 65536)
        return ReportBlock(
            ssrc,
            min(255, int(reported_loss * 256)),
            self._reported_lost,
            self._highest,
            int(self._jitter),
            last,
            delay,
        )

    def _is_restart(self, sequence: int) -> bool:
        return self._highest is not None and unwrap16(sequence, self._highest) - self._highest > MAX_DROPOUT

    def _update_jitter(self, timestamp: int, now: float) -> None:
        if self._arrival is None:
            return
        advance = unwrap32(timestamp, self._timestamp) - self._timestamp
        difference = abs((now - self._arrival) * self._clock_rate - advance)
        if difference < self._clock_rate:  # more is a restart, not jitter
            self._jitter += (difference - self._jitter) / 16
