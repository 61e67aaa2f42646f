"""Load of one server with many light clients: rooms of 12 people of whom two speak, and the others use DTX.

The server has one core, the clients another. People are added by the thousand until audio is lost or
a core is full. For each number of people: CPU by thread, lag of the event loop, memory. The lag while they
join is read apart: a join costs some milliseconds, and hundreds come at once.
"""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from pathlib import Path
from statistics import median

import psutil
from socketio.exceptions import ConnectionError as NotConnected

from tests.bench.figures import Row
from tests.bench.native import DTX, TALKS
from tests.bench.sfu.fleet import Fleet
from tests.bench.sfu.results import Measured
from tests.bench.sfu.servers.base import at_most
from tests.bench.sfu.servers.parlor import Parlor
from tests.bench.sfu.threads import MEDIA_THREAD
from tests.fakes.rtc import Clip, silence_clip, tone_clip
from tests.fakes.rtc.client import Refused
from tests.fakes.rtc.rest import RestError

ROOM = 12
SPEAKING = 2
TALK: Clip = tone_clip(440, 1.7) + silence_clip(0.7)
"""With pauses, so that people start and stop speaking, which each room is told."""
_ROOMS_AT_ONCE = 4
_SETTLE_S = 5.0
_FULL = 0.97
"""Share of a core."""
_MOST_LOST = 0.001
_CHECK_EVERY = 32
_LAG = 'parlor_event_loop_lag_seconds_bucket{le="'


@dataclass(frozen=True, slots=True)
class Held:
    """The server's needs for that many people. CPU in shares of a core; `cpu` by thread; bytes.
    `joining_lag_p99_ms`: before, while the last thousand of them joined."""

    people: int
    rooms: int
    cpu: dict[str, float]
    lag_p50_ms: float
    lag_p99_ms: float
    lag_samples: int
    joining_lag_p99_ms: float
    memory: int
    packets_per_s: float
    lost: float
    delay_p50_ms: float
    delay_p99_ms: float
    client_load: float
    stolen: float

    @property
    def server_load(self) -> float:
        return sum(self.cpu.values())

    @property
    def is_whole(self) -> bool:
        return self.lost < _MOST_LOST and max(self.server_load, self.client_load) < _FULL


@dataclass(frozen=True, slots=True)
class Size:
    """`people` are added, `steps` times at most; after each, `repeat` readings of `seconds`."""

    people: int
    steps: int
    seconds: float
    repeat: int


async def measure(parlor: Parlor, fleet: Fleet, into: Measured, size: Size) -> None:
    fleet.check_every(_CHECK_EVERY)
    rooms = 0
    for step in range(1, size.steps + 1):
        before = await _lag_counts(parlor)
        try:
            rooms += await _arrive(parlor, size.people)
        except (NotConnected, Refused, RestError, TimeoutError, OSError) as error:
            if step == 1:
                raise
            print(f"no {size.people} more people could join: {error!r}", file=sys.stderr)
            break
        joining_ms = quantile(await _lag_since(parlor, before), 0.99) * 1000
        await asyncio.sleep(_SETTLE_S)
        watch = partial(_watch, parlor, fleet, size.people * step, rooms, joining_ms, size.seconds)
        found = await fleet.calm.stretches(watch, size.repeat)
        into.capacity += [asdict(one) for one in found]
        if not all(one.is_whole for one in found):
            break


async def _arrive(parlor: Parlor, people: int) -> int:
    """That many more people, connected; two of each room speak. Returns how many rooms they fill."""
    sizes = [min(ROOM, people - first) for first in range(0, people, ROOM)]
    rooms = await at_most(_ROOMS_AT_ONCE, [partial(parlor.fill, size) for size in sizes])
    for room in rooms:
        await parlor.speak([room], [TALKS if nth < SPEAKING else DTX for nth in range(len(room))])
    return len(rooms)


async def _watch(
    parlor: Parlor, fleet: Fleet, people: int, rooms: int, joining_ms: float, seconds: float
) -> Held:
    lag, named = await _lag_counts(parlor), cpu_by_thread(parlor.pid)
    watched = await fleet.watch(parlor.pid, seconds)
    cpu = {name: spent - named[name] for name, spent in cpu_by_thread(parlor.pid).items()}
    cpu["others"] = max(0.0, watched.server_cpu_s - sum(cpu.values()))
    loads = {name: spent / watched.seconds for name, spent in cpu.items()}
    lag = await _lag_since(parlor, lag)
    return Held(
        people=people,
        rooms=rooms,
        cpu=loads,
        lag_p50_ms=quantile(lag, 0.5) * 1000,
        lag_p99_ms=quantile(lag, 0.99) * 1000,
        lag_samples=round(lag[math.inf]),
        joining_lag_p99_ms=joining_ms,
        memory=psutil.Process(parlor.pid).memory_full_info().uss,
        packets_per_s=watched.packets_per_s,
        lost=watched.loss,
        delay_p50_ms=watched.p50_us / 1000,
        delay_p99_ms=watched.p99_us / 1000,
        client_load=watched.client_cpu_s / watched.seconds,
        stolen=watched.stolen,
    )


def cpu_by_thread(pid: int) -> dict[str, float]:
    """Seconds of CPU (proc_pid_schedstat(5)) of the first thread, which runs the event loop, and of the media
    threads. Python's other threads come and go and have no names of their own."""
    spent = {"event loop": 0.0, MEDIA_THREAD: 0.0}
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # one that has just ended
            name = "event loop" if task.name == str(pid) else (task / "comm").read_text().strip()
            if name in spent:
                spent[name] += int((task / "schedstat").read_text().split()[0]) / 1e9
    return spent


async def _lag_counts(parlor: Parlor) -> dict[float, float]:
    """How many timers of the event loop were at most that late (s), since it started."""
    metrics = await parlor.server.metrics()
    return {
        float(name.removeprefix(_LAG).removesuffix('"}')): count
        for name, count in metrics.items()
        if name.startswith(_LAG)
    }


async def _lag_since(parlor: Parlor, before: dict[float, float]) -> dict[float, float]:
    return {limit: count - before[limit] for limit, count in (await _lag_counts(parlor)).items()}


def quantile(counts: dict[float, float], share: float) -> float:
    """Of a histogram (limit → count of values up to it), interpolated within the bucket as Prometheus does;
    the last finite limit for values above it."""
    wanted, below, floor = share * counts[math.inf], 0.0, 0.0
    for limit, count in sorted(counts.items()):
        if count >= wanted and count > below:
            return (
                floor if math.isinf(limit) else floor + (limit - floor) * (wanted - below) / (count - below)
            )
        below, floor = count, limit
    return 0.0


def capacity_rows(found: Sequence[Held]) -> Iterator[Row]:
    """Medians of the repetitions with the same number of people. The first number is judged."""
    groups = [list(held) for _, held in groupby(found, lambda held: held.people)]
    for nth, group in enumerate(groups):
        yield from _rows(group, is_judged=nth == 0)
        if nth:
            yield from _further(groups[nth - 1], group)


def _rows(group: Sequence[Held], *, is_judged: bool) -> Iterator[Row]:
    def middle(read: Callable[[Held], float]) -> float:
        return median(map(read, group))

    def limit(value: float) -> float | None:
        return value if is_judged else None

    head = f"{group[0].people:,} people in {group[0].rooms} rooms"
    yield Row(f"{head}: server CPU", 100 * middle(lambda h: h.server_load), "% of a core", limit(100))
    for thread in group[0].cpu:
        yield Row(f"  of it {thread}", 100 * median(h.cpu[thread] for h in group), "% of a core")
    yield Row("  lag of the event loop, p50", middle(lambda h: h.lag_p50_ms), "ms")
    yield Row("  lag of the event loop, p99", middle(lambda h: h.lag_p99_ms), "ms", limit(20))
    yield Row("  the same while they joined, p99", middle(lambda h: h.joining_lag_p99_ms), "ms")
    yield Row("  memory of the server", middle(lambda h: h.memory) / 1e6, "MB")
    yield Row("  forwarded packets", middle(lambda h: h.packets_per_s), "/s")
    yield Row("  packets lost", 100 * middle(lambda h: h.lost), "%", limit(100 * _MOST_LOST))
    yield Row("  delay, p99", middle(lambda h: h.delay_p99_ms), "ms")
    yield Row("  CPU of the clients", 100 * middle(lambda h: h.client_load), "% of a core")


def _further(before: Sequence[Held], after: Sequence[Held]) -> Iterator[Row]:
    def more(read: Callable[[Held], float]) -> float:
        return median(map(read, after)) - median(map(read, before))

    people = after[0].people - before[0].people
    yield Row(f"  {people:,} people more: server CPU", 100 * more(lambda h: h.server_load), "% of a core")
    yield Row("  memory of each", more(lambda h: h.memory) / people / 1000, "KB")
