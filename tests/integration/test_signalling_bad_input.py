"""Malformed and excessive input gets a clear answer or a closed connection, and affects no other client."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from collections.abc import AsyncIterator
from itertools import count
from typing import Any

import aiohttp
import pytest
import socketio
from hypothesis import given
from hypothesis import strategies as st

from server.errors import error_codes
from server.protocol.entities import RoomType
from server.protocol.rooms import CLIENT_EVENTS
from server.signalling import SignallingOptions
from server.signalling.socket_shares import PAGES
from tests.fakes.fuzzing import fuzz
from tests.fakes.rooms_world import a_user
from tests.fakes.signalling_server import Client, SignallingServer, eventually, signalling_server

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FIELDS = (
    *("roomId", "participantId", "muted", "offerId", "sdp", "mode", "resumeToken", "invite", "locked"),
    *("text", "isFinal", "speaking", "topic", "level", "voice", "rate", "captions", "heard", "browser"),
)
NEAR_MISSES = st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4)
HARMLESS = sorted(set(CLIENT_EVENTS) - {"leave", "close_room"})


@pytest.fixture
async def server() -> AsyncIterator[SignallingServer]:
    async with signalling_server() as running:
        yield running


class Raw:
    """A WebSocket client that writes Socket.IO packets itself."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket

    async def say(self, text: str) -> None:
        await self._socket.send_str(text)

    async def ack(self, text: str) -> Any:
        """Send an event with the ack number 7, written `{7}`, and return the answer."""
        await self.say(text.replace("{7}", "7"))
        while True:
            answer = await self.hear()
            if answer.startswith("43/rooms,7"):
                return json.loads(answer[len("43/rooms,7") :])[0]

    async def hear(self) -> str:
        async with asyncio.timeout(10):
            message = await self._socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise EOFError(message.type)
        return str(message.data)

    async def is_cut(self) -> bool:
        try:
            while True:
                await self.hear()
        except EOFError:
            return True

    async def is_alive(self) -> bool:
        return "time" in await self.ack('42/rooms,{7}["ping",{}]')


@pytest.fixture
async def raw(server: SignallingServer) -> AsyncIterator[Raw]:
    await server.client("ann")
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/socket.io/?EIO=4&transport=websocket") as socket,
    ):
        client = Raw(socket)
        assert (await client.hear()).startswith("0{")
        await client.say('40/rooms,{"token":"token:ann"}')
        assert (await client.hear()).startswith("40/rooms,")
        yield client


async def test_a_socket_does_not_negotiate_compression(server: SignallingServer) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/socket.io/?EIO=4&transport=websocket", compress=15) as socket,
    ):
        assert socket.compress == 0
        assert (await socket.receive_str()).startswith("0{")


def assert_problem(answer: dict[str, Any]) -> None:
    problem = answer["error"]
    assert problem["code"] in error_codes()
    assert problem["code"] != "internal", problem
    assert problem["type"] == f"urn:parlor:error:{problem['code']}"
    assert "Traceback" not in json.dumps(answer)


@pytest.mark.fuzz
@fuzz(60)
@given(st.data())
def test_events_of_any_shape_are_answered(data: st.DataObject) -> None:
    batch = data.draw(
        st.lists(st.tuples(st.sampled_from(HARMLESS) | st.text(max_size=12), JSON | NEAR_MISSES), max_size=12)
    )
    asyncio.run(_send_all(batch))


async def _send_all(batch: list[tuple[str, Any]]) -> None:
    async with signalling_server() as server:
        room = await server.room("ann", type=RoomType.AI)  # the one kind that has all there is to ask for
        client = await server.client("ann")
        await client.join(room)
        for event, payload in batch:
            if event in ("connect", "disconnect", "connect_error", "message"):
                continue  # the client library keeps these to itself; sent by hand below
            answer = await client.call(event, payload)
            if "error" in answer:
                assert_problem(answer)
        assert (await client.call("sync"))["room"]["participants"][0]["name"] == "Ann"


@pytest.mark.parametrize(
    "packet",
    [
        '42/rooms,{7}["nonsense",{}]',
        '42/rooms,{7}["join"]',
        '42/rooms,{7}["join",{},{}]',
        '42/rooms,{7}["join",[]]',
        '42/rooms,{7}["join","x"]',
        '42/rooms,{7}["join",{"roomId":1}]',
        '42/rooms,{7}["join",{"roomId":"a","extra":1}]',
        '42/rooms,{7}["join",{"roomId":"' + "x" * 5_000 + '"}]',
        '42/rooms,{7}["join",{"roomId":"\\ud800"}]',
        '42/rooms,{7}["set_muted",{"muted":"true"}]',
        '42/rooms,{7}["set_muted",{"muted":NaN}]',
        '42/rooms,{7}["answer",{"offerId":"a","sdp":""}]',
        '42/rooms,{7}["connect",{}]',
        '42/rooms,{7}["disconnect","x"]',
        '42/rooms,{7}["disconnect"]',
        '42/rooms,{7}[{"a":1},{}]',
        '42/rooms,{7}[["join"],{}]',
        "42/rooms,{7}[null]",
        "42/rooms,{7}[]",
        "42/rooms,{7}{}",
        '42/rooms,{7}"join"',
        "42/rooms,{7}",
        '451-/rooms,{7}["join",{"_placeholder":true,"num":0}]',
        '459999999999-/rooms,{7}["join",{"_placeholder":true,"num":0}]',
    ],
)
async def test_a_malformed_event_gets_invalid_request(raw: Raw, packet: str) -> None:
    answer = await raw.ack(packet)
    assert answer["error"]["code"] == "invalid_request"
    assert isinstance(answer["error"].get("errors", []), list)
    assert await raw.is_alive()


async def test_field_errors_name_the_field_and_not_its_value(raw: Raw) -> None:
    answer = await raw.ack('42/rooms,{7}["set_muted",{"muted":"sesame-open"}]')
    (error,) = answer["error"]["errors"]
    assert error["path"] == "muted"
    assert "sesame" not in json.dumps(answer)


@pytest.mark.parametrize(
    "packet",
    [
        "42/rooms,7[",
        '42/rooms,7["a"',
        "4",
        "49",
        "44",
        "4x",
        "42/rooms," + "9" * 200 + "[]",
        "45-",
        "[[[",
        "\x00",
    ],
)
async def test_a_packet_that_is_not_socket_io_closes_only_its_connection(
    server: SignallingServer, raw: Raw, packet: str, caplog: pytest.LogCaptureFixture
) -> None:
    other = await server.client("ben")
    with caplog.at_level(logging.ERROR):
        await raw.say(packet)
        await raw.say("42" + "[" * 50_000)
        assert await raw.is_cut()
    assert "time" in await other.call("ping")
    assert caplog.records == []
    await eventually(lambda: server.signalling.connection_count == 2)


async def test_an_event_without_an_ack_number_is_handled_without_ack(raw: Raw) -> None:
    await raw.say('42/rooms,["nonsense",{}]')
    await raw.say('42/rooms,["ping",{}]')
    assert await raw.is_alive()


async def test_binary_attachments_are_not_collected(raw: Raw) -> None:
    answer = await raw.ack('45100-/rooms,{7}["join",{"_placeholder":true,"num":0}]')
    assert answer["error"]["code"] == "invalid_request"
    for _ in range(5):
        await raw._socket.send_bytes(b"x" * 50_000)
    assert await raw.is_alive()


async def test_the_lobby_takes_no_events(server: SignallingServer) -> None:
    client = await server.client("ann", "/lobby")
    assert (await client.call("join", {"roomId": "x"}))["error"]["code"] == "invalid_request"


@pytest.mark.parametrize(
    ("auth", "code"),
    [
        (None, "unauthenticated"),
        ({}, "unauthenticated"),
        ({"token": ""}, "unauthenticated"),
        ({"token": 7}, "unauthenticated"),
        ({"token": ["token:ann"]}, "unauthenticated"),
        ({"token": "x" * 10_000}, "unauthenticated"),
        ({"token": "forged"}, "unauthenticated"),
        ({"token": "token:nobody"}, "profile_gone"),
        ({"token": "token:signed-out"}, "session_ended"),
        ({"token": "expired"}, "token_expired"),
    ],
)
@pytest.mark.parametrize("namespace", ["/rooms", "/lobby"])
async def test_a_connection_without_a_valid_token_is_refused_with_the_reason(
    server: SignallingServer, namespace: str, auth: Any, code: str
) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/socket.io/?EIO=4&transport=websocket") as socket,
    ):
        client = Raw(socket)
        await client.hear()
        await client.say(f"40{namespace},{'' if auth is None else json.dumps(auth)}")
        refusal = await client.hear()
    assert refusal.startswith(f"44{namespace},")
    problem = json.loads(refusal[len(f"44{namespace},") :])["data"]
    assert problem["code"] == code
    assert server.signalling.connection_count == 0


async def test_a_page_of_another_site_is_refused(server: SignallingServer) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"{server.url}/socket.io/?EIO=4&transport=polling"
        async with session.get(url, headers={"Origin": "https://evil.example"}) as refused:
            assert refused.status == 400
            assert "Access-Control-Allow-Origin" not in refused.headers
        async with session.get(url, headers={"Origin": server.url}) as allowed:
            assert allowed.status == 200


async def test_too_many_events_get_retry_after_and_a_flood_is_disconnected() -> None:
    async with signalling_server(options=SignallingOptions()) as server:
        client = await server.client("ann")
        answers = [await client.call("ping") for _ in range(80)]
        refused = [a["error"] for a in answers if "error" in a]
        assert refused
        assert {e["code"] for e in refused} == {"too_many_requests"}
        assert all(0 < e["retryAfter"] < 10 for e in refused)
        for _ in range(2_000):
            if not client.socket.connected:
                break
            await client.socket.emit("ping", {}, namespace="/rooms")
        await eventually(lambda: not client.socket.connected)


async def test_connections_of_one_user_are_limited() -> None:
    options = SignallingOptions(max_connections_per_user=3)
    async with signalling_server(options=options) as server:
        for _ in range(3):
            await server.client("ann")
        with pytest.raises(socketio.exceptions.ConnectionError):
            await server.client("ann")
        await server.clients[0].close()
        await eventually(lambda: server.signalling.connection_count == 2)
        await server.client("ann")


async def test_sockets_of_one_ipv6_network_are_limited() -> None:
    """A host can use any address of its /64."""
    numbers = count(1)
    options = SignallingOptions(max_sockets_per_address=2)
    async with signalling_server(
        options=options, client_ip=lambda _: f"2001:db8::{next(numbers):x}"
    ) as server:
        await server.client("ann")
        await server.client("ben")
        with pytest.raises(socketio.exceptions.ConnectionError):
            await server.client("cat")


async def test_a_socket_beyond_the_limit_of_its_address_is_told_why(caplog: pytest.LogCaptureFixture) -> None:
    async with signalling_server(options=SignallingOptions(max_sockets_per_address=2)) as server:
        await server.client("ann")
        await server.client("ben")
        await server.users.add_user(a_user("cat"))
        async with server.http.ws_connect(f"{server.url}/socket.io/?EIO=4&transport=websocket") as socket:
            client = Raw(socket)
            await client.hear()
            await client.say('40/rooms,{"token":"token:cat"}')
            refusal = json.loads((await client.hear()).removeprefix("44/rooms,"))
        assert refusal["data"]["code"] == "too_many_connections_from_network"
        assert [r.network for r in caplog.records if "too many sockets" in r.message] == ["127.0.0.0/24"]  # type: ignore[attr-defined]
        await server.clients[0].close()
        await eventually(lambda: server.signalling.connection_count == 1)
        await server.client("cat")


async def test_someone_without_a_socket_gets_in_where_all_accounts_have_two() -> None:
    options = SignallingOptions(max_sockets_per_address=4)
    async with signalling_server(options=options) as server:
        for name in ("eve", "ida"):
            await server.client(name)
            await server.client(name, "/lobby")
        await server.client("ann")
        await eventually(lambda: not server.clients[1].socket.connected)
        assert [client.socket.connected for client in server.clients] == [True, False, True, True, True]
        with pytest.raises(socketio.exceptions.ConnectionError):
            await server.client("eve", "/lobby")


async def test_one_account_with_many_sockets_makes_room_for_others_of_its_address() -> None:
    options = SignallingOptions(max_sockets_per_address=PAGES + 2)
    async with signalling_server(options=options) as server:
        greedy = [await server.client("eve") for _ in range(PAGES + 2)]
        await server.client("ann")
        await server.client("ben")
        await eventually(lambda: [c.is_connected for c in greedy] == [False] * 2 + [True] * PAGES)
        await server.client("cat")
        with pytest.raises(socketio.exceptions.ConnectionError):
            await server.client("dan")


async def test_a_socket_that_opens_no_namespace_is_closed() -> None:
    async with (
        signalling_server(options=SignallingOptions(handshake_s=0.0)) as server,
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/socket.io/?EIO=4&transport=websocket") as socket,
    ):
        client = Raw(socket)
        await client.hear()
        await server.signalling._server.reap(0.0, 20.0)
        assert await client.is_cut()


async def test_a_client_that_does_not_read_is_disconnected_and_its_seat_held() -> None:
    options = SignallingOptions(rate_limit=0, max_queued=50)
    async with signalling_server(options=options) as server:
        room = await server.room("ann")
        ann = await server.client("ann")
        joined = await ann.join(room)
        ann.socket.eio.ws._response.connection.transport.pause_reading()
        while server.signalling.connection_count:
            for _ in range(100):
                server.rooms.media_events.dominant_speaker(room, joined["participantId"])
                server.rooms.media_events.dominant_speaker(room, None)
            await asyncio.sleep(0)
        await eventually(
            lambda: (
                next(iter(server.rooms.directory.get_room(room, "ann").participants)).connection.value
                == "disconnected"
            )
        )
        back = await (await server.client("ann")).join(room, resumeToken=joined["resumeToken"])
        assert back["participantId"] == joined["participantId"]
        ann.kill()


async def test_long_polling_works_too(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann = await server.client("ann", transports=["polling"])
    ben = await server.client("ben")
    assert "participantId" in await ann.join(room)
    await ben.join(room)
    await ann.got("participant_joined")
    assert await ann.call("leave") == {"ok": True}


async def test_a_connection_that_upgrades_keeps_its_seat(server: SignallingServer) -> None:
    room = await server.room("ann")
    ann = await server.client("ann", transports=["polling", "websocket"])
    assert ann.socket.transport() == "websocket"
    assert "participantId" in await ann.join(room)
    assert (await ann.call("sync"))["room"]["participantCount"] == 1


async def test_a_thousand_joins_and_leaves_return_to_the_baseline(server: SignallingServer) -> None:
    room = await server.room("ann")
    stay, client = await server.client("ann"), await server.client("ben")
    await stay.join(room)
    await _join_and_leave(client, room, 20)
    tasks, objects = _usage(stay)
    await _join_and_leave(client, room, 1_000)
    await eventually(lambda: len(asyncio.all_tasks()) <= tasks)
    assert _usage(stay)[1] - objects < 500
    assert len(server.media.peers) == len(server.store.seats) == 1


async def test_opening_and_closing_connections_returns_to_the_baseline() -> None:
    # The library's ping tasks outlive their socket by one interval.
    async with signalling_server(options=SignallingOptions(rate_limit=0, ping_interval_s=0.2)) as server:
        room = await server.room("ann")
        stay = await server.client("ann")
        await stay.join(room)
        await _connect_and_vanish(server, room, 5)
        await eventually(lambda: len(asyncio.all_tasks()) < 20)
        tasks, objects = _usage(stay)
        await _connect_and_vanish(server, room, 60)
        await eventually(lambda: len(asyncio.all_tasks()) <= tasks + 1)
        await eventually(lambda: _usage(stay)[1] - objects < 500)


async def _join_and_leave(client: Client, room: str, times: int) -> None:
    for _ in range(times):
        assert "participantId" in await client.join(room)
        assert await client.call("leave") == {"ok": True}
        client.events.clear()


async def _connect_and_vanish(server: SignallingServer, room: str, times: int) -> None:
    for turn in range(times):
        client = await server.client("ben")
        server.clients.remove(client)
        await client.join(room)
        if turn % 2:
            client.kill()
        else:
            await client.close()
        await eventually(lambda: server.signalling.connection_count == 1)
        await client.close()
        del client


def _usage(client: Client) -> tuple[int, int]:
    """The numbers of tasks and of objects tracked by the garbage collector."""
    client.events.clear()
    gc.collect()
    return len(asyncio.all_tasks()), len(gc.get_objects())
