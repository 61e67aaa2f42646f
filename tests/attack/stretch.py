"""Judges from what two honest people noticed in a stretch of time whether an attack harmed them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ADDED_DELAY_MS = 10.0
"""Limit of the delay that an attack may add to the 99th percentile of packets."""
ANSWER_MS = 250.0
"""Limit of the median time to an answer, by REST on a new connection and by the socket."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Times in ms. `sent` packets of both people, `lost` of them: those that had not arrived 0.3 s after the
    last was sent. `failures`: requests and events without an answer, sockets that were closed."""

    sent: int
    lost: int
    delays_ms: Sequence[float]
    answers_ms: Sequence[float]
    failures: Sequence[str]

    @property
    def p99_ms(self) -> float:
        return percentile(self.delays_ms, 0.99)

    @property
    def answer_ms(self) -> float:
        return percentile(self.answers_ms, 0.5)

    def summary(self) -> str:
        return (
            f"{self.sent} sent, {self.lost} lost, delay p50 {percentile(self.delays_ms, 0.5):.2f} p99"
            f" {self.p99_ms:.2f} ms, answers p50 {self.answer_ms:.0f} max"
            f" {max(self.answers_ms, default=0):.0f} ms, {len(self.failures)} failures"
        )


def certain_harm(stretch: Stretch) -> list[str]:
    """Harm that no busy machine explains: it fails a test at once."""
    found = []
    if not stretch.sent:
        found.append("no packets were sent")
    if stretch.lost:
        found.append(f"{stretch.lost} of {stretch.sent} packets were lost")
    if stretch.failures:
        found.append("; ".join(stretch.failures[:5]))
    return found


def delay_harm(calm: Stretch, attacked: Stretch) -> list[str]:
    """Harm that a busy machine may cause too: it counts if it appears in every attempt."""
    found = []
    added = attacked.p99_ms - calm.p99_ms
    if added >= ADDED_DELAY_MS:
        found.append(f"the delay's 99th percentile grew by {added:.1f} ms; the limit is {ADDED_DELAY_MS:.0f}")
    if attacked.answer_ms >= ANSWER_MS + calm.answer_ms:
        found.append(f"half of the answers took {attacked.answer_ms:.0f} ms or longer")
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """0 without values."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0
