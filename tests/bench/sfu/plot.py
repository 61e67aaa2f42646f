"""The README's picture, CPU a forwarded packet: `python -m tests.bench.sfu.plot RESULT.json > OUT.svg`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench.sfu.results import Case, Measured

_NAMES = {
    "floor": "AES-GCM + sendmmsg alone",
    "parlor-c": "Parlor",
    "parlor-python": "Parlor, Python",
    "janus": "Janus VideoRoom",
    "janus-loops": "Janus, event_loops",
}
_WIDTH, _LEFT, _RIGHT, _BAR, _GAP, _TOP = 760, 190, 130, 20, 8, 30
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2328}.dim{fill:#59636e}.bar{fill:#8c959f}.ours{fill:#0969da}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#9198a1}.bar{fill:#6e7681}.ours{fill:#4493f8}}"
)


def svg(rounds: Sequence[Mapping[str, Measured]]) -> str:
    """Of each server the round whose CPU a packet is the median."""
    groups: list[tuple[str, Callable[[Measured], Case | None]]] = [
        ("One room, 12 people, all speaking", lambda measured: measured.room(12, 12)),
        ("As many full rooms as one core takes", lambda measured: measured.sustained),
    ]
    drawn: list[str] = []
    y = 4
    for title, case_of in groups:
        of_each = {
            name: [case for r in rounds if name in r and (case := case_of(r[name]))] for name in _NAMES
        }
        shown = {name: _middle(cases) for name, cases in of_each.items() if cases}
        if shown:
            drawn += _group(title, shown, y)
            y += _TOP + len(shown) * (_BAR + _GAP) + 12
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img">'
    title = "<title>CPU of the server a forwarded packet, less is better</title>"
    return "\n".join([head, title, f"<style>{_STYLE}</style>", *drawn, "</svg>", ""])


def _middle(cases: Sequence[Case]) -> Case:
    return sorted(cases, key=lambda case: case.cpu_us)[(len(cases) - 1) // 2]


def _group(title: str, cases: Mapping[str, Case], y: int) -> Iterator[str]:
    largest = max(case.cpu_us for case in cases.values())
    yield f'<text x="0" y="{y + 16}" font-weight="600">{title}: CPU a forwarded packet</text>'
    for n, (name, case) in enumerate(cases.items()):
        top = y + _TOP + n * (_BAR + _GAP)
        width = case.cpu_us / largest * (_WIDTH - _LEFT - _RIGHT)
        middle = top + _BAR - 5
        kind = "ours" if name.startswith("parlor") else "bar"
        yield f'<text x="{_LEFT - 8}" y="{middle}" text-anchor="end">{_NAMES[name]}</text>'
        yield f'<rect class="{kind}" x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR}" rx="3"/>'
        label = f"{case.cpu_us:.1f} µs" + (f", {case.packets_per_s:,.0f}/s" if case.rooms > 1 else "")
        yield f'<text class="dim" x="{_LEFT + width + 8:.1f}" y="{middle}">{label}</text>'


def read(path: Path) -> list[dict[str, Measured]]:
    rounds = json.loads(path.read_text())["rounds"]
    return [{name: Measured.from_json(one) for name, one in found.items()} for found in rounds]


if __name__ == "__main__":
    sys.stdout.write(svg(read(Path(sys.argv[1]))))
