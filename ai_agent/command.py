"""The worker's command: reads the settings and runs jobs until a signal stops it."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress

from ai_agent.child import orphaned, show_life
from ai_agent.config import Settings
from ai_agent.packages import require_for_jobs
from ai_agent.providers.catalog import choose
from ai_agent.start_up import StartUp
from ai_agent.worker import Worker
from server.common.log_text import escaped
from server.common.logs import configure_logging
from server.common.process import deny_inspection, new_event_loop, stop_event
from server.common.settings import DOTENV, SettingError, settings_table
from server.common.tasks import cancel_and_wait

REGISTER_FIRST_S = 2.0
"""Loading waits this long for the worker to register: a server that is not there yet delays it no longer."""

_log = logging.getLogger(__name__)


def show_settings() -> int:
    """Print the table of settings."""
    sys.stdout.write(settings_table(Settings) + "\n")
    return 0


def run(parent: int | None = None, pipe: int | None = None) -> int:
    """Do jobs until SIGTERM, SIGINT or the end of the process `parent`. `pipe`: as `show_life` takes it.

    Exit codes: 0 stopped as asked, 2 a setting is wrong or a package is missing.
    """
    try:
        # A parent passes on what a worker may have of the file, which may hold the server's secrets too.
        settings = Settings.load(DOTENV if parent is None else None)
        if not settings.inspectable:
            deny_inspection()
        _set_up(settings)
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_work(settings, parent, pipe))
    except SettingError as error:
        sys.stderr.write(f"tutor worker cannot start: {escaped(str(error))}\n")
        return 2
    return 0


def _set_up(settings: Settings) -> None:
    configure_logging(settings.log_level, settings.log_format)
    if not settings.token.get_secret_value():
        raise SettingError("PARLOR_TUTOR_TOKEN is missing: it is the server's PARLOR_AGENT_TOKEN")


async def _work(settings: Settings, parent: int | None, pipe: int | None) -> None:
    """Until a signal or the end of the parent, whichever comes first, whatever the worker does then."""
    stop = stop_event()
    work = asyncio.create_task(_do_jobs(settings), name="worker")
    tasks = {work, asyncio.create_task(stop.wait())}
    if parent is not None:
        tasks.add(asyncio.create_task(orphaned(parent)))
    if pipe is not None:
        tasks.add(asyncio.create_task(show_life(pipe)))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel_and_wait(*tasks, log_errors=False)  # `result` raises that of the worker
    if not work.cancelled():
        work.result()


async def _do_jobs(settings: Settings) -> None:
    """Raises SettingError if no job could run here."""
    require_for_jobs(settings.vad)
    choice = choose(settings)
    for line in choice.absent:
        _log.warning(line)
    start_up = StartUp(settings, choice)
    worker = Worker(settings, start_up)
    tasks = {
        asyncio.create_task(worker.run(), name="worker"),
        asyncio.create_task(_load(worker, start_up), name="start-up"),
    }
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        await cancel_and_wait(*tasks, log_errors=False)
        await start_up.aclose()


async def _load(worker: Worker, start_up: StartUp) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(REGISTER_FIRST_S):
            await worker.has_registered.wait()
    await start_up.run()
