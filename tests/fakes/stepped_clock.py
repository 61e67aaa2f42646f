"""A wall clock that a test steps in a running server, as an administrator or NTP may."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

_STEPPED = """
import time
from pathlib import Path

offset, seconds, nanoseconds = Path({offset!r}), time.time, time.time_ns
time.time = lambda: seconds() + float(offset.read_text())
time.time_ns = lambda: nanoseconds() + int(float(offset.read_text()) * 1e9)
"""


class SteppedClock:
    """Of processes with `environment()`, as far as they ask Python's `time`. `folder`: an empty one."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder, self._offset = folder, folder / "offset"
        self.step(0.0)
        (folder / "sitecustomize.py").write_text(_STEPPED.replace("{offset!r}", repr(str(self._offset))))

    def step(self, seconds: float) -> None:
        """Away from the true time."""
        fresh = self._offset.with_suffix(".new")
        fresh.write_text(str(seconds))
        fresh.replace(self._offset)

    def environment(self) -> Mapping[str, str]:
        return {
            "PYTHONPATH": os.pathsep.join(filter(None, (str(self._folder), os.environ.get("PYTHONPATH", ""))))
        }
