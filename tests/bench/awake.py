"""Keeps idle cores awake during a measurement, for every server alike.

Waking a virtual core that halted takes the host 30 to 120 us, which Linux counts as CPU time of the thread
that it wakes, more on a busier host. With one room that is most of any server's cost, twenty times as much
as on real hardware.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEVICE = Path("/dev/cpu_dma_latency")


@contextmanager
def cores_awake() -> Iterator[bool]:
    """While open, idle cores poll (the kernel's `power/pm_qos_interface`). Yields False without the
    permission."""
    try:
        device = _DEVICE.open("wb", buffering=0)
    except OSError:
        yield False
        return
    with device:
        device.write((0).to_bytes(4, sys.byteorder))
        yield True
