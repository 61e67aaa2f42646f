"""Two servers that start at once on a database of an earlier version: one migrates, and one sweeps."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from server.config import Config
from server.storage import Database, schema
from server.wiring import assemble
from tests.contract.storage_urls import new_database

GUESTS = 250
ADD_GUEST = text(
    "INSERT INTO users (id, name, avatar, created_at, keep_audio, seen_at)"
    " VALUES (:id, 'Ann', 'a1', 0, false, 0)"
)


async def test_servers_that_start_together_migrate_once_and_one_deletes_the_guests(
    tmp_path: Path, postgres_socket: Path, caplog: pytest.LogCaptureFixture
) -> None:
    url = await new_database(postgres_socket)
    before = Database(url)
    async with before.change_tables() as connection:
        await connection.run_sync(lambda c: schema.upgrade(c, "0011"))
        await connection.execute(ADD_GUEST, [{"id": f"g{number}"} for number in range(GUESTS)])
    await before.aclose()
    servers = [
        assemble(Config.load(None, data_dir=tmp_path / name, database_url=url, udp_port=0, agents=0))
        for name in ("n1", "n2")
    ]
    caplog.set_level(logging.INFO, "server.guest_retention")
    try:
        await asyncio.gather(*(server.database.start() for server in servers))
        await asyncio.gather(*(server.guests.sweep() for server in servers))
        await asyncio.gather(*(server.guests.sweep() for server in servers))
        [deleted] = [record for record in caplog.records if record.message == "guests deleted"]
        assert vars(deleted)["count"] == GUESTS
        async with servers[0].database.read() as connection:
            assert (await connection.execute(text("SELECT count(*) FROM users"))).scalar_one() == 0
    finally:
        for server in servers:
            await server.avatars.aclose()
            await server.database.aclose()
