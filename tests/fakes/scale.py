"""How much a long test does: its short form in `make test`, the long one in `make fuzz` or `make soak`."""

from __future__ import annotations

import os
from typing import Literal


def scaled(short: int, long: int, mode: Literal["fuzz", "soak"]) -> int:
    return long if os.environ.get("PARLOR_TEST_SCALE") == mode else short
