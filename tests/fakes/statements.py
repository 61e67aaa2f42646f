"""SQL that a block executes, and how the database finds the rows: a plan of the very statement, with
parameters, because a plan for literals may be another one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, text

from server.storage import Database

_READS = ("SELECT", "WITH")
_CHANGES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class Statement:
    """`parameters`: as the driver takes them; the first of several rows."""

    sql: str
    parameters: Any

    @property
    def changes(self) -> bool:
        return self.sql.lstrip().startswith(_CHANGES)


@contextmanager
def statements(database: Database) -> Iterator[list[Statement]]:
    """All queries and changes of rows, in their order."""
    found: list[Statement] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, is_many: bool) -> None:
        if sql.lstrip().startswith((*_READS, *_CHANGES)):
            found.append(Statement(sql, parameters[0] if is_many else parameters))

    engine = database._engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def plan(database: Database, statement: Statement) -> str:
    """Lines of EXPLAIN. PostgreSQL must not read a whole table if it can do without: it would, because those
    of tests are small."""
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    async with database.write() as connection:
        if not database.is_sqlite:
            for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
                await connection.execute(text(f"SET LOCAL enable_{way} = off"))
        rows = await connection.exec_driver_sql(f"{explain} {statement.sql}", statement.parameters)
        return "\n".join(str(row[-1]) for row in rows)
