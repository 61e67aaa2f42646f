"""`python -m server` reads the settings and runs the server until a signal stops it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from server.app import MOVE_WITHIN_S, Parlor
from server.common.files import keep_new_files_private
from server.common.garbage import keep_collections_short
from server.common.log_text import escaped
from server.common.logs import configure_logging
from server.common.process import (
    END_WITHIN_S,
    deny_inspection,
    new_event_loop,
    raise_file_limit,
    stop_event,
)
from server.common.settings import SettingError, settings_table
from server.common.tasks import cancel_and_wait
from server.config import Config
from server.errors import StartupError
from server.wiring import new_node_id

ENOUGH_FILES = 8_192
"""Fewer file descriptors than this are logged at start: they limit how many people fit."""
_log = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 stopped by a signal, 1 not stopped in time, 2 the server cannot start, and why is in one
    line: a setting, the database, a folder, a port."""
    parser = argparse.ArgumentParser(prog="python -m server", description="Parlor: voice rooms for learners.")
    parser.add_argument("--host", help="overrides PARLOR_HOST")
    parser.add_argument("--port", type=int, help="overrides PARLOR_PORT")
    parser.add_argument("--settings", action="store_true", help="print the table of settings and exit")
    arguments = parser.parse_args(argv)
    if arguments.settings:
        sys.stdout.write(settings_table(Config) + "\n")
        return 0
    overrides = {k: v for k in ("host", "port") if (v := getattr(arguments, k)) is not None}
    try:
        config = Config.load(**overrides)
        if not config.inspectable:
            deny_inspection()
        keep_new_files_private()
        node_id = new_node_id(config)
        # A server alone need not say so in each line.
        always = {"node": node_id} if config.redis_url else {}
        configure_logging(config.log_level, config.log_format, always=always)
        if (files := raise_file_limit()) < ENOUGH_FILES:
            _log.warning(
                "few file descriptors: each connection needs one; "
                "raise the limit of open files (LimitNOFILE)",
                extra={"file_limit": files, "recommended": ENOUGH_FILES},
            )
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_serve(config, node_id))
    except (SettingError, StartupError) as error:
        sys.stderr.write(f"parlor: {escaped(str(error))}\n")
        return 2
    return 0


async def _serve(config: Config, node_id: str) -> None:
    stop = stop_event(END_WITHIN_S + (MOVE_WITHIN_S if config.redis_url else 0.0))
    parlor = Parlor(config, node_id)
    if not await _started(parlor, stop):
        return
    try:
        keep_collections_short()
        sys.stdout.write(f"Parlor is ready: {parlor.url}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await parlor.aclose()


async def _started(parlor: Parlor, stop: asyncio.Event) -> bool:
    """False if a signal came first. Raises StartupError."""
    start = asyncio.create_task(parlor.start(), name="start")
    asked = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait({start, asked}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await cancel_and_wait(start, asked, log_errors=False)
    if start.cancelled():
        return False
    start.result()
    return True


if __name__ == "__main__":
    sys.exit(main())
