"""Before all tests: removes the shell's own settings of a tutor, which must not affect the tests."""

from __future__ import annotations

import os

from ai_agent.config import PREFIX
from tests.fakes.vendors.keys import VENDOR_KEYS

for name in [*os.environ]:
    if name in VENDOR_KEYS or name.startswith(PREFIX):
        del os.environ[name]
