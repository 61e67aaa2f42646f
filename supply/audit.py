"""Known vulnerabilities of the locked packages: `make audit`, or `python -m supply.audit`.

Exit code 0: nothing is known against them. 1: vulnerabilities. 3: a source could not be asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
CLEAN, VULNERABLE, UNREACHABLE = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Finding:
    """`vulnerable`: a line for each known vulnerability. `unknown`: why nothing is known, empty if all is."""

    source: str
    vulnerable: tuple[str, ...] = field(default=())
    unknown: str = ""


def python_finding(output: str, complaint: str) -> Finding:
    """Of pip-audit's JSON. It skips packages that its source does not answer for, and still exits with 0."""
    source = "Python packages (PyPI advisories)"
    try:
        packages: Sequence[Mapping[str, Any]] = json.loads(output)["dependencies"]
    except (ValueError, KeyError):
        return Finding(source, unknown=_last_line(complaint) or "pip-audit gave no result")
    skipped = [p for p in packages if "skip_reason" in p]
    found = tuple(
        f"{p['name']} {p['version']}: {v['id']}, fixed in {', '.join(v['fix_versions']) or 'no version'}"
        for p in packages
        for v in p.get("vulns", ())
    )
    unknown = ""
    if skipped or not packages:
        unknown = f"no answer for {len(skipped)} of {len(packages)} packages"
    return Finding(source, found, unknown)


def web_finding(output: str, complaint: str) -> Finding:
    """Of `npm audit --json`."""
    source = "npm packages (npm advisories)"
    try:
        report = json.loads(output)
        vulnerabilities: Mapping[str, Mapping[str, Any]] = report["vulnerabilities"]
    except (ValueError, KeyError):
        return Finding(source, unknown=_last_line(complaint) or "npm audit gave no result")
    return Finding(source, tuple(f"{name}: {v['severity']}" for name, v in vulnerabilities.items()))


def verdict(findings: Sequence[Finding]) -> int:
    """A vulnerability that is known outweighs a source that is not."""
    if any(finding.vulnerable for finding in findings):
        return VULNERABLE
    return UNREACHABLE if any(finding.unknown for finding in findings) else CLEAN


def report(findings: Sequence[Finding]) -> str:
    lines = []
    for finding in findings:
        lines += [f"{finding.source}: {line}" for line in finding.vulnerable]
        if finding.unknown:
            lines.append(f"{finding.source}: NOT AUDITED, the source is out of reach: {finding.unknown}")
        elif not finding.vulnerable:
            lines.append(f"{finding.source}: no known vulnerability")
    return "\n".join(lines)


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip() and "complete log" not in line]
    return lines[-1] if lines else ""


def _run(command: Sequence[str], folder: Path) -> tuple[str, str]:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


def main() -> int:
    locks = [part for name in ("run", "test") for part in ("-r", f"supply/{name}.lock")]
    python = ["pip-audit", *locks, "--require-hashes", "--disable-pip", "--no-deps", "--format", "json"]
    findings = [
        python_finding(*_run([*python, "--progress-spinner", "off"], ROOT)),
        web_finding(*_run(["npm", "audit", "--json"], ROOT / "web")),
    ]
    print(report(findings))
    return verdict(findings)


if __name__ == "__main__":
    sys.exit(main())
