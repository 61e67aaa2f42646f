"""Start and end of both processes: the event loop, signals, limits and privacy."""

from __future__ import annotations

import asyncio
import ctypes
import faulthandler
import resource
import signal
import sys
from collections.abc import Callable

try:
    import uvloop
except ImportError:  # no wheel for this platform: asyncio's own loop is slower but does the same
    new_event_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    new_event_loop = uvloop.new_event_loop


END_WITHIN_S = 9.0
_PR_SET_DUMPABLE = 4
_UNLIMITED_FILES = 1 << 20
_MAC_FILES = 10_240
"""macOS reports no hard limit and refuses more than this (OPEN_MAX)."""


def deny_inspection() -> None:
    """Close /proc/PID/environ, which holds secrets, and memory to other processes of the same user (Linux,
    prctl(2)): children decode pictures and speech of strangers. The process leaves no core dump either."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def raise_file_limit() -> int:
    """Let the process have as many file descriptors as it may. Returns their number."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, _MAC_FILES):
        if soft == resource.RLIM_INFINITY or 0 <= wanted <= soft:
            break
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError):
            continue
        break
    return file_limit()


def file_limit() -> int:
    """The number of file descriptors that the process may have."""
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _UNLIMITED_FILES if soft == resource.RLIM_INFINITY else soft


def stop_event(end_within_s: float = END_WITHIN_S) -> asyncio.Event:
    """An event that SIGINT or SIGTERM sets. Needs a running event loop.

    From the signal on, the process has `end_within_s`. Then it ends in any case, with the stack of every
    thread on stderr and exit code 1: a thread that waits for a dead disk cannot be ended otherwise.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask() -> None:
        if not stop.is_set():
            faulthandler.dump_traceback_later(end_within_s, exit=True, file=sys.__stderr__ or 2)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask)
    return stop
