"""Workers on this machine: child processes, restarted if they end or hang, and ended with the server."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

from server.common.child_environment import child_environment
from server.common.tasks import TaskSet

COMMAND = (sys.executable, "-m", "ai_agent", "--with-parent", str(os.getpid()))
WORKER_VARIABLES = (
    *("PARLOR_TUTOR_", "DEEPGRAM_", "OPENAI_", "ANTHROPIC_", "AZURE_SPEECH_", "ELEVENLABS_"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "OTEL_"),
)
_CANNOT_START = 2
"""The exit code of a worker with a wrong setting or a missing package. The worker logs which."""
_PAUSE_S, _MAX_PAUSE_S = 0.1, 30.0
"""Delay before a restart, doubled each time. The first is short, because people wait in a conversation."""
_STEADY_AFTER_S = 60.0
"""A worker that ran this long is restarted after the first pause again."""
_TERM_WITHIN_S = 4.0
"""Time between SIGTERM and SIGKILL."""
_CHECK_S, _SILENT_CHECKS = 1.0, 20
"""A worker that shows no sign of life in so many checks in a row hangs. Checks are counted, not seconds:
after a pause of this process or of the machine the signs still wait in the pipe. On a busy machine imports
of a starting worker hold its loop up for several seconds."""
_START_CHECKS = 120
"""The same up to the first sign of life, which a worker gives once its imports are done."""
_READ_BYTES = 4_096
_log = logging.getLogger(__name__)


class Supervisor:
    """`start` needs a running event loop; `aclose` ends the workers. `environment` is added to what
    workers get of ours: their own settings, and the vendors' keys and proxies. `start_checks`: a worker that
    has shown no sign of life in so many checks, of a second each, hangs in its start.

    Workers write to this process's stderr. Their priority, their end with a killed server, and the bytes on
    their standard output that show that they live, are the worker's own part (`ai_agent/child.py`).
    """

    def __init__(
        self,
        count: int,
        environment: Mapping[str, str],
        command: Sequence[str] = COMMAND,
        *,
        start_checks: int = _START_CHECKS,
    ) -> None:
        self._count = count
        self._environment = environment
        self._command = command
        self._start_checks = start_checks
        self._tasks = TaskSet()

    def start(self) -> None:
        for number in range(self._count):
            self._tasks.spawn(self._keep_running(), f"tutor worker {number}")

    async def aclose(self) -> None:
        """Idempotent."""
        await self._tasks.aclose()

    async def _keep_running(self) -> None:
        loop = asyncio.get_running_loop()
        pause = _PAUSE_S
        while True:
            started = loop.time()
            code = await self._run_once()
            if code == _CANNOT_START:
                _log.error(
                    "tutor worker cannot start: wrong setting or missing package, see its message above"
                )
                return
            if loop.time() - started > _STEADY_AFTER_S:
                pause = _PAUSE_S
            _log.warning("tutor worker ended with exit code %s, restarting in %.1f s", code, pause)
            await asyncio.sleep(pause)
            pause = min(_MAX_PAUSE_S, pause * 2)

    async def _run_once(self) -> int | None:
        """The exit code; None if the process could not be started."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                env={**child_environment(*WORKER_VARIABLES), **self._environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=sys.stderr.fileno(),
                start_new_session=True,  # Ctrl-C is for the server, which then ends its workers
            )
        except OSError as error:
            _log.error("tutor worker cannot be started: %s", error)
            return None
        try:
            silent = await _silence(process, process.stdout, self._start_checks) if process.stdout else 0
            if silent:
                _log.error("tutor worker hangs: no sign of life for %.0f s", silent * _CHECK_S)
                await _end(process)
            return await process.wait()
        finally:
            await _end(process)


async def _silence(process: asyncio.subprocess.Process, life: asyncio.StreamReader, start_checks: int) -> int:
    """The checks without a sign of life after which the worker counts as hanging; 0 once it has ended by
    itself."""
    silent, allowed = 0, start_checks
    while process.returncode is None:
        try:
            async with asyncio.timeout(_CHECK_S):
                if not await life.read(_READ_BYTES):
                    await process.wait()
        except TimeoutError:
            silent += 1
            if silent >= allowed:
                return silent
        else:
            silent, allowed = 0, _SILENT_CHECKS
    return 0


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_TERM_WITHIN_S):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
