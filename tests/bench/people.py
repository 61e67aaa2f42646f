"""How soon lists of people answer at the limit: `python -m tests.bench.people`.

One person with 10,000 friends, who are as many followers, and 1,000 people met, among 20,000 others who have
friends of their own, with 100 friends online; on SQLite and on PostgreSQL. Milliseconds of a request over
HTTP to a server as a process, page by page through each list; target: 95 % within 50 ms. Beside them what the
server took of a core, and how long it was ready and waited for one: what other processes add to a figure.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import socketio
from sqlalchemy import insert, text

from server.people.model import MAX_FOLLOWED, MAX_MET
from server.people.presence import EVERY_S
from server.protocol.entities import Presence
from server.storage import Database
from server.storage.people_tables import follows, meetings, people_notes
from server.storage.tables import users
from tests.bench.stats import percentiles
from tests.bench.voice_ws.cores import Cores
from tests.fakes import postgres
from tests.fakes.rtc import RestClient
from tests.fakes.server_process import ServerProcess

OTHERS, ONLINE, PAGES, ROUNDS, TARGET_MS = 20_000, 100, 30, 3, 50.0
LISTS = ("friends", "online", "following", "followers", "met")
_AT_ONCE = 5_000


async def fill(database: Database, me: str, online: Sequence[str]) -> None:
    """The people, and what they are to each other. `online`: profiles that exist, of friends too."""
    ids = [f"p{number:05}" for number in range(OTHERS)]
    people: list[dict[str, Any]] = [
        {
            "id": i,
            "name": f"Person {i}",
            "avatar": f"/api/avatars/g/{i}.svg",
            "created_at": 1.0,
            "seen_at": 1.0,
            "keep_audio": False,
            "presence": Presence.ROOM.value,
        }
        for i in ids
    ]
    await _add(database, users, people)
    pairs = [(me, other) for other in (*online, *ids[: MAX_FOLLOWED - len(online)])]
    pairs += [(ids[i], ids[(i + step) % OTHERS]) for i in range(OTHERS) for step in range(1, 6)]
    both = sorted({*pairs, *((other, one) for one, other in pairs)})
    rows = [
        {"user_id": one, "other_id": other, "at": float(number), "friends_at": float(number)}
        for number, (one, other) in enumerate(both)
    ]
    await _add(database, follows, rows)
    mine = [{"user_id": me, "other_id": other, "at": 5.0} for other in ids[:MAX_MET]]
    await _add(database, people_notes, [{**row, "text": "Likes tea. " * 40} for row in mine])
    now = time.time()
    await _add(
        database, meetings, [{**row, "at": now - n, "room_name": "Café"} for n, row in enumerate(mine)]
    )
    if not database.is_sqlite:
        async with database.write() as connection:
            await connection.execute(text("ANALYZE"))


async def _add(database: Database, table: Any, rows: list[dict[str, Any]]) -> None:
    for at in range(0, len(rows), _AT_ONCE):
        async with database.write() as connection:
            await connection.execute(insert(table), rows[at : at + _AT_ONCE])


async def measure(url: str, token: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {name: [] for name in (*LISTS, "card")}
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(url, headers=headers) as session:

        async def ask(name: str, path: str, query: dict[str, str]) -> Any:
            start = time.perf_counter()
            async with session.get(path, params=query) as answer:
                body = await answer.read()
            found[name].append((time.perf_counter() - start) * 1_000)
            if answer.status != 200:
                raise SystemExit(f"{path} was refused: {body.decode()}")
            return json.loads(body)

        for _ in range(ROUNDS):
            for name in LISTS:
                query: dict[str, str] = {}
                for _ in range(PAGES):
                    page = await ask(name, f"/api/people/{name}", query)
                    if not page["nextCursor"]:
                        break
                    query = {"cursor": page["nextCursor"]}
            for number in range(PAGES):
                await ask("card", f"/api/people/p{number:05}", {})
    return found


async def _come(stack: AsyncExitStack, url: str, rest: RestClient) -> str:
    """Somebody who lets friends see that they are online, and is. Returns their id."""
    token = await rest.guest("Friend")
    user = await rest.request("PATCH", "/api/users/me", token, {"presence": "online"})
    socket = socketio.AsyncClient(reconnection=False)
    await socket.connect(url, auth={"token": token}, namespaces=["/lobby"], transports=["websocket"])
    stack.push_async_callback(socket.disconnect)
    return str(user["id"])


async def _measured(kind: str, url: str, folder: Path) -> bool:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(ServerProcess(folder, {"DATABASE_URL": url}))
        rest = await stack.enter_async_context(RestClient(server.url))
        token = await rest.guest("Ann")
        online = [await _come(stack, server.url, rest) for _ in range(ONLINE)]
        database = Database(url)
        stack.push_async_callback(database.aclose)
        await fill(database, (await rest.request("GET", "/api/users/me", token))["id"], online)
        await asyncio.sleep(2 * EVERY_S)  # until the server has seen who is online
        cores = Cores({"server": server.process.pid})
        figures = await measure(server.url, token)
        shares = cores.rows()
    is_met = True
    for name, values in figures.items():
        shown = percentiles(values)
        is_met = is_met and shown["p95"] <= TARGET_MS
        print(f"{kind:<11} {name:<10}", ", ".join(f"{key} {value:.1f}" for key, value in shown.items()))
    print(f"{kind:<11} {'; '.join(f'{row.name} {row.value:.0f} {row.unit}' for row in shares)}")
    return is_met


async def main() -> None:
    programs = postgres.binaries()
    if programs is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    with tempfile.TemporaryDirectory() as folder, postgres.running(programs) as socket:
        is_met = await _measured("SQLite", f"sqlite+aiosqlite:///{folder}/a/parlor.db", Path(folder) / "a")
        is_met &= await _measured("PostgreSQL", postgres.url(socket, "postgres"), Path(folder) / "b")
    raise SystemExit(0 if is_met else f"above the target of {TARGET_MS} ms")


if __name__ == "__main__":
    asyncio.run(main())
