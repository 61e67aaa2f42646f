"""`python clock_ahead.py SECONDS PYTHON -m MODULE`: runs the module, its wall clock so far ahead."""

from __future__ import annotations

import runpy
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    real, ahead_s, module = time.time, float(sys.argv[1]), sys.argv[4]
    time.time = lambda: real() + ahead_s
    sys.path[0] = str(Path.cwd())  # as with -m
    sys.argv = [module, *sys.argv[5:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
