"""How a node's media threads share its rooms: the same load on one thread and on two.

The clients need as much of this machine as the server does, so that two threads cannot be driven to their end
beside them. But threads that share nothing take what their rooms take: at the same load the busiest has half.
"""

from __future__ import annotations

from pathlib import Path

from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.many_rooms import talk_in
from tests.bench.sfu.results import Measured
from tests.bench.sfu.servers.base import Sfu

_THREAD = "parlor-media"


async def measure(sfu: Sfu, fleet: Fleet, into: Measured, *, rooms: int, seconds: float) -> None:
    await talk_in(sfu, fleet, [], rooms)
    before = _ran_s(sfu.pid)
    watched = await fleet.watch(sfu.pid, seconds)
    took = [after - before[thread] for thread, after in _ran_s(sfu.pid).items()]
    into.threads = {
        "threads": len(took),
        "rooms": rooms,
        "busiest_load": max(took) / watched.seconds,
        "media_us": sum(took) / max(1, watched.received) * 1e6,
        "packets_per_s": watched.packets_per_s,
        "lost": watched.loss,
    }


def _ran_s(pid: int) -> dict[str, float]:
    """CPU time of each media thread (proc_pid_schedstat(5))."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    media = [task for task in tasks if (task / "comm").read_text().strip() == _THREAD]
    return {task.name: int((task / "schedstat").read_text().split()[0]) / 1e9 for task in media}
