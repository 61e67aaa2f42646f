"""Length of long tests: short in `make test`, long in `make fuzz`, `make soak` and `make test-attack`."""

from __future__ import annotations

import os
from typing import Literal

import pytest

Mode = Literal["fuzz", "soak", "attack"]
_chosen = os.environ.get("PARLOR_TEST_SCALE")


def scaled(short: int, long: int, mode: Mode) -> int:
    return long if _chosen == mode else short


def only_at(mode: Mode) -> pytest.MarkDecorator:
    """For a test that has no short form: `make test` skips it."""
    return pytest.mark.skipif(_chosen != mode, reason=f"has no short form, only PARLOR_TEST_SCALE={mode}")
