"""Long polls and upgrades of one socket: as Engine.IO means them, and no way to hold many connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from server.rooms.model import User
from server.signalling import SignallingOptions
from tests.fakes.rooms_world import a_user
from tests.fakes.signalling_server import SignallingServer, eventually, signalling_server
from tests.fakes.stores import FakeUserStore

POLLING = "/socket.io/?EIO=4&transport=polling"
QUICK = SignallingOptions(handshake_s=0.2)


class Polling:
    """A socket in `/rooms` whose requests the test makes itself."""

    def __init__(self, http: aiohttp.ClientSession, sid: str) -> None:
        self._http = http
        self._sid = sid

    async def poll(self) -> str:
        """Raises ClientResponseError if the server refuses."""
        async with self._http.get(f"{POLLING}&sid={self._sid}") as response:
            response.raise_for_status()
            return await response.text()

    async def send(self, packets: str) -> None:
        async with self._http.post(f"{POLLING}&sid={self._sid}", data=packets) as response:
            response.raise_for_status()

    async def upgrade(self) -> aiohttp.ClientWebSocketResponse:
        """Raises WSServerHandshakeError if the server refuses."""
        return await self._http.ws_connect(f"/socket.io/?EIO=4&transport=websocket&sid={self._sid}")


class SlowUsers(FakeUserStore):
    """Answers a handshake's question once it `may_answer`."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def get_user(self, user_id: str) -> User | None:
        self.asked.set()
        await self.may_answer.wait()
        return await super().get_user(user_id)


@asynccontextmanager
async def _polling(server: SignallingServer, user: str) -> AsyncIterator[Polling]:
    await server.client(user, "/lobby")  # so that the user exists
    async with aiohttp.ClientSession(server.url) as http:
        async with http.get(POLLING) as response:
            sid = json.loads((await response.text())[1:])["sid"]
        polling = Polling(http, sid)
        await polling.send(f'40/rooms,{{"token":"token:{user}"}}')
        assert "40/rooms" in await polling.poll()
        yield polling


async def test_a_polling_client_upgrades() -> None:
    async with signalling_server(options=QUICK) as server, _polling(server, "ann") as polling:
        raw = await polling.upgrade()
        await raw.send_str("2probe")
        assert await raw.receive_str() == "3probe"
        await raw.send_str("5")
        await asyncio.sleep(2 * QUICK.handshake_s)  # the limit on the upgrade's time does not count any more
        await raw.send_str('42/rooms,7["ping",{}]')
        answer = await raw.receive_str()
        while answer == "6":  # ended the poll of the upgrade
            answer = await raw.receive_str()
        assert answer.startswith("43/rooms,7")


async def test_one_upgrade_at_a_time() -> None:
    async with signalling_server() as server, _polling(server, "ann") as polling:
        first = await polling.upgrade()
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await polling.upgrade()
        assert not first.closed


@pytest.mark.parametrize("said", [[], ["2probe"]])
async def test_an_upgrade_that_is_not_completed_ends_and_polling_goes_on(said: list[str]) -> None:
    async with signalling_server(options=QUICK) as server, _polling(server, "ann") as polling:
        raw = await polling.upgrade()
        for packet in said:
            await raw.send_str(packet)
        async with asyncio.timeout(5):
            while (await raw.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        await polling.send('42/rooms,7["ping",{}]')
        async with asyncio.timeout(5):
            while "43/rooms,7" not in await polling.poll():
                pass


async def test_a_second_poll_at_the_same_time_ends_the_socket() -> None:
    async with signalling_server() as server, _polling(server, "ann") as polling:
        first = asyncio.create_task(polling.poll())
        await asyncio.sleep(0.05)  # so that it reaches the server first
        with pytest.raises(aiohttp.ClientResponseError):
            await asyncio.wait_for(polling.poll(), 5)
        await asyncio.wait({first}, timeout=5)
        assert first.done()
        await eventually(lambda: server.signalling.connection_count == 0)
        first.exception()


@pytest.mark.parametrize("namespace", ["/rooms", "/lobby"])
async def test_a_socket_that_closes_during_its_handshake_leaves_nobody_online(namespace: str) -> None:
    users = SlowUsers()
    async with signalling_server(users=users) as server, aiohttp.ClientSession(server.url) as http:
        await users.add_user(a_user("eve"))
        async with http.get(POLLING) as response:
            socket = Polling(http, json.loads((await response.text())[1:])["sid"])
        opening = asyncio.create_task(socket.send(f'40{namespace},{{"token":"token:eve"}}'))
        await users.asked.wait()
        await socket.send("1")  # Engine.IO's close
        users.may_answer.set()
        await opening
        assert server.rooms.online.count() == 0
        assert server.signalling.connection_count == 0


async def test_a_client_that_connects_twice_is_sent_the_lobby_once() -> None:
    async with signalling_server() as server, aiohttp.ClientSession(server.url) as http:
        await (await server.client("eve", "/lobby")).got("online")
        async with http.ws_connect("/socket.io/?EIO=4&transport=websocket") as raw:
            await raw.receive_str()
            for _ in range(3):
                await raw.send_str('40/lobby,{"token":"token:eve"}')
            await raw.send_str('42/lobby,7["ping",{}]')
            received = [await raw.receive_str()]
            while not received[-1].startswith("43/lobby,7"):
                received.append(await raw.receive_str())
        assert sum(packet.startswith('42/lobby,["online"') for packet in received) == 1
