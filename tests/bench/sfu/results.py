"""Results of a run as plain data, written as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from tests.bench.sfu.fleet import Stretch


@dataclass(frozen=True, slots=True)
class Case:
    """The median of some stretches. Loads are shares of a core; `people` speak in each of `rooms`."""

    rooms: int
    people: int
    speaking: int
    cpu_us: float
    packets_per_s: float
    arrived: float
    lost: float
    p50_us: float
    p99_us: float
    server_load: float
    client_load: float
    late_us: float
    forged: int
    spread: float
    """Spread of the CPU a packet: (largest - smallest) / median of the stretches."""
    stolen: float
    """Share of all cores' time that the host took, in the worst stretch."""


@dataclass(slots=True)
class Measured:
    """One server. `rooms`: one at a time, on every core; `levels`: a growing number of full rooms on one
    core."""

    server: str
    rooms: list[Case] = field(default_factory=list)
    levels: list[Case] = field(default_factory=list)
    half: Case | None = None
    """The level nearest to half of the core."""
    memory_a_peer: float | None = None
    """Bytes."""
    joins: dict[str, float] = field(default_factory=dict)
    """Results of `joins.py`; times in the unit that the name ends with."""
    control: dict[str, float] = field(default_factory=dict)
    """Delay of answers to STUN checks (ms), and the server's `load` meanwhile."""
    threads: dict[str, float] = field(default_factory=dict)
    """Results of `threads.py`: number of threads and `rooms`; load of the busiest, CPU of all a packet (us).
    """
    capacity: list[dict[str, Any]] = field(default_factory=list)
    """Results of `capacity.py`, as fields of `Held`."""
    others: dict[str, float] = field(default_factory=dict)
    """Share of all cores that other processes and the host took, by name of the part."""
    is_awake: bool = True
    """Whether idle cores were kept from sleeping."""

    def merge(self, other: Measured) -> None:
        """Another part of the same server."""
        self.rooms += other.rooms
        self.levels += other.levels
        self.half = self.half or other.half
        self.memory_a_peer = self.memory_a_peer if other.memory_a_peer is None else other.memory_a_peer
        self.joins |= other.joins
        self.control |= other.control
        self.threads |= other.threads
        self.capacity += other.capacity
        self.others |= other.others
        self.is_awake &= other.is_awake

    def room(self, people: int, speaking: int) -> Case | None:
        return next((c for c in self.rooms if (c.people, c.speaking) == (people, speaking)), None)

    @property
    def saturated(self) -> Case | None:
        """The highest level without loss, however late packets are."""
        return max((c for c in self.levels if is_whole(c)), key=lambda c: c.packets_per_s, default=None)

    @property
    def sustained(self) -> Case | None:
        """The highest level without audible loss or delay."""
        return max((c for c in self.levels if is_sound(c)), key=lambda c: c.packets_per_s, default=None)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Measured:
        cases = {key: [Case(**case) for case in data[key]] for key in ("rooms", "levels")}
        half = data.get("half")
        return cls(**{**data, **cases, "half": Case(**half) if half else None})


_LATE_US = 10_000
"""By the median: a high one means that packets queue. A single late packet may be due to the machine."""
_FRAMES_A_SECOND = 50


def is_whole(case: Case) -> bool:
    """No packet is lost, and no queue grows."""
    due = case.rooms * case.people * (case.people - 1) * _FRAMES_A_SECOND
    has_all = case.arrived > 0.99 and (case.speaking < case.people or case.packets_per_s > 0.98 * due)
    return case.lost < 0.001 and has_all


def is_sound(case: Case) -> bool:
    """No audible loss or delay."""
    return is_whole(case) and case.p50_us < _LATE_US


def case_of(stretches: list[Stretch], *, rooms: int, people: int, speaking: int) -> Case:
    def middle(name: str) -> float:
        return float(median(getattr(stretch, name) for stretch in stretches))

    costs = [stretch.cpu_us for stretch in stretches]
    sent, received = sum(s.sent for s in stretches), sum(s.received for s in stretches)
    return Case(
        rooms=rooms,
        people=people,
        speaking=speaking,
        cpu_us=middle("cpu_us"),
        packets_per_s=middle("packets_per_s"),
        arrived=received / (sent * (people - 1)) if sent else 1.0,
        lost=middle("loss"),
        p50_us=middle("p50_us"),
        p99_us=middle("p99_us"),
        server_load=middle("load"),
        client_load=float(median(s.client_cpu_s / s.seconds for s in stretches)),
        late_us=max(s.late_us for s in stretches),
        forged=sum(s.forged for s in stretches),
        spread=(max(costs) - min(costs)) / float(median(costs)) if median(costs) else 0.0,
        stolen=max(s.stolen for s in stretches),
    )
