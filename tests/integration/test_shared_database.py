"""Two servers as processes on one database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from server.storage.nodes import LEASE_S, RENEW_EVERY_S
from server.storage.tables import rooms, seats
from tests.contract.storage_urls import new_database
from tests.fakes import postgres
from tests.fakes.rtc import RestClient, RtcClient
from tests.fakes.rtc.client import Refused
from tests.fakes.rtc.rest import RestError
from tests.fakes.scale import scaled
from tests.fakes.server_process import ServerProcess

GRACE_S = 2.0
"""Of the second server's seats: it would delete those of the first after this."""
WATCHED_S = scaled(10, 120, "soak")
TAKEN_WITHIN_S = LEASE_S + RENEW_EVERY_S + GRACE_S + 5.0


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    programs = postgres.binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    with postgres.running(programs) as folder:
        yield folder


async def stored(url: str) -> tuple[list[str], list[str]]:
    """Ids of the rooms and of the seats."""
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = (
            list((await connection.execute(select(rooms.c.id))).scalars()),
            list((await connection.execute(select(seats.c.id))).scalars()),
        )
    await engine.dispose()
    return found


async def test_a_second_server_on_sqlite_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as first, RestClient(first.url) as rest:
        second = ServerProcess(tmp_path / "data")
        with pytest.raises(RuntimeError, match="did not start"):
            await second.start()
        assert second.exit_code == 2
        [line] = second.lines
        assert line.startswith("parlor: another server uses the database ")
        await rest.create_room(await rest.guest("Ann"))
        await first.restart(kill=True)
        assert first.complaints() == []


async def test_a_killed_server_has_its_seats_again_while_its_lease_lasts(
    tmp_path: Path, socket: Path
) -> None:
    url = await new_database(socket)
    async with (
        ServerProcess(tmp_path / "data", {"DATABASE_URL": url}) as server,
        RestClient(server.url) as rest,
    ):
        token = await rest.guest("Ann")
        room = await rest.create_room(token)
        async with RtcClient(server.url, token) as ann:
            await ann.join(room["id"])
            started = time.monotonic()
            await server.restart(kill=True)
            async with RtcClient(server.url, token) as again:
                await again.join(room["id"])
                print(f"back after kill -9: {time.monotonic() - started:.2f} s")
                assert again.participant_id == ann.participant_id
        assert server.complaints() == []


async def test_a_second_server_on_postgresql_leaves_live_seats_alone_and_takes_those_of_a_dead_one(
    tmp_path: Path, socket: Path
) -> None:
    url = await new_database(socket)
    secret = {"SECRET": "s" * 32, "DATABASE_URL": url}
    short = {"SEAT_GRACE_S": str(GRACE_S), "EMPTY_ROOM_TTL_S": str(GRACE_S)}
    async with ServerProcess(tmp_path / "one", secret) as one, RestClient(one.url) as rest:
        token = await rest.guest("Ann")
        room = await rest.create_room(token)
        async with RtcClient(one.url, token) as ann:
            await ann.join(room["id"])
            async with (
                ServerProcess(tmp_path / "two", secret | short) as two,
                RestClient(two.url) as other,
                RtcClient(two.url, token) as elsewhere,
            ):
                started = time.monotonic()
                while time.monotonic() - started < WATCHED_S:
                    assert await stored(url) == ([room["id"]], [ann.participant_id])
                    await ann.call("ping", {})
                    await asyncio.sleep(0.5)
                with pytest.raises(Refused, match="room_elsewhere"):
                    await elsewhere.join(room["id"])
                with pytest.raises(RestError, match="room_elsewhere"):
                    await other.request("GET", f"/api/rooms/{room['id']}")
                await ann.set_muted(False)

                await one.kill()
                started = time.monotonic()
                async with asyncio.timeout(TAKEN_WITHIN_S):
                    while room["id"] in (await stored(url))[0]:  # noqa: ASYNC110 - another process's
                        await asyncio.sleep(0.2)
                seconds = time.monotonic() - started
                print(f"taken and, as nobody came, closed by the other: {seconds:.1f} s")
                assert seconds > LEASE_S - RENEW_EVERY_S
                assert await stored(url) == ([], [])
                assert two.complaints() == []
