"""`python -m server.cluster status`: servers, rooms, owners and their ages, from Redis and PostgreSQL.

It only reads, and needs the settings of one of the servers.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from server.cluster.nodes import Seen
from server.cluster.redis_link import RedisLink, cause_of
from server.cluster.status import as_text
from server.common.log_text import escaped
from server.common.settings import SettingError
from server.config import Config
from server.errors import StartupError, Unavailable
from server.storage.cluster_status import Stored, stored_status
from server.storage.database import Database


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 everything was read, 1 Redis or PostgreSQL does not answer, 2 there is no cluster."""
    parser = argparse.ArgumentParser(prog="python -m server.cluster", description=__doc__)
    parser.add_argument("action", choices=["status"])
    parser.parse_args(arguments)
    logging.disable(logging.CRITICAL)  # what fails is printed once, below
    try:
        config = Config.load()
        if not config.redis_url:
            sys.stderr.write(
                "parlor: PARLOR_REDIS_URL is not set: this server shares its rooms with no other\n"
            )
            return 2
        seen, stored, failures = asyncio.run(_read(config))
    except (SettingError, StartupError) as error:
        sys.stderr.write(f"parlor: {escaped(str(error))}\n")
        return 2
    sys.stdout.write(as_text(seen, stored))
    sys.stderr.writelines(f"parlor: {failure}\n" for failure in failures)
    return 1 if failures else 0


async def _read(config: Config) -> tuple[Sequence[Seen] | None, Stored | None, list[str]]:
    """Return what each of the two has, None for one that does not answer, and why not."""
    failures: list[str] = []
    seen: Sequence[Seen] | None = None
    stored: Stored | None = None
    link, database = RedisLink(config.redis_url, config.secret.get_secret_value()), Database(config.database)
    try:
        seen = await link.look()
    except Unavailable:
        failures.append(f"Redis does not answer: {link.failure}")
    try:
        stored = await stored_status(database)
    except Unavailable as error:
        failures.append(f"PostgreSQL does not answer: {cause_of(error.__cause__ or error)}")
    await link.aclose()
    await database.aclose()
    return seen, stored, failures


if __name__ == "__main__":
    sys.exit(main())
