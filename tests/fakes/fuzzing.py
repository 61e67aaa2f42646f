"""How long property tests look: a short time by default, PARLOR_FUZZ=<examples> for `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings


def fuzz(examples: int, steps: int = 50) -> settings:
    """`examples` for the default run; `steps` is the length of a state machine's run."""
    return settings(
        max_examples=max(examples, int(os.environ.get("PARLOR_FUZZ", "0"))),
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
