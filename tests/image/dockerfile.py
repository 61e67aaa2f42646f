"""Reads a Dockerfile, as far as the project's own uses the language.

What it does not know is an error: a step that is left out would prove nothing.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass, field

_KNOWN = ("COPY", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "RUN", "USER", "VOLUME", "WORKDIR")
_FLAGS = {"COPY": ("from", "chown"), "HEALTHCHECK": ("interval", "timeout", "start-period")}


class UnknownInstructionError(Exception):
    """The line is one that the interpreter cannot carry out."""


@dataclass(frozen=True, slots=True)
class Step:
    """`words` of RUN is its command as one word; those of JSON forms are the list's."""

    name: str
    words: tuple[str, ...]
    flags: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Stage:
    """`base`: an image, or the name of an earlier stage."""

    name: str
    base: str
    steps: list[Step] = field(default_factory=list)


def parse(text: str) -> list[Stage]:
    """Raises UnknownInstructionError."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    stages: list[Stage] = []
    for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        if found := re.fullmatch(r"FROM (\S+)(?: AS (\S+))?", line):
            stages.append(Stage(found[2] or str(len(stages)), found[1]))
        elif not stages:
            raise UnknownInstructionError(line)
        else:
            stages[-1].steps.append(_step(line))
    return stages


def _step(line: str) -> Step:
    name, _, rest = line.partition(" ")
    if name not in _KNOWN:
        raise UnknownInstructionError(line)
    flags: dict[str, str] = {}
    rest = rest.strip()
    while found := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
        if found[1] not in _FLAGS.get(name, ()):
            raise UnknownInstructionError(line)
        flags[found[1]] = found[2]
        rest = rest[found.end() :]
    if rest.startswith("--"):
        raise UnknownInstructionError(line)
    return Step(name, _words(name, rest), flags)


def _words(name: str, rest: str) -> tuple[str, ...]:
    if name == "HEALTHCHECK":
        rest = rest.removeprefix("CMD").strip()
    if rest.startswith("["):
        return tuple(json.loads(rest))
    if name in ("ENTRYPOINT", "HEALTHCHECK"):
        raise UnknownInstructionError(f"{name} {rest}: only the JSON form is known")
    return (rest,) if name == "RUN" else tuple(shlex.split(rest))
