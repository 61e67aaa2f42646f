"""Hides installed packages from child processes."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# Runs in the child before all else.
_HIDE = """
import sys

class Hides:
    def __init__(self, finders):
        self.finders = finders

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            return None
        found = (finder.find_spec(name, path, target) for finder in self.finders)
        return next((spec for spec in found if spec is not None), None)

sys.meta_path[:] = [Hides(list(sys.meta_path))]
"""


def without(folder: Path, *packages: str) -> Mapping[str, str]:
    """Environment variables that hide `packages` from a child. `folder`: an empty one."""
    (folder / "sitecustomize.py").write_text(_HIDE.replace("{hidden!r}", repr(set(packages) or {""})))
    return {"PYTHONPATH": os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH", ""))))}
