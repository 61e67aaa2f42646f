"""A worker that the server runs as its child: it yields the CPU to the server, ends with it, and shows it
that it lives.

The child sets this up itself, before its heavy imports: code between fork and exec would run in a copy of a
process with threads, where any lock may be held for ever.
"""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path

from server.common.parent_death import end_with_parent

NICE = 5
"""Added to the server's nice value: where both need the same core, the worker gets a third of the server's
share, so that it does not delay the forwarding of audio."""
PARENT_CHECK_S = 0.5
SIGN_EVERY_S = 1.0
_MAX_FILES = 1 << 20


def set_up_child(parent: int) -> int:
    """Close the files that the parent left open, lower the priority, and have the kernel end this process
    when the parent ends (Linux).

    Elsewhere, and until the first of these calls, only the worker's own check finds a parent that has ended.
    Raises SystemExit if it has ended already. Returns a file descriptor for `show_life`: the pipe that was
    the standard output, which from now on is the standard error, the log.
    """
    # uvloop passes on the parent's own copies of a child's pipes: engines would hold them after the worker.
    os.closerange(3, min(os.sysconf("SC_OPEN_MAX"), _MAX_FILES))
    os.nice(NICE)
    if os.getsid(0) == os.getpid():  # otherwise the value below would apply to other processes, too
        with suppress(OSError):  # between sessions the nice value alone has no effect (sched(7), autogroup)
            Path("/proc/self/autogroup").write_text(str(NICE))
    end_with_parent()
    if os.getppid() != parent:
        raise SystemExit(0)
    pipe = os.dup(1)
    os.dup2(2, 1)
    os.set_blocking(pipe, False)
    return pipe


async def show_life(pipe: int) -> None:
    """Write a byte every SIGN_EVERY_S until cancelled: the parent ends a child that stops doing so."""
    while True:
        with suppress(OSError):  # the pipe is full because the parent stands still, or it has ended
            os.write(pipe, b".")
        await asyncio.sleep(SIGN_EVERY_S)


async def orphaned(parent: int) -> None:
    """Returns once the parent has ended. No event says so, hence the polling."""
    while os.getppid() == parent:  # noqa: ASYNC110 - there is no event to wait for
        await asyncio.sleep(PARENT_CHECK_S)
