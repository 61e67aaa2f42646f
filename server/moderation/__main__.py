"""Makes moderators: `python -m server.moderation grant PERSON`, `revoke PERSON`, or `list`.

PERSON is an id, an e-mail address that opens a profile, or a name. The server may run meanwhile: it asks the
database at each request.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time

from server.common.log_text import escaped
from server.common.settings import SettingError
from server.config import Config
from server.errors import StartupError, Unavailable
from server.moderation.model import PersonRef
from server.storage import Database, SqlModeratorStore


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m server.moderation", description=__doc__)
    parser.add_argument("action", choices=["grant", "revoke", "list"])
    parser.add_argument("person", nargs="?", default="", help="an id, an e-mail address or a name")
    given = parser.parse_args(arguments)
    try:
        lines = asyncio.run(run(Config.load().database, given.action, given.person))
    except Unavailable:
        parser.exit(2, "parlor: the database cannot be used; start the server once to make it\n")
    except (SettingError, StartupError, ValueError) as error:
        parser.exit(2, f"parlor: {escaped(str(error))}\n")
    sys.stdout.writelines(f"{escaped(line)}\n" for line in lines)


async def run(url: str, action: str, wanted: str) -> list[str]:
    """Return what the command prints. Raises ValueError, Unavailable, StartupError."""
    if (action == "list") == bool(wanted):
        raise ValueError("list takes no person" if wanted else f"{action} needs a person")
    # Not started: the lock on a SQLite file is the running server's, and one row needs none.
    database = Database(url)
    try:
        store = SqlModeratorStore(database)
        if action == "list":
            return [_named(person) for person in await store.moderators()] or ["nobody is a moderator"]
        person = await _one(store, wanted)
        await store.set_moderator(person.id, time.time(), granted=action == "grant")
        done = "is a moderator now" if action == "grant" else "is no moderator any more"
        return [f"{_named(person)} {done}"]
    finally:
        await database.aclose()


async def _one(store: SqlModeratorStore, wanted: str) -> PersonRef:
    found = await store.find(wanted)
    if not found:
        raise ValueError(f"nobody has the id, e-mail address or name {wanted!r}")
    if len(found) > 1:
        names = "; ".join(map(_named, found))
        raise ValueError(f"several people are meant, give an id: {names}")
    return found[0]


def _named(person: PersonRef) -> str:
    return f"{person.name} ({person.id})"


if __name__ == "__main__":
    main()
