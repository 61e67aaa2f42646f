"""Workers on this machine: child processes that are started again when they die, and end with the server."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

COMMAND = (sys.executable, "-m", "ai_agent", "--with-parent", str(os.getpid()))
_CANNOT_START = 2
"""The exit code of a worker that a setting or a missing package keeps from starting. It says which."""
_PAUSE_S, _MAX_PAUSE_S = 0.1, 30.0
"""Twice as long each time: the first is short, since people wait in mid-conversation."""
_STEADY_AFTER_S = 60.0
_GOODBYE_S = 5.0
NICE = 5
"""Of a worker and its engines: a third of the server's share where both want the same core."""
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
_log = logging.getLogger(__name__)


class Supervisor:
    """`start` in the loop; `aclose` ends the workers. `environment` is added to this process's own.

    What workers write goes where this process's log goes.
    """

    def __init__(self, count: int, environment: Mapping[str, str], command: Sequence[str] = COMMAND) -> None:
        self._count = count
        self._environment = environment
        self._command = command
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._keep_running(), name=f"worker {number}")
            for number in range(self._count)
        ]

    async def aclose(self) -> None:
        """Idempotent."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        pause = _PAUSE_S
        while True:
            started = loop.time()
            code = await self._run_once()
            if code == _CANNOT_START:
                _log.error("there will be no tutor: its worker cannot start as it is set up and installed")
                return
            if loop.time() - started > _STEADY_AFTER_S:
                pause = _PAUSE_S
            _log.warning("a tutor's worker ended with %s; another is started in %.1f s", code, pause)
            await asyncio.sleep(pause)
            pause = min(_MAX_PAUSE_S, pause * 2)

    async def _run_once(self) -> int | None:
        """The exit code; None where it could not be started."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                env={**os.environ, **self._environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=sys.stderr.fileno(),
                stderr=sys.stderr.fileno(),
                preexec_fn=_before_its_program,
            )
        except OSError as error:
            _log.error("a tutor's worker cannot be started: %s", error)
            return None
        try:
            return await process.wait()
        finally:
            await _end(process)


def _before_its_program() -> None:
    """In the child: what it thinks and says never keeps people's sound waiting, and it ends with the server.

    SIGTERM when the server is gone, however it went, is Linux's (prctl(2)); elsewhere the worker looks for
    its parent itself, once it is up.
    """
    with suppress(PermissionError):
        # Ctrl-C is for the server, who tells its workers. Here and not by `start_new_session`, which uvloop
        # heeds only after this: what follows is about the session.
        os.setsid()
    os.nice(NICE)
    with suppress(OSError):  # between sessions nice alone means nothing (sched(7))
        Path("/proc/self/autogroup").write_text(str(NICE))
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_GOODBYE_S):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
