"""`python -m server.storage upgrade` brings the configured database up to date without starting a server."""

from __future__ import annotations

import argparse
import asyncio

from server.common.files import keep_new_files_private
from server.common.log_text import escaped
from server.common.settings import SettingError
from server.config import Config
from server.errors import StartupError
from server.storage.database import Database


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m server.storage", description=__doc__)
    parser.add_argument("action", choices=["upgrade"])
    parser.parse_args(arguments)
    try:
        config = Config.load()
        keep_new_files_private()
        asyncio.run(_upgrade(config.database))
    except (SettingError, StartupError) as error:
        parser.exit(2, f"parlor: {escaped(str(error))}\n")


async def _upgrade(url: str) -> None:
    database = Database(url)
    try:
        await database.start()
    finally:
        await database.aclose()


if __name__ == "__main__":
    main()
