"""A reminder of one server reaches pages at all of them, and each device once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import socketio
from sqlalchemy import func, insert, select, update

from server.storage import Database, tables
from tests.contract.storage_urls import new_database
from tests.fakes.cluster import Cluster
from tests.fakes.push_service import push_service
from tests.fakes.redis import RedisServer
from tests.fakes.rtc import RestClient

WITHIN_S = 20.0
NAMES = ("Ann", "Ben", "Cy", "Di")


async def _page(url: str, token: str, notices: asyncio.Queue[dict[str, Any]]) -> socketio.AsyncClient:
    """A page that watches the lobby of that server."""
    client = socketio.AsyncClient(reconnection=False)
    client.on("notices", notices.put, namespace="/lobby")
    await client.connect(url, auth={"token": token}, namespaces=["/lobby"], transports=["websocket"])
    return client


async def _keep(database: Database, user_id: str) -> None:
    identities = tables.identities
    about = {"issuer": "email", "subject": user_id, "label": user_id, "created_at": 0.0}
    async with database.write() as connection:
        await connection.execute(
            insert(identities).values({**about, "id": f"i-{user_id}", "user_id": user_id})
        )


async def _left(database: Database) -> int:
    """Messages to devices that are not sent yet."""
    query = select(func.count()).select_from(tables.metadata.tables["push_messages"])
    async with database.read() as connection:
        return int(await connection.scalar(query) or 0)


async def test_a_reminder_reaches_pages_at_each_server_and_every_device_once(
    tmp_path: Path, postgres_socket: Path, redis_server: RedisServer
) -> None:
    url = await new_database(postgres_socket)
    start = datetime.now(UTC) + timedelta(hours=2)
    wanted = {"name": "Tea", "level": "B1", "localStart": f"{start:%Y-%m-%dT%H:%M}", "timeZone": "UTC"}
    async with (
        push_service() as pushes,
        Cluster(tmp_path, url, redis_server.url, settings={"PUSH_SERVICES": pushes.url}) as cluster,
        RestClient(cluster.nodes["n1"].url) as rest,
    ):
        database = Database(url)
        tokens = {name: await rest.guest(name) for name in NAMES}
        for token in tokens.values():
            await _keep(database, (await rest.request("GET", "/api/users/me", token))["id"])
            await rest.request("POST", "/api/push/subscription", token, pushes.device().wire())
        key = (await rest.request("GET", "/api/notices/settings", tokens["Ann"]))["pushKey"]
        async with RestClient(cluster.nodes["n3"].url) as other:
            assert (await other.request("GET", "/api/notices/settings", tokens["Ann"]))["pushKey"] == key
        pushes.public_key = key
        event = await rest.request("POST", "/api/events", tokens["Ann"], wanted)
        place = {"occurrenceId": event["occurrences"][0]["id"]}
        for name in NAMES[1:]:
            await rest.request("POST", f"/api/events/{event['id']}/registration", tokens[name], place)
        told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        pages = [await _page(node.url, tokens["Ben"], told) for node in cluster.nodes.values()]
        reminders = tables.metadata.tables["reminders"]
        async with database.write() as connection:
            soon = update(reminders).where(reminders.c.kind == "soon")
            await connection.execute(soon.values(due_at=time.time()))
        async with asyncio.timeout(WITHIN_S):
            shown = [await told.get() for _ in pages]
            received = [await pushes.news.get() for _ in NAMES]
            while await _left(database):  # noqa: ASYNC110 - in other processes
                await asyncio.sleep(0.1)
        assert [(notices["unread"], notices["notice"]["body"]["name"]) for notices in shown] == [
            (1, "Tea")
        ] * 3
        assert max(Counter(message.device.endpoint for message in received).values()) == 1
        assert (told.empty(), pushes.news.empty()) == (True, True)
        for page in pages:
            await page.disconnect()
        await database.aclose()
        for node in cluster.nodes.values():
            assert [line for line in node.lines if "Traceback" in line] == []
