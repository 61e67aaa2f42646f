"""The end of a session ends its connections and seats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping

import pytest
from socketio.exceptions import ConnectionError as Refused

from server.people.model import Ties
from tests.fakes.people import NoBlocks
from tests.fakes.signalling_server import SignallingServer, eventually, signalling_server


class SlowBlocks(NoBlocks):
    """Answers once it `may_answer`."""

    def __init__(self) -> None:
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def ties(self, user_ids: Collection[str]) -> Mapping[str, Ties]:
        self.asked.set()
        await self.may_answer.wait()
        return await super().ties(user_ids)


@pytest.fixture
async def server() -> AsyncIterator[SignallingServer]:
    async with signalling_server() as running:
        yield running


async def test_signing_out_ends_every_connection_and_gives_up_the_seat(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann, ben = await server.client("ann"), await server.client("ben")
    lobby = await server.client("ben", "/lobby")
    await ann.join(room)
    joined = await ben.join(room)
    await ben.call("set_muted", {"muted": False})
    server.sign_out("ben")
    left = await ann.got("participant_left")
    assert (left["participantId"], left["reason"]) == (joined["participantId"], "left")
    assert joined["participantId"] not in server.media.peers
    await eventually(lambda: not ben.is_connected and not lobby.is_connected)
    assert ann.is_connected
    with pytest.raises(Refused):
        await server.client("ben")


async def test_a_seat_that_is_held_is_given_up_too(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann, ben = await server.client("ann"), await server.client("ben")
    await ann.join(room)
    await ben.join(room)
    ben.kill()
    await ann.got_where(
        "participant_updated", lambda p: p["participant"]["connection"] == "disconnected", within_s=5
    )
    server.sign_out("ben")
    await ann.got("participant_left")


async def test_somebody_who_waits_at_a_door_is_gone_from_it(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann, ben = await server.client("ann"), await server.client("ben")
    await ann.join(room)
    await ann.call("set_knock", {"knockToEnter": True})
    await ben.call("knock", {"roomId": room})
    assert len((await ann.got("knocks"))["knocks"]) == 1
    server.sign_out("ben")
    await ann.got("knocks", knocks=[], within_s=3)  # that of a lost connection is kept for 5 s


async def test_a_join_under_way_leaves_no_seat(server: SignallingServer) -> None:
    room = await server.room("ann")
    ben = await server.client("ben")
    server.media.opening = asyncio.Event()
    await ben.socket.emit("join", {"roomId": room}, namespace="/rooms")
    await eventually(lambda: server.media.waiting == 1)
    server.sign_out("ben")
    await eventually(lambda: not ben.is_connected)
    server.media.opening.set()
    await eventually(lambda: len(server.media.calls) > 0 and server.media.calls[-1][0] == "close")
    assert list(server.media.peers) == []
    assert server.store.seats == {}


async def test_a_handshake_of_the_lobby_under_way_is_refused() -> None:
    blocks = SlowBlocks()
    async with signalling_server(blocks=blocks) as server:
        opening = asyncio.create_task(server.client("ben", "/lobby"))
        await blocks.asked.wait()
        server.sign_out("ben")
        blocks.may_answer.set()
        with pytest.raises(Refused):
            await opening
        assert server.rooms.online.count() == 0
