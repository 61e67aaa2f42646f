"""Before all tests: removes the shell's own settings of a tutor, which must not affect the tests. Takes off
hypothesis's time limit for an example: unit tests measure no time, and a busy machine exceeds it."""

from __future__ import annotations

import os

from hypothesis import settings

from ai_agent.config import PREFIX
from tests.fakes.vendors.keys import VENDOR_KEYS

for name in [*os.environ]:
    if name in VENDOR_KEYS or name.startswith(PREFIX):
        del os.environ[name]

settings.register_profile("parlor", deadline=None)
settings.load_profile("parlor")
