"""The kernel's counters of a UDP port: bytes waiting to be read, and dropped datagrams."""

from __future__ import annotations

from pathlib import Path


def udp_backlog(port: int, pid: int) -> tuple[int, int]:
    """(bytes waiting, datagrams dropped) over all sockets of the process at that port."""
    waiting = dropped = 0
    for name in ("udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            columns = line.split()
            if int(columns[1].rpartition(":")[2], 16) == port:
                waiting += int(columns[4].rpartition(":")[2], 16)
                dropped += int(columns[-1])
    return waiting, dropped
