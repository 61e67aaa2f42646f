"""The measurements as a table, and as rows with limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import median

from tests.bench.calm import DISTURBED
from tests.bench.figures import Row
from tests.bench.sfu.one_room import FULL
from tests.bench.sfu.results import Case, Measured

_JUDGED = "parlor-c"
_CLIENTS_FULL = 0.85
_HEAD = (
    f"{'':<34} {'µs/packet':>9} {'±%':>4} {'×floor':>7} {'÷janus':>7} {'packets/s':>10} {'lost':>7}"
    f" {'p50 ms':>7} {'p99 ms':>7} {'core %':>7} {'clients':>7}"
)


def table(found: Mapping[str, Measured]) -> Iterator[str]:
    for name, cases in _groups(found):
        yield ""
        yield name
        yield _HEAD
        floor, janus = cases.get("floor"), cases.get("janus")
        for server, case in cases.items():
            yield _line(server, case, floor, janus)
    yield ""
    for one in found.values():
        yield from _extras(one)
    are_awake = all(one.is_awake for one in found.values())
    yield f"  idle cores {'kept awake' if are_awake else 'slept: waking them counts in all figures'}"


def _groups(found: Mapping[str, Measured]) -> Iterator[tuple[str, dict[str, Case]]]:
    kinds = dict.fromkeys((c.people, c.speaking) for one in found.values() for c in one.rooms)
    for people, speaking in kinds:
        cases = {name: case for name, one in found.items() if (case := one.room(people, speaking))}
        yield f"One room of {people}, {speaking} speaking; the server on every core", cases
    levels = {name: one.levels for name, one in found.items() if one.levels}
    if levels:
        yield "One full room, all speaking; the server on one core", {n: cs[0] for n, cs in levels.items()}
        half = {name: case for name in levels if (case := found[name].half)}
        yield "Full rooms, about half of one core", half
        sound = {name: case for name in levels if (case := found[name].sustained)}
        yield "Full rooms, as many as one core serves under 10 ms in the median, without loss", sound
        top = {name: case for name in levels if (case := found[name].saturated)}
        yield "Full rooms, the core saturated: the maximum without loss, whatever the delay", top


def _line(server: str, case: Case, floor: Case | None, janus: Case | None) -> str:
    of_floor = f"{case.cpu_us / floor.cpu_us:7.2f}" if floor else " " * 7
    of_janus = f"{case.cpu_us / janus.cpu_us:7.2f}" if janus else " " * 7
    name = server + (f" ({case.rooms} rooms)" if case.rooms > 1 else "")
    lost = max(case.lost, 1 - case.arrived if case.arrived < 0.99 else 0.0)
    return (
        f"  {name:<32} {case.cpu_us:9.2f} {case.spread * 100:4.0f} {of_floor} {of_janus}"
        f" {case.packets_per_s:10,.0f} {lost:7.2%} {case.p50_us / 1000:7.2f} {case.p99_us / 1000:7.2f}"
        f" {case.server_load * 100:7.1f} {case.client_load * 100:7.1f}"
        f"{'  the clients were the limit' if case.client_load > _CLIENTS_FULL else ''}"
        f"{f'  the host took {case.stolen:.0%}' if case.stolen > DISTURBED else ''}"
    )


def _extras(one: Measured) -> Iterator[str]:
    if one.memory_a_peer is not None:
        yield f"  {one.server}: {one.memory_a_peer / 1000:.0f} KB a silent peer"
    if one.threads:
        yield (
            "  {server}: {threads:.0f} media threads, {rooms:.0f} full rooms on all cores,"
            " {packets_per_s:,.0f}/s, lost {lost:.2%}: the busiest {busiest_load:.1%} of a core,"
            " {media_us:.2f} µs a packet"
        ).format(server=one.server, **one.threads)
    for name, value in (one.joins | {f"STUN {k}": v for k, v in one.control.items()}).items():
        yield f"  {one.server}: {name} {value:.3g}"
    shares = ", ".join(f"{part} {share:.0%}" for part, share in one.others.items())
    yield f"  {one.server}: other processes and the host took, of all cores: {shares}"


def judged(rounds: Sequence[Mapping[str, Measured]]) -> list[Row]:
    """Each figure is the median of the rounds that have it: ratios are of neighbours in time, since what a
    packet costs drifts with what else the host's caches carry."""
    values: dict[str, list[float]] = {}
    found = {row.name: row for one in reversed(rounds) for row in _rows(one)}
    for one in rounds:
        for row in _rows(one):
            values.setdefault(row.name, []).append(row.value)
    return [replace(found[name], value=median(seen)) for name, seen in values.items()]


def _rows(found: Mapping[str, Measured]) -> list[Row]:
    """Targets of the C backend. Servers that were not measured are not mentioned."""
    if _JUDGED not in found:
        return []
    c = found[_JUDGED]
    floor, janus = found.get("floor", Measured("floor")), found.get("janus", Measured("janus"))
    return [
        *_ratio("full room, of Janus's CPU a packet", c.room(*FULL), janus.room(*FULL), 0.2, "×"),
        *_ratio("full room, CPU a packet", c.room(*FULL), floor.room(*FULL), 1.8, "× floor"),
        # The floor has no queue that shows late packets, so delay does not end the run of either.
        *_ratio("full rooms, one core saturated, CPU a packet", c.saturated, floor.saturated, 1.5, "× floor"),
        *_throughput(c.saturated, floor.saturated),
        *_at_half(c, floor),
        *_small_things(c),
        *_scaling(c, found.get("parlor-c-2", Measured("parlor-c-2"))),
    ]


def _ratio(name: str, case: Case | None, to: Case | None, limit: float, unit: str) -> list[Row]:
    return [Row(name, case.cpu_us / to.cpu_us, unit, limit)] if case and to else []


def _throughput(case: Case | None, floor: Case | None) -> Iterator[Row]:
    if case and floor:
        yield Row("one core saturated, packets/s", case.packets_per_s / 1000, "thousand", 120, at_most=False)
        yield Row(
            "one core saturated, the floor's packets/s", floor.packets_per_s / case.packets_per_s, "×", 1.5
        )


def _at_half(c: Measured, floor: Measured) -> list[Row]:
    """Delay added: the direct path's median, the floor's, is what the clients and the kernel take."""
    if c.half is None or not floor.levels:
        return []
    return [Row("delay added at half a core, p99", (c.half.p99_us - floor.levels[0].p50_us) / 1000, "ms", 1)]


def _small_things(c: Measured) -> Iterator[Row]:
    if c.memory_a_peer is not None:
        yield Row("memory of a silent peer", c.memory_a_peer / 1000, "KB", 200)
    if c.joins:
        yield Row("12 joins at once", c.joins["twelve_seconds"], "s", 1)
        yield Row("server CPU a join", c.joins["twelve_server_ms_a_join"], "ms")
        yield Row("200 people join 20 talking rooms", c.joins["crowd_seconds"], "s", 5)
        yield Row("packets lost in those rooms", c.joins["crowd_lost"], "packets", 0)
    if c.control:
        yield Row("consent check answered at about 70 % load, p99", c.control["p99"], "ms", 5)
        yield Row("check from a new address, by Python, p99", c.control["elsewhere p99"], "ms", 5)


def _scaling(one: Measured, two: Measured) -> Iterator[Row]:
    if one.threads and two.threads:
        share = two.threads["busiest_load"] / one.threads["busiest_load"]
        cost = two.threads["media_us"] / one.threads["media_us"]
        yield Row("two threads, the same rooms: the busiest, of one thread's load", share, "×", 0.6)
        yield Row("two threads, the same rooms: CPU a packet", cost, "× one thread", 1.2)
