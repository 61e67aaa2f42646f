"""The worker's command: read the settings, do jobs until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence

from ai_agent.config import Settings
from ai_agent.dialogue.session import Dialogue
from ai_agent.jobs.runner import Means
from ai_agent.jobs.uploads import Uploads
from ai_agent.providers.registry import EngineRegistry
from ai_agent.vad.service import open_vad
from ai_agent.worker import Worker
from server.common.logs import configure_logging
from server.common.settings import SettingError, settings_table

try:
    import uvloop
except ImportError:  # no wheel on this platform: asyncio's own loop does the same, slower
    new_event_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
else:
    new_event_loop = uvloop.new_event_loop

PARENT_CHECK_S = 0.5


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 stopped as asked, 2 it cannot start as it is set up and installed."""
    parser = argparse.ArgumentParser(prog="python -m ai_agent", description="The tutor of Parlor's rooms.")
    parser.add_argument(
        "--with-parent", type=int, metavar="PID", help="end when this process, its parent, ends"
    )
    parser.add_argument("--settings", action="store_true", help="print the table of settings and exit")
    arguments = parser.parse_args(argv)
    if arguments.settings:
        sys.stdout.write(settings_table(Settings) + "\n")
        return 0
    try:
        settings = Settings.load()
        _set_up(settings)
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_work(settings, arguments.with_parent))
    except SettingError as error:
        sys.stderr.write(f"tutor worker cannot start: {error}\n")
        return 2
    return 0


def _set_up(settings: Settings) -> None:
    configure_logging(settings.log_level, settings.log_format)
    if not settings.token.get_secret_value():
        raise SettingError("PARLOR_TUTOR_TOKEN is missing: it is the server's PARLOR_AGENT_TOKEN")


async def _work(settings: Settings, parent: int | None) -> None:
    """Until it is told to stop, or is an orphan, whatever it is doing then."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    work = asyncio.create_task(_do_jobs(settings), name="worker")
    tasks = {work, asyncio.create_task(stop.wait()), asyncio.create_task(_orphaned(parent))}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    if not work.cancelled():
        work.result()


async def _do_jobs(settings: Settings) -> None:
    vad = open_vad(settings.vad)
    registry = EngineRegistry(settings)
    try:
        await registry.start()
        # What start-up made lives as long as the process: collections stay short, and the voice even.
        gc.collect()
        gc.freeze()
        async with Uploads(settings.server_url, settings.token.get_secret_value()) as uploads:
            means = Means(
                server_url=settings.server_url,
                engines=registry,
                dialogue=lambda engines, sink, **brief: Dialogue(
                    engines=engines, sink=sink, vad=vad, **brief
                ),
                keeper=uploads,
            )
            await Worker(settings, means).run()
    finally:
        await registry.aclose()
        await vad.aclose()


async def _orphaned(parent: int | None) -> None:
    """Returns when the parent is gone; it tells nobody, so it is looked for."""
    while parent is None or os.getppid() == parent:  # noqa: ASYNC110 - there is no event to wait for
        await asyncio.sleep(PARENT_CHECK_S)
