"""The command that makes moderators, beside a server that has the database open."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.errors import Unavailable
from server.moderation.__main__ import run
from server.rooms.model import User
from server.storage import Database, SqlModeratorStore, SqlUserStore


async def test_people_become_moderators_while_the_server_runs(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'parlor.db'}"
    database = Database(url)
    await database.start()
    try:
        people, moderators = SqlUserStore(database), SqlModeratorStore(database)
        for user_id, name in (("u1", "Ann"), ("u2", "Ben"), ("u3", "Ben")):
            await people.add_user(User(user_id, name, "/a.svg", 1.0))
        assert await run(url, "list", "") == ["nobody is a moderator"]
        assert await run(url, "grant", "Ann") == ["Ann (u1) is a moderator now"]
        assert await moderators.is_moderator("u1")
        with pytest.raises(ValueError, match=r"several people are meant, give an id: Ben \(u2\); Ben \(u3\)"):
            await run(url, "grant", "Ben")
        await run(url, "grant", "u3")
        assert sorted(await run(url, "list", "")) == ["Ann (u1)", "Ben (u3)"]
        assert await run(url, "revoke", "u1") == ["Ann (u1) is no moderator any more"]
        assert not await moderators.is_moderator("u1")
        with pytest.raises(ValueError, match="nobody has"):
            await run(url, "grant", "Cy")
        for wrong in (("grant", ""), ("list", "Ann")):
            with pytest.raises(ValueError, match="person"):
                await run(url, *wrong)
    finally:
        await database.aclose()


async def test_a_database_that_no_server_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await run(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'parlor.db'}", "list", "")
