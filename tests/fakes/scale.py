"""Length of long tests: short in `make test`, long in `make fuzz`, `make soak` and `make test-attack`."""

from __future__ import annotations

import os
from typing import Literal


def scaled(short: int, long: int, mode: Literal["fuzz", "soak", "attack"]) -> int:
    return long if os.environ.get("PARLOR_TEST_SCALE") == mode else short
