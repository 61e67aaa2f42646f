"""Reminders that are due at once, while servers that send them are killed: no notice twice and none lost, no
message to a device twice."""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from server.protocol.entities import RoomType
from server.rooms.model import User
from server.schedule.model import Plan
from server.schedule.planning import new_event
from server.schedule.recurrence import local_time
from server.storage import Database, SqlScheduleStore, SqlUserStore, tables
from tests.contract.storage_urls import database, postgres_socket, url
from tests.fakes.push_service import Device, PushService, push_service
from tests.fakes.scale import scaled

__all__ = ["database", "postgres_socket", "url"]

PEOPLE = scaled(600, 10_000, "soak")
WITHIN_S = 60.0
LOST_BY_A_KILL = 64
_KILL_AT = (0.3, 0.9, 1.4)
"""Shares of `PEOPLE`, of reminders that are claimed and messages that have arrived."""
_SENDER = """
import asyncio, sys, time
from server.cluster.memory import MemoryBus
from server.notices.service import Notices
from server.push.endpoints import EndpointRules
from server.push.sender import HttpPushServices
from server.push.service import Push
from server.schedule.news import News
from server.schedule.sweeps import Sweeps
from server.shared_runs import SharedRuns
from server.storage import Database, SqlNoticeStore, SqlPushStore, SqlScheduleStore, SqlStoredValues
from tests.fakes.notices import FakePages

class Lobby:
    def send(self, event): pass

async def main():
    database = Database(sys.argv[1])
    await database.start()
    bus, stored, reminders = MemoryBus(), SqlStoredValues(database), SqlScheduleStore(database)
    rules = EndpointRules.of([sys.argv[2]])
    push = Push(SqlPushStore(database), stored, HttpPushServices(rules), rules, time.time)
    notices = Notices(SqlNoticeStore(database), bus, FakePages(), [push], time.time)
    runs = SharedRuns(database.lock, stored, time.time)
    news = News(notices, bus, Lobby(), time.time)
    sweeps = Sweeps(reminders, notices, news, time.time, runs.run)
    await push.public_key()

    async def remind():
        # That of the host is due later.
        while await reminders.first_reminder() <= time.time():
            await sweeps.send_due()
            await asyncio.sleep(0.1)

    async def deliver(reminding):
        while True:
            is_last = reminding.done()
            if not await push.send_due() and is_last:
                return
            await asyncio.sleep(0.1)

    print("ready", flush=True)
    # At once, as in a server: neither waits for the other.
    reminding = asyncio.create_task(remind())
    await asyncio.gather(reminding, deliver(reminding))
    await push.aclose()
    await database.aclose()

asyncio.run(main())
"""


def _user_of(device: Device) -> str:
    return device.endpoint.rpartition("/")[2]


async def _prepare(database: Database, now: float, devices: Sequence[Device]) -> None:
    """The person of each device has a reminder that is due now."""
    store = SqlScheduleStore(database)
    await SqlUserStore(database).add_user(User("host", "Host", "/a.svg", now))
    start = local_time(now + 3_600, "UTC").replace(second=0, microsecond=0)
    plan = Plan(
        name="Tea",
        topic="",
        level="B1",
        type=RoomType.PUBLIC,
        language="en",
        tags=(),
        seats=12,
        waiting_room=False,
        opens_alone=True,
        start=datetime.fromisoformat(start.isoformat()),
        zone="UTC",
        minutes=60,
    )
    event, [occurrence] = new_event("host", plan, now)
    await store.add(event, [occurrence], 20)
    due = {"occurrence_id": occurrence.id, "kind": "soon", "due_at": now - 1, "sent_at": None}
    about = {"name": "Ann", "avatar": "/a.svg", "created_at": now, "keep_audio": False, "seen_at": now}
    signed_in = {"created_at": now, "device": "", "seen_at": now}
    for at in range(0, PEOPLE, 500):
        some = devices[at : at + 500]
        rows = {
            "users": [{**about, "id": _user_of(d)} for d in some],
            "sessions": [{**signed_in, "digest": _user_of(d), "user_id": _user_of(d)} for d in some],
            "push_subscriptions": [
                {
                    "id": d.target.id,
                    "user_id": _user_of(d),
                    "session_digest": _user_of(d),
                    "endpoint": d.endpoint,
                    "p256dh": d.p256dh,
                    "auth": d.auth,
                    "created_at": now,
                }
                for d in some
            ],
            "reminders": [{**due, "user_id": _user_of(d)} for d in some],
        }
        async with database.write() as connection:
            for name, made in rows.items():
                await connection.execute(insert(tables.metadata.tables[name]), made)


async def _start(url: str, pushes: PushService) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _SENDER, url, pushes.url),
        cwd=Path(__file__).parents[2],
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process


def _cpu_of_children() -> float:
    """Seconds of CPU of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def _claimed(reader: Database) -> int:
    """Reminders that are claimed."""
    table = tables.metadata.tables["reminders"]
    query = select(func.count()).select_from(table).where(table.c.sent_at.is_not(None))
    async with reader.read() as connection:
        return int(await connection.scalar(query) or 0)


async def _told(reader: Database) -> Counter[str]:
    """How many notices each person has."""
    people = select(tables.metadata.tables["notices"].c.user_id)
    async with reader.read() as connection:
        return Counter((await connection.execute(people)).scalars())


@pytest.mark.soak
async def test_reminders_due_at_once_are_sent_once_though_servers_are_killed(
    url: str, database: Database
) -> None:
    """One server on SQLite, two on PostgreSQL. Each person has a device."""
    servers = 1 if database.is_sqlite else 2
    async with push_service() as pushes:
        devices = [pushes.device() for _ in range(PEOPLE)]
        for device in devices:  # one key for all: making a key takes longer than sending
            device.key, device.auth = devices[0].key, devices[0].auth
        await _prepare(database, time.time(), devices)
        await database.aclose()
        reader = Database(url)
        reader._lock = None  # it only looks at what other processes write
        began, kills, claimed_s = time.monotonic(), 0, 0.0
        cpu_before = _cpu_of_children()
        running = [await _start(url, pushes) for _ in range(servers)]
        while any(process.returncode is None for process in running):
            claimed = await _claimed(reader)
            if claimed == PEOPLE and not claimed_s:
                claimed_s = time.monotonic() - began
            done = claimed + len(pushes.received)
            if kills < len(_KILL_AT) and done >= _KILL_AT[kills] * PEOPLE:
                # The first, the other one, then all of them.
                for number in range(servers) if kills == 2 else [kills % servers]:
                    if running[number].returncode is None:
                        running[number].kill()
                        await running[number].wait()
                    running[number] = await _start(url, pushes)
                kills += 1
            await asyncio.sleep(0.05)
        took = time.monotonic() - began
        assert [process.returncode for process in running] == [0] * servers
        told = await _told(reader)
        await reader.aclose()
        assert kills == len(_KILL_AT)
        assert (len(told), max(told.values())) == (PEOPLE, 1)
        sent = Counter(received.device.endpoint for received in pushes.received)
        assert max(sent.values()) == 1
        # A killed server loses at most the messages that it had taken.
        assert len(sent) >= PEOPLE - LOST_BY_A_KILL * (kills + servers)
        print(f"{PEOPLE} reminders, {servers} servers, {kills} kills: {claimed_s:.1f} s;", end=" ")
        print(f"{len(sent)} messages to devices: {took:.1f} s;", end=" ")
        # What the seconds before would be on a machine that does nothing else.
        print(f"CPU of all servers with their starts: {_cpu_of_children() - cpu_before:.1f} s")
        assert claimed_s < WITHIN_S
