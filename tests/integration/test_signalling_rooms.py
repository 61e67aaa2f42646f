"""The wire contract of `/rooms`, over a real Socket.IO client and server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from server.protocol.entities import RoomType
from tests.fakes.signalling_server import SignallingServer, eventually, signalling_server


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


async def test_the_thirteenth_person_gets_room_full(server: SignallingServer) -> None:
    room = await server.room("u0")
    people = [await server.client(f"u{i}") for i in range(13)]
    answers = [await p.join(room) for p in people]
    assert all("participantId" in a for a in answers[:12])
    error = answers[12]["error"]
    assert (error["code"], error["status"], error["retryable"]) == ("room_full", 409, True)
    assert error["detail"]


async def test_events_are_numbered_without_a_gap_and_acks_include_all_before_them(
    server: SignallingServer,
) -> None:
    room = await server.room("u0")
    first = await server.client("u0")
    joined = await first.join(room)
    await asyncio.gather(*(_come_and_go(server, f"u{i}", room) for i in range(1, 9)))
    state = await first.call("sync")
    seqs = [payload["seq"] for _, payload in first.events]
    assert seqs == list(range(joined["seq"] + 1, joined["seq"] + 1 + len(seqs)))
    assert state["seq"] == seqs[-1], "events in the snapshot are sent before it"
    assert state["room"]["participantCount"] == 1
    assert "offer" not in state


async def _come_and_go(server: SignallingServer, user: str, room: str) -> None:
    client = await server.client(user)
    for _ in range(3):
        joined = await client.join(room)
        before = [p["seq"] for _, p in client.events if p["seq"] > joined["seq"]]
        assert before == [], "no later event overtakes the snapshot"
        await client.call("set_muted", {"muted": False})
        await client.call("leave")


async def test_after_a_lost_socket_a_client_rejoins_its_seat_still_muted(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann, ben = await server.client("ann"), await server.client("ben")
    await ann.join(room)
    joined = await ben.join(room)
    me = joined["participantId"]
    ben.kill()
    await eventually(
        lambda: any(
            n == "participant_updated" and p["participant"]["connection"] == "disconnected"
            for n, p in ann.events
        )
    )
    again = await server.client("ben")
    back = await again.join(room, resumeToken=joined["resumeToken"])
    assert back["participantId"] == me
    assert back["resumeToken"] != joined["resumeToken"]
    assert [p["isMuted"] for p in back["room"]["participants"] if p["id"] == me] == [True]
    assert "participant_left" not in ann.names()


async def test_seats_survive_a_restart(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann = await server.client("ann")
    joined = await ann.join(room)
    await ann.call("set_muted", {"muted": False})
    async with signalling_server(users=server.users, store=server.store) as restarted:
        client = await restarted.client("ann")
        back = await client.join(room, resumeToken=joined["resumeToken"])
        assert back["participantId"] == joined["participantId"]
        assert back["room"]["participants"][0]["isMuted"] is False


async def test_joining_twice_moves_the_seat_to_the_newer_connection(server: SignallingServer) -> None:
    room = await server.room("ann")
    old, new = await server.client("ann"), await server.client("ann")
    first = await old.join(room)
    second = await new.join(room, resumeToken=first["resumeToken"])
    assert second["participantId"] == first["participantId"]
    assert (await old.got("removed"))["reason"] == "joined_elsewhere"
    assert (await old.call("sync"))["error"]["code"] == "not_joined"
    await old.close()
    assert (await new.call("sync"))["room"]["participants"][0]["connection"] == "connecting"


async def test_the_host_mutes_removes_locks_hands_over_and_closes(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann, ben, cat = [await server.client(u) for u in ("ann", "ben", "cat")]
    await ann.join(room)
    ben_id, cat_id = [(await c.join(room))["participantId"] for c in (ben, cat)]
    await ben.call("set_muted", {"muted": False})

    assert (await ben.call("mute_participant", {"participantId": cat_id}))["error"]["code"] == "not_cohost"
    assert await ann.call("mute_participant", {"participantId": ben_id}) == {"ok": True}
    told = await ben.got("participant_updated", mutedByHost=True)
    assert told["participant"]["isMuted"] is True
    assert await ann.call("remove_participant", {"participantId": cat_id}) == {"ok": True}
    assert (await cat.got("removed"))["reason"] == "removed_by_host"
    assert (await cat.join(room))["error"]["code"] == "removed_from_room"
    assert await ann.call("set_locked", {"locked": True}) == {"ok": True}
    assert (await (await server.client("dan")).join(room))["error"]["code"] == "room_locked"
    assert await ann.call("transfer_host", {"participantId": ben_id}) == {"ok": True}
    assert await ben.call("close_room") == {"ok": True}
    assert (await ann.got("room_closed"))["reason"] == "closed_by_host"
    assert (await ann.join(room))["error"]["code"] == "room_not_found"


async def test_a_private_rooms_invite_path_opens_it(server: SignallingServer) -> None:
    room = await server.room("ann", type=RoomType.PRIVATE)
    ann, ben = await server.client("ann"), await server.client("ben")
    await ann.join(room)
    state = await ann.call("get_invite")
    assert state["path"] == f"/rooms/{room}?invite={state['invite']}"
    assert (await ben.join(room))["error"]["code"] == "invite_invalid"
    assert "participantId" in await ben.join(room, invite=state["invite"])
    assert (await ann.call("renew_invite"))["invite"] != state["invite"]


async def test_events_of_hands_pings_candidates_and_reconnects_are_acknowledged(
    server: SignallingServer,
) -> None:
    room = await server.room("ann")
    ann = await server.client("ann")
    joined = await ann.join(room)
    assert abs((await ann.call("ping"))["time"] / 1000 - time.time()) < 60
    assert await ann.call("ice_candidate", {"candidate": "", "sdpMid": "0", "sdpMLineIndex": 0}) == {
        "ok": True
    }
    assert await ann.call("set_hand", {"raised": True}) == {"ok": True}
    assert (await ann.got("participant_updated"))["participant"]["handRaised"] is True
    ice = await ann.call("reconnect_media", {"mode": "ice"})
    assert ice["offer"]["id"] != joined["offer"]["id"]
    assert len(ice["slots"]) == 12
    stale = await ann.call("answer", {"offerId": joined["offer"]["id"], "sdp": "v=0"})
    assert stale["error"]["code"] == "offer_unknown"


async def test_a_media_failure_pushes_a_new_offer(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann = await server.client("ann")
    joined = await ann.join(room)
    server.rooms.media_events.media_failed(joined["participantId"])
    offered = await ann.got("media_offer")
    assert offered["offer"]["id"] != joined["offer"]["id"]
    assert offered["iceServers"] == []


async def test_a_disconnected_client_can_not_end_someone_elses_seat_by_reserved_events(
    server: SignallingServer,
) -> None:
    room = await server.room("ann")
    ann = await server.client("ann")
    await ann.join(room)
    for reserved in ("connect", "disconnect"):
        await ann.socket._send_packet(
            ann.socket.packet_class(2, namespace="/rooms", data=[reserved, "transport close"])
        )
    assert (await ann.call("sync"))["room"]["participantCount"] == 1


async def test_server_draining_is_sent_before_the_connection_closes(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann = await server.client("ann")
    await ann.join(room)
    before_a_room, watcher = await server.client("ben"), await server.client("wes", "/lobby")
    server.rooms.drain()
    await server.signalling.aclose()
    await ann.got("server_draining")
    await before_a_room.got("server_draining", seq=1)
    await watcher.got("server_draining")
    await eventually(lambda: not ann.socket.connected)
    assert len(server.store.seats) == 1


@pytest.mark.parametrize("who", ["client", "server"])
async def test_a_socket_lost_in_the_middle_of_its_join_leaves_a_held_seat(
    server: SignallingServer, who: str
) -> None:
    room = await server.room("ann")
    ann, ben = await server.client("ann"), await server.client("ben")
    await ann.join(room)
    server.media.opening = asyncio.Event()
    joining = asyncio.create_task(ben.join(room))
    await eventually(lambda: server.media.waiting == 1)
    if who == "client":
        ben.kill()
    else:
        connections = server.signalling._connections
        connections.server.cut("/rooms", connections.rooms.ids()[-1])
    await eventually(lambda: not ben.socket.connected)
    server.media.opening.set()
    joining.cancel()
    await asyncio.wait([joining])
    await ann.got("participant_joined")
    held = await ann.got_where(
        "participant_updated", lambda p: p["participant"]["connection"] == "disconnected"
    )
    assert held["participant"]["name"] == "Ben"
