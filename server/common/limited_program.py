"""Runs a program of ours in a child process with limits, for input from strangers that a decoder reads."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

from server.common.child_environment import child_environment
from server.common.parent_death import end_with_parent

if sys.platform != "win32":  # there only the limit on wall time holds
    import resource

_NICE = 5


def run_limited(
    program: str, *args: str, stdin: bytes, memory: int, cpu_s: int, timeout_s: float
) -> subprocess.CompletedProcess[bytes]:
    """Run the file `program` with `args`, then `memory` (bytes of address space) and `cpu_s`, with which it
    calls `limit_this_process`. Blocking. Raises TimeoutError after `timeout_s` of wall time (for a machine
    that is so busy that the child gets no CPU), and OSError if no process can start."""
    # -P: the folder of the program must not come first in its search path.
    command = [sys.executable, "-P", program, *args, str(memory), str(cpu_s)]
    try:
        return subprocess.run(  # noqa: S603 - our own program, without a shell
            command, input=stdin, capture_output=True, timeout=timeout_s, check=False, env=child_environment()
        )
    except subprocess.TimeoutExpired:
        raise TimeoutError from None


def open_no_more_files() -> None:
    """From now on this process can open no file and no socket: a decoder that a stranger's data has taken
    over reads neither the server's secrets nor its database, which belong to the same user. Import before
    this what is needed: Python opens a file for each module."""
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def limit_this_process(memory: int, cpu_s: int) -> None:
    """Bound memory and CPU time, yield the CPU to the media thread, and end with the parent."""
    end_with_parent()
    if sys.platform == "win32":
        return
    os.nice(_NICE)
    for kind, limit in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(
            ValueError, OSError
        ):  # a lower limit is set already, or the system has none of this kind
            resource.setrlimit(kind, (limit, limit))
