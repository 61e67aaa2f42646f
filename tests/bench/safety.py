"""How long moderators and blocked people wait: `python -m tests.bench.safety`, on both databases.

A queue of 100,000 reports, half of them closed, 100,000 decisions, half of which hold for good and the others
are over, a log with a line of each, and a person whom 10,000 others have blocked. Milliseconds of each
question, from the call to the answer's model, and of the CPU of this process; target: 95 % within 50 ms.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import insert, text

from server.cluster import MemoryBus
from server.moderation.queue import Queue
from server.people.hidden import HiddenPeople
from server.protocol.moderation import LogQuery, ReportQuery, ReportState, SanctionQuery
from server.storage import (
    Database,
    SqlBlockStore,
    SqlModeratorStore,
    SqlReportStore,
    SqlSanctionStore,
    tables,
)
from server.storage.moderation_tables import moderation_log, report_lines, reports, sanctions
from tests.bench.stats import percentiles
from tests.contract.storage_urls import new_database
from tests.fakes import postgres

REPORTS, DECISIONS, BLOCKERS, TIMES, TARGET_MS = 100_000, 100_000, 10_000, 100, 50.0
AT = 1_700_000_000.0
_BATCH = 10_000
Ask = Callable[[], Awaitable[object]]


async def fill(database: Database) -> None:
    profile = {"avatar": "/api/avatars/g/a.svg", "created_at": AT, "seen_at": AT, "keep_audio": False}
    people = [{"id": f"{number:024x}", "name": f"P{number}", **profile} for number in range(BLOCKERS + 1)]
    ids = [str(person["id"]) for person in people]
    async with database.write() as connection:
        await connection.execute(insert(tables.users), people)
        blocks = [{"user_id": other, "blocked_id": ids[0], "at": AT} for other in ids[1:]]
        await connection.execute(insert(tables.blocks), blocks)
    for start in range(0, REPORTS, _BATCH):
        numbers = range(start, start + _BATCH)
        async with database.write() as connection:
            await connection.execute(
                insert(reports),
                [
                    {
                        "id": f"r{n}",
                        "at": AT + n,
                        "state": "open" if n % 2 else "closed",
                        "closed_at": None if n % 2 else AT + n,
                        "outcome": None if n % 2 else "dismissed",
                        "reason": "insults",
                        "place": "room",
                        "words": "He was rude to everybody in the room, and would not stop.",
                        "reporter_id": ids[n % BLOCKERS],
                        "target_id": ids[0] if n % 10 == 1 else ids[(7 * n + 1) % BLOCKERS],
                        "target_name": "P0",
                        "room_name": "Coffee",
                        "devices": [],
                    }
                    for n in numbers
                ],
            )
            await connection.execute(
                insert(report_lines),
                [
                    {
                        "report_id": f"r{n}",
                        "position": position,
                        "user_id": ids[n % BLOCKERS],
                        "name": "P",
                        "text": "A line of the chat.",
                        "at": AT + n,
                        "is_subject": False,
                    }
                    for n in numbers
                    if n % 100 == 1
                    for position in range(30)
                ],
            )
    for start in range(0, DECISIONS, _BATCH):
        async with database.write() as connection:
            await connection.execute(
                insert(sanctions),
                [
                    {
                        "id": f"s{n}",
                        "kind": "mute",
                        "target_id": ids[n % BLOCKERS],
                        "reason": "insults",
                        "message": "",
                        "at": AT + n,
                        "until": None if n % 2 else AT + n + 60,
                        "changed_at": AT + n,
                        "objection": "",
                    }
                    for n in range(start, start + _BATCH)
                ],
            )
            await connection.execute(
                insert(moderation_log),
                [
                    {
                        "at": AT + n,
                        "action": "sanction",
                        "moderator_id": ids[1],
                        "target_id": ids[n % BLOCKERS],
                        "kind": "mute",
                        "note": "He was warned before.",
                        "sanction_id": f"s{n}",
                    }
                    for n in range(start, start + _BATCH)
                ],
            )
    if not database.is_sqlite:
        async with database.write() as connection:
            await connection.execute(text("ANALYZE"))


def questions(database: Database) -> dict[str, Ask]:
    moderators, blocks = SqlModeratorStore(database), SqlBlockStore(database)
    store = SqlReportStore(database)
    queue = Queue(store, SqlSanctionStore(database), moderators, lambda: AT + 10 * DECISIONS)
    blocked = f"{0:024x}"
    hidden = HiddenPeople(blocks, MemoryBus())

    async def deep(state: ReportState) -> object:
        at = AT + REPORTS / 2
        return await store.page(state, 51, (at, "r"))

    async def enters() -> object:
        await hidden.enter(blocked)
        hidden.leave(blocked)
        return None

    return {
        "open reports, first page": lambda: queue.reports(ReportQuery(limit=50)),
        "closed reports, first page": lambda: queue.reports(ReportQuery(state=ReportState.CLOSED, limit=50)),
        "open reports, after 25,000 others": lambda: deep(ReportState.OPEN),
        "closed reports, after 25,000 others": lambda: deep(ReportState.CLOSED),
        "one report on a person with 10,000": lambda: queue.report("r1"),
        "decisions, all": lambda: queue.sanctions(SanctionQuery(state="all", limit=50)),
        "decisions that hold, of which there are 50,000": lambda: queue.sanctions(SanctionQuery(limit=50)),
        "the log": lambda: queue.log(LogQuery(limit=50)),
        "the log, after 50,000 lines": lambda: queue.log(LogQuery(limit=50, cursor=str(DECISIONS // 2))),
        "somebody whom 10,000 have blocked opens a page": enters,
        "the list of rooms for that person": lambda: hidden.of(blocked),
    }


async def measure(name: str, url: str) -> bool:
    """Whether all answers met the target."""
    database = Database(url, limit_s=120.0)
    await database.start()
    try:
        await fill(database)
        is_met = True
        for question, ask in questions(database).items():
            took, cpu = [], time.process_time()
            for _ in range(TIMES):
                started = time.perf_counter()
                await ask()
                took.append((time.perf_counter() - started) * 1_000)
            cpu = (time.process_time() - cpu) * 1_000 / TIMES
            p95 = sorted(took)[int(TIMES * 0.95)]
            is_met = is_met and p95 <= TARGET_MS
            figures = {key: round(value, 1) for key, value in percentiles(took).items()}
            missed = "" if p95 <= TARGET_MS else "  MISSED"
            print(f"{name}: {question}: p95 {p95:.1f} ms{missed}; CPU {cpu:.1f} ms; {figures}")
        return is_met
    finally:
        await database.aclose()


async def main() -> None:
    programs = postgres.binaries()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed: sh tests/system-packages.sh")
    with tempfile.TemporaryDirectory() as folder, postgres.running(programs) as socket:
        on_sqlite = await measure("SQLite", f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}")
        on_postgres = await measure("PostgreSQL", await new_database(socket))
    if not (on_sqlite and on_postgres):
        raise SystemExit(f"target missed: 95 % within {TARGET_MS:.0f} ms")


if __name__ == "__main__":
    asyncio.run(main())
