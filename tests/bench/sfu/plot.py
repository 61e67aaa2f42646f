"""The README's picture, CPU a forwarded packet: `python -m tests.bench.sfu.plot RESULT.json > OUT.svg`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench.sfu.results import Case, Measured

_NAMES = {
    "floor": "AES-GCM + sendmmsg alone",
    "parlor-c": "Parlor",
    "parlor-python": "Parlor, Python body",
    "janus": "Janus VideoRoom",
    "janus-loops": "Janus, event_loops",
}
_WIDTH, _LEFT, _RIGHT, _BAR, _GAP, _TOP = 760, 190, 130, 20, 8, 30
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#1f2328}.dim{fill:#59636e}.bar{fill:#8c959f}.ours{fill:#0969da}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.dim{fill:#9198a1}.bar{fill:#6e7681}.ours{fill:#4493f8}}"
)


def svg(found: Mapping[str, Measured]) -> str:
    groups = [
        ("One room, 12 people, all speaking", {n: m.room(12, 12) for n, m in found.items()}),
        ("As many full rooms as one core takes", {n: m.sustained for n, m in found.items()}),
    ]
    drawn: list[str] = []
    y = 4
    for title, cases in groups:
        shown = {name: case for name in _NAMES if (case := cases.get(name))}
        if shown:
            drawn += _group(title, shown, y)
            y += _TOP + len(shown) * (_BAR + _GAP) + 12
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img">'
    title = "<title>CPU of the server a forwarded packet, less is better</title>"
    return "\n".join([head, title, f"<style>{_STYLE}</style>", *drawn, "</svg>", ""])


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


def read(path: Path) -> dict[str, Measured]:
    return {name: Measured.from_json(one) for name, one in json.loads(path.read_text())["rounds"][0].items()}


if __name__ == "__main__":
    sys.stdout.write(svg(read(Path(sys.argv[1]))))
