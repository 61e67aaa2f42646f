"""What the kernel says of a UDP port: how much waits to be read, and how much was thrown away."""

from __future__ import annotations

from pathlib import Path


def udp_backlog(port: int, pid: int) -> tuple[int, int]:
    """(bytes waiting, datagrams dropped) over all sockets at that port, as the process sees it."""
    waiting = dropped = 0
    for name in ("udp", "udp6"):
        for line in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            columns = line.split()
            if int(columns[1].rpartition(":")[2], 16) == port:
                waiting += int(columns[4].rpartition(":")[2], 16)
                dropped += int(columns[-1])
    return waiting, dropped
