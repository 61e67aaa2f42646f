"""Values that the server itself stores and changes while it runs. They are JSON."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from server.storage.database import Database
from server.storage.tables import settings
from server.storage.upsert import insert_new, upsert


class SqlStoredValues:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str, default: Any = None) -> Any:
        async with self._database.read() as connection:
            row = (await connection.execute(select(settings.c.value).where(settings.c.name == name))).first()
        return default if row is None else row[0]

    async def put(self, name: str, value: Any) -> None:
        async with self._database.write() as connection:
            await upsert(connection, settings, {"name": name, "value": value})

    async def get_or_put(self, name: str, value: str) -> str:
        """The stored value. `value` is stored if there is none: of several servers at once, one wins."""
        stored = await self.get(name)
        if stored is None:
            async with self._database.write() as connection:
                await insert_new(connection, settings, {"name": name, "value": value})
            stored = await self.get(name)
        return str(stored)
