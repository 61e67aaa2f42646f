"""Whether a server is dead, decided from evidence. A wrong verdict only moves a room: the claim in
PostgreSQL keeps it single.

Clocks of servers are never compared: the age of a beat is by Redis's clock, that of a lease by PostgreSQL's,
and spans of this server's own beats by its monotonic clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BEAT_EVERY_S = 0.4
SILENT_AFTER_S = 1.6
"""Age of a beat after which its server may be dead: four beats."""
TRUSTED_AFTER_S = 3.2
"""Time for which this server's own beats must have landed without a gap before it judges others by theirs."""
LEASE_ENDS_AFTER_S = 15.0
REFUSALS = 2


class Verdict(StrEnum):
    """`hard`: its port refuses, or another start of it answers. `soft`: no beat and no answer. `lease`: no
    renewal in PostgreSQL and no answer."""

    ALIVE = "alive"
    UNKNOWN = "unknown"
    HARD = "hard"
    SOFT = "soft"
    LEASE = "lease"

    @property
    def is_dead(self) -> bool:
        return self in (Verdict.HARD, Verdict.SOFT, Verdict.LEASE)


class Probe(StrEnum):
    """The result of a request to a server's internal address. `other`: another start of it answered.
    `silent`: no answer in time, or one that is not a server's."""

    ANSWERED = "answered"
    OTHER = "other"
    REFUSED = "refused"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence about one server. Ages in seconds; None: unknown, because the source has no entry or cannot
    be reached. `own_since`: since when this server's beats have landed without a gap, None if the last one
    failed."""

    probes: tuple[Probe, ...]
    beat_age_s: float | None = None
    lease_age_s: float | None = None
    own_since: float | None = None


def judge(evidence: Evidence, now: float) -> Verdict:
    """`now` is on the clock of `own_since`."""
    probes = evidence.probes
    last = probes[-1] if probes else None
    if last is Probe.ANSWERED:
        return Verdict.ALIVE
    if last is Probe.OTHER or probes[-REFUSALS:] == (Probe.REFUSED,) * REFUSALS:
        return Verdict.HARD
    if last is None:
        return Verdict.UNKNOWN
    if _is_past(evidence.beat_age_s, SILENT_AFTER_S) and _is_trusted(evidence.own_since, now):
        return Verdict.SOFT
    if _is_past(evidence.lease_age_s, LEASE_ENDS_AFTER_S):
        return Verdict.LEASE
    return Verdict.UNKNOWN


def ended_by(probe: Probe) -> bool | None:
    """Whether the server that was asked has ended. None: not known, since one that is busy or behind a slow
    network is silent too."""
    return None if probe is Probe.SILENT else probe is not Probe.ANSWERED


def _is_past(age_s: float | None, limit_s: float) -> bool:
    return age_s is not None and age_s > limit_s


def _is_trusted(own_since: float | None, now: float) -> bool:
    """A server that was blind itself does not judge."""
    return own_since is not None and now - own_since >= TRUSTED_AFTER_S
