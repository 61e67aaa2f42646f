"""Insert or replace one row, the same on both databases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> None:
    """`row` holds every column. Unlike delete and insert, it leaves rows that refer to this one alone."""
    # The clause is spelled alike in both dialects; SQLAlchemy has no neutral name for it.
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table).values(dict(row))
    keys = [column.name for column in table.primary_key]
    changes = {name: insert.excluded[name] for name in row if name not in keys}
    await connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changes))
