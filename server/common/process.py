"""Start and end of both processes: the event loop, signals, the garbage collector."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable

try:
    import uvloop
except ImportError:  # no wheel for this platform: asyncio's own loop is slower but does the same
    new_event_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    new_event_loop = uvloop.new_event_loop


def stop_event() -> asyncio.Event:
    """An event that SIGINT or SIGTERM sets. Needs a running event loop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def freeze_objects() -> None:
    """Call once the process has started: objects made so far live as long as the process.

    The garbage collector then skips them, so that full collections are short and audio is not delayed.
    """
    gc.collect()
    gc.freeze()
