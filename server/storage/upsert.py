"""Insert, or change or leave the row that is there: the same on both databases."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(
    connection: AsyncConnection, table: Table, row: Mapping[str, Any], *, keep: Collection[str] = ()
) -> None:
    """`row` holds every column. Unlike delete and insert, it leaves rows that refer to this one alone, and
    the columns to `keep` of a row that is there."""
    insert = _insert(connection, table, row)
    keys = _keys(table)
    changes = {name: insert.excluded[name] for name in row if name not in (*keys, *keep)}
    await connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=changes))


async def insert_new(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> bool:
    """False if there was a row of that key, which stays as it is."""
    insert = _insert(connection, table, row).on_conflict_do_nothing(index_elements=_keys(table))
    return (await connection.execute(insert)).rowcount > 0


async def add_up(
    connection: AsyncConnection, table: Table, key: Mapping[str, Any], amounts: Mapping[str, float]
) -> None:
    """Add the amounts to those of the row, which begin at zero."""
    insert = _insert(connection, table, {**key, **amounts})
    sums = {name: table.c[name] + insert.excluded[name] for name in amounts}
    await connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=sums))


def _insert(connection: AsyncConnection, table: Table, row: Mapping[str, Any]) -> Any:
    # The clause is spelled alike in both dialects; SQLAlchemy has no neutral name for it.
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table).values(dict(row))


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]
