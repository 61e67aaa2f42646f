"""Start-up of a worker that the server runs as its child: it yields the CPU to the server and ends with it.

The child sets this up itself, before its heavy imports: code between fork and exec would run in a copy of a
process with threads, where any lock may be held for ever.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

NICE = 5
"""Added to the server's nice value: where both need the same core, the worker gets a third of the server's
share, so that it does not delay the forwarding of audio."""
_PR_SET_PDEATHSIG = 1


def set_up_child(parent: int) -> None:
    """Lower the priority; have the kernel send SIGTERM when the parent ends (Linux, prctl(2)).

    Elsewhere, and until the first of these calls, only the worker's own check finds a parent that has ended.
    Raises SystemExit if it has ended already.
    """
    os.nice(NICE)
    if os.getsid(0) == os.getpid():  # otherwise the value below would apply to other processes, too
        with suppress(OSError):  # between sessions the nice value alone has no effect (sched(7), autogroup)
            Path("/proc/self/autogroup").write_text(str(NICE))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(0)
