"""Child processes that end with their parent, also if it is killed and they stand still."""

from __future__ import annotations

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Have the kernel end this process when the thread that started it ends (Linux, prctl(2)).

    With SIGKILL: a process that is stopped, by SIGSTOP or a debugger, gets no other signal. A parent that has
    ended before this call is not noticed.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
