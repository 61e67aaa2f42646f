"""How a node's media threads share its rooms: the same load on one thread and on two.

The clients need as much CPU as the server, so two threads cannot be saturated on this machine. But threads
that share nothing use the CPU of their rooms: at the same load the busiest has half.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.bench.sfu.fleet import Fleet, Stretch
from tests.bench.sfu.many_rooms import talk_in
from tests.bench.sfu.results import Measured
from tests.bench.sfu.servers.base import Sfu

MEDIA_THREAD = "parlor-media"


async def measure(sfu: Sfu, fleet: Fleet, into: Measured, *, rooms: int, seconds: float) -> None:
    await talk_in(sfu, fleet, [], rooms)
    [shared] = await fleet.calm.stretches(lambda: _watch(sfu, fleet, seconds), 1)
    watched = shared.watched
    into.threads = {
        "threads": len(shared.took_s),
        "rooms": rooms,
        "busiest_load": max(shared.took_s) / watched.seconds,
        "media_us": sum(shared.took_s) / max(1, watched.received) * 1e6,
        "packets_per_s": watched.packets_per_s,
        "lost": watched.loss,
    }


@dataclass(frozen=True, slots=True)
class _Shared:
    watched: Stretch
    took_s: list[float]

    @property
    def stolen(self) -> float:
        return self.watched.stolen


async def _watch(sfu: Sfu, fleet: Fleet, seconds: float) -> _Shared:
    before = _ran_s(sfu.pid)
    watched = await fleet.watch(sfu.pid, seconds)
    return _Shared(watched, [after - before[thread] for thread, after in _ran_s(sfu.pid).items()])


def _ran_s(pid: int) -> dict[str, float]:
    """CPU time of each media thread (proc_pid_schedstat(5))."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    media = [task for task in tasks if (task / "comm").read_text().strip() == MEDIA_THREAD]
    return {task.name: int((task / "schedstat").read_text().split()[0]) / 1e9 for task in media}
