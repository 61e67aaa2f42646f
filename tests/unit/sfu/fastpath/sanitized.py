"""Builds of the C sources with the address and undefined-behaviour sanitizers."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Sequence
from pathlib import Path

FASTPATH = Path(__file__).resolve().parents[4] / "server/sfu/fastpath"
CORE = tuple(sorted((FASTPATH / "core").glob("*.c")))
SHELL = tuple(sorted(FASTPATH.glob("*.c")))
COMPILER = os.environ.get("CC", "gcc")
_FLAGS = (
    *("-std=c11", "-D_GNU_SOURCE", "-g", "-O1", "-fno-omit-frame-pointer"),
    *("-Wall", "-Wextra", "-Werror"),
    *("-fsanitize=address,undefined", "-fno-sanitize-recover=all"),
)


def program(output: Path, sources: Sequence[Path], *, wrap: Sequence[str] = ()) -> Path:
    """An executable. Calls of a function `f` in `wrap` go to `__wrap_f`."""
    return _compiled(output, sources, *(f"-Wl,--wrap={name}" for name in wrap))


def extension(folder: Path) -> Path:
    """`_native`, to be loaded into a process that has `preload` in LD_PRELOAD."""
    output = folder / f"_native{sysconfig.get_config_var('EXT_SUFFIX')}"
    include = f"-I{sysconfig.get_path('include')}"
    return _compiled(output, [*CORE, *SHELL], "-shared", "-fPIC", include)


def preload() -> str:
    """The sanitizer's run time, which must come first into a process that was not built with it."""
    return subprocess.check_output([COMPILER, "-print-file-name=libasan.so"], text=True).strip()


def _compiled(output: Path, sources: Sequence[Path], *more: str) -> Path:
    command = [COMPILER, *_FLAGS, *more, f"-I{FASTPATH}", *map(str, sources), "-lm", "-lpthread"]
    subprocess.run([*command, "-o", str(output)], check=True, timeout=300)
    return output
