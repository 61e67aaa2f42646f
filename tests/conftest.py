"""Before all tests: what the shell they are started from has set for a tutor of its own is not for theirs."""

from __future__ import annotations

import os

from ai_agent.config import PREFIX
from tests.fakes.vendors.keys import VENDOR_KEYS

for name in [*os.environ]:
    if name in VENDOR_KEYS or name.startswith(PREFIX):
        del os.environ[name]
