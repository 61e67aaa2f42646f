"""Hypothesis settings: few examples in `make test`, many in `make fuzz`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.fakes.scale import scaled

_LONG = 5_000


def fuzz(examples: int, steps: int = 50) -> settings:
    """`examples`: in the default run. `steps`: of a state machine's run."""
    return settings(
        max_examples=scaled(examples, max(examples, _LONG), "fuzz"),
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
