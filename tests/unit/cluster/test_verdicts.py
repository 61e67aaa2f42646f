from __future__ import annotations

import pytest

from server.cluster.verdicts import Evidence, Probe, Verdict, ended_by, judge

NOW = 100.0
SEEING = 90.0
A, X, R, S = Probe.ANSWERED, Probe.OTHER, Probe.REFUSED, Probe.SILENT


@pytest.mark.parametrize(
    ("probes", "beat_age_s", "lease_age_s", "own_since", "expected"),
    [
        # An answer settles it, whatever the clocks say.
        ((A,), 60.0, 60.0, SEEING, Verdict.ALIVE),
        ((R, A), None, None, None, Verdict.ALIVE),
        ((S, S, A), 60.0, 60.0, SEEING, Verdict.ALIVE),
        # Hard: no process there, or another start of it.
        ((R, R), 0.1, 0.1, None, Verdict.HARD),
        ((X,), 0.1, 0.1, SEEING, Verdict.HARD),
        ((R,), 0.1, 0.1, SEEING, Verdict.UNKNOWN),
        ((R, S, R), 0.1, 0.1, SEEING, Verdict.UNKNOWN),
        # Soft: silent to Redis and to us.
        ((S,), 1.7, 0.1, SEEING, Verdict.SOFT),
        ((R,), 1.7, 0.1, SEEING, Verdict.SOFT),
        ((S,), 1.6, 0.1, SEEING, Verdict.UNKNOWN),
        ((), 60.0, 60.0, SEEING, Verdict.UNKNOWN),
        # A server without beats of its own does not judge others by theirs.
        ((S,), 30.0, 0.1, NOW - 3.1, Verdict.UNKNOWN),
        ((S,), 30.0, 0.1, NOW - 3.2, Verdict.SOFT),
        ((S,), 30.0, 0.1, None, Verdict.UNKNOWN),
        # Without Redis, or with an empty one.
        ((S,), None, 14.9, SEEING, Verdict.UNKNOWN),
        ((S,), None, 15.1, None, Verdict.LEASE),
        ((S,), None, float("inf"), None, Verdict.LEASE),
        ((S,), None, None, SEEING, Verdict.UNKNOWN),
    ],
)
def test_a_server_is_judged_by_its_answers_its_beats_and_its_lease(
    probes: tuple[Probe, ...],
    beat_age_s: float | None,
    lease_age_s: float | None,
    own_since: float | None,
    expected: Verdict,
) -> None:
    assert judge(Evidence(probes, beat_age_s, lease_age_s, own_since), NOW) is expected


def test_only_three_verdicts_move_rooms() -> None:
    assert {v for v in Verdict if v.is_dead} == {Verdict.HARD, Verdict.SOFT, Verdict.LEASE}


@pytest.mark.parametrize(
    ("probe", "has_ended"),
    [(Probe.ANSWERED, False), (Probe.REFUSED, True), (Probe.OTHER, True), (Probe.SILENT, None)],
)
def test_a_silent_server_may_be_alive(probe: Probe, has_ended: bool | None) -> None:
    assert ended_by(probe) is has_ended
