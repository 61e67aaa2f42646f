"""The wire contract of `/rooms`, over a real Socket.IO client and server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.signalling_server import SignallingServer, signalling_server


@pytest.fixture
async def server() -> AsyncIterator[SignallingServer]:
    async with signalling_server() as running:
        yield running


async def test_a_person_joins_answers_and_leaves(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann, ben = await server.client("ann"), await server.client("ben")

    first = await ann.join(room)
    assert first["room"]["participants"][0]["isMuted"] is True
    assert first["offer"]["sdp"]
    assert [s["mid"] for s in first["slots"]] == [str(i) for i in range(1, 13)]

    second = await ben.join(room)
    joined = await ann.got("participant_joined")
    assert joined["participant"]["id"] == second["participantId"]
    slots = await ann.got("slots")
    assert slots["slots"][0] == {"mid": "1", "participantId": second["participantId"]}

    assert await ben.call("answer", {"offerId": second["offer"]["id"], "sdp": "v=0"}) == {"ok": True}
    assert await ben.call("leave") == {"ok": True}
    left = await ann.got("participant_left")
    assert (left["participantId"], left["reason"]) == (second["participantId"], "left")
    assert list(server.media.peers) == [first["participantId"]]
