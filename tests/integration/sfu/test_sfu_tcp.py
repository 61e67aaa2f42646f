"""Media over TCP, for networks that block UDP: real DTLS-SRTP in frames (RFC 6544, RFC 4571)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from server.sfu import SfuNode, SfuOptions
from server.sfu.transport import tcp
from tests.fakes.rtc.sdp import parse_offer
from tests.fakes.rtc.tcp_link import TcpMediaLink
from tests.integration.sfu.rig import Client, Recorder, Rig


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    async with Rig() as made:
        yield made


def _dropped(rig: Rig, reason: str) -> int:
    return (rig.node.counters.dropped or {})[reason]


async def _pair(rig: Rig, *, tcp: bool) -> tuple[Client, Client]:
    """Ann over TCP, and Bob; each hears the other on mid 1."""
    ann, bob = await rig.connect("ann", tcp=True), await rig.connect("bob", tcp=tcp)
    rig.node.assign("ann", ["bob", None, None])
    rig.node.assign("bob", ["ann", None, None])
    return ann, bob


async def _connection(rig: Rig) -> TcpMediaLink:
    """A TCP connection to the node, which has proved nothing."""
    link = TcpMediaLink(lambda *_: None, lambda _: None, bind="127.0.0.1")
    await link.open(await _tcp_address(rig))
    return link


async def _tcp_address(rig: Rig) -> tuple[str, int]:
    return parse_offer((await rig.node.open(rig.spec("nobody"))).sdp).tcp_candidates[0]


def _connections(rig: Rig) -> int:
    return sum(worker.tcp.connections for worker in rig.node._workers)


@pytest.mark.parametrize("both", [False, True])
async def test_a_client_without_udp_hears_and_is_heard(rig: Rig, both: bool) -> None:
    ann, bob = await _pair(rig, tcp=both)
    await bob.hears(b"from ann", said_by=ann)
    await ann.hears(b"from bob", said_by=bob)
    assert ann.link.datagrams_in > 0
    assert _dropped(rig, "unsent_tcp") == 0


async def test_an_ice_restart_moves_media_from_tcp_to_udp_and_back(rig: Rig) -> None:
    ann, bob = await _pair(rig, tcp=False)
    await ann.hears(b"over tcp", said_by=bob)
    for is_tcp in (False, True):
        ann.tcp.is_tcp = is_tcp
        await ann.restart_ice()
        await ann.hears(b"after the move to %d" % is_tcp, said_by=bob)
        await bob.hears(b"after a move to %d" % is_tcp, said_by=ann)


async def test_a_client_that_connects_again_is_heard_again(rig: Rig) -> None:
    ann, bob = await _pair(rig, tcp=False)
    ann.tcp.close()
    await rig.until(lambda: _connections(rig) == 0)
    before = _dropped(rig, "no_destination")
    while _dropped(rig, "no_destination") == before:
        bob.say(b"while ann is away")
        await asyncio.sleep(0.01)
    rig.advance(5.0)
    await rig.events.wait_for("ann", "disconnected")
    await ann.link.find_path(ann.candidates, (ann.view.ufrag, ann.view.password))
    await bob.hears(b"here again", said_by=ann)
    await ann.hears(b"welcome", said_by=bob)


async def test_a_receiver_that_does_not_read_loses_whole_frames_and_delays_nobody(rig: Rig) -> None:
    ann, bob = await _pair(rig, tcp=False)
    cal = await rig.connect("cal")
    rig.node.assign("cal", ["bob", None, None])
    await ann.hears(b"before", said_by=bob)
    ann.tcp.is_reading = False
    spoken = 0
    async with asyncio.timeout(30):
        while _dropped(rig, "unsent_tcp") < 100:
            for _ in range(20):
                bob.say(b"%05d" % spoken + bytes(1000))
                spoken += 1
            await asyncio.sleep(0.001)
    await cal.hears(b"cal hears this meanwhile", said_by=bob)
    ann.tcp.is_reading = True
    await ann.hears(b"and ann hears this after", said_by=bob)
    # frames that were cut would break the framing, and every later one with it
    assert ann.link.auth_failures == 0
    assert 0 < len(ann.payloads("1")) < spoken


async def test_a_connection_that_proves_nothing_is_closed(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tcp, "PROOF_S", 0.05)
    idle, chatty = await _connection(rig), await _connection(rig)
    chatty.write(b"\0\4\x80abc")
    async with asyncio.timeout(10):
        await idle.has_ended.wait()
        await chatty.has_ended.wait()
    assert _dropped(rig, "tcp_unproven") == 2
    await idle.aclose()
    await chatty.aclose()


async def test_a_connection_of_a_peer_outlives_the_deadline_and_ends_with_the_peer(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tcp, "PROOF_S", 0.05)
    ann, bob = await _pair(rig, tcp=False)
    idle = await _connection(rig)
    async with asyncio.timeout(10):
        await idle.has_ended.wait()  # it was opened after Ann's
    await bob.hears(b"still here", said_by=ann)
    rig.node.close("ann")
    async with asyncio.timeout(10):
        await ann.tcp.has_ended.wait()
    await idle.aclose()


@pytest.mark.parametrize(
    ("limit", "value"),
    [("MAX_CONNECTIONS", 2), ("MAX_PER_ADDRESS", 2), ("_file_descriptors", lambda: 4)],
)
async def test_above_a_limit_the_oldest_that_proved_nothing_makes_room(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, limit: str, value: object
) -> None:
    monkeypatch.setattr(tcp, limit, value)
    links = [await _connection(rig) for _ in range(3)]
    async with asyncio.timeout(10):
        await links[0].has_ended.wait()
    assert not links[1].has_ended.is_set()
    await rig.until(lambda: _connections(rig) == 2)  # it is counted until its loss has been reported
    assert (_dropped(rig, "tcp_evicted"), _dropped(rig, "tcp_refused")) == (1, 0)
    for link in links:
        await link.aclose()


@pytest.mark.parametrize("limit", ["MAX_CONNECTIONS", "MAX_PER_ADDRESS"])
async def test_connections_of_peers_make_no_room(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(tcp, limit, 2)
    ann, bob = await _pair(rig, tcp=True)
    late = await _connection(rig)
    async with asyncio.timeout(10):
        await late.has_ended.wait()
    assert (_dropped(rig, "tcp_evicted"), _dropped(rig, "tcp_refused")) == (0, 1)
    await bob.hears(b"still here", said_by=ann)
    rig.node.close("ann")
    await rig.until(lambda: _connections(rig) == 1)
    await late.open(await _tcp_address(rig))
    await rig.until(lambda: _connections(rig) == 2)
    await late.aclose()


async def test_four_addresses_that_take_all_connections_keep_nobody_out(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tcp, "MAX_CONNECTIONS", 16)
    monkeypatch.setattr(tcp, "MAX_PER_ADDRESS", 4)
    address = await _tcp_address(rig)
    silent = [await _silent(f"127.0.0.{host}", address) for _ in range(6) for host in range(2, 6)]
    await rig.until(lambda: _connections(rig) == 16)
    ann, bob = await _pair(rig, tcp=True)
    await bob.hears(b"in spite of them", said_by=ann)
    silent += [await _silent("127.0.0.2", address) for _ in range(30)]
    await ann.hears(b"and of more", said_by=bob)
    await rig.until(lambda: _connections(rig) <= 16)
    for sock in silent:
        sock.close()


async def _silent(source: str, address: tuple[str, int]) -> socket.socket:
    """A TCP connection from this address that says nothing."""
    sock = socket.socket()
    sock.setblocking(False)
    sock.bind((source, 0))
    await asyncio.get_running_loop().sock_connect(sock, address)
    return sock


async def test_a_frame_longer_than_any_packet_ends_the_connection(rig: Rig) -> None:
    link = await _connection(rig)
    link.write(b"\x08\x01")  # 2,049 bytes
    async with asyncio.timeout(10):
        await link.has_ended.wait()
    assert _dropped(rig, "oversize") == 1
    await link.aclose()


async def test_frames_arrive_whole_however_the_network_cuts_them(rig: Rig) -> None:
    ann, bob = await _pair(rig, tcp=False)
    await bob.hears(b"hello", said_by=ann)
    whole = ann.tcp.write

    def write_single_bytes(data: bytes) -> None:
        for byte in data:
            whole(bytes([byte]))

    ann.tcp.write = write_single_bytes  # type: ignore[method-assign]
    await bob.hears(b"in single bytes", said_by=ann)
    held: list[bytes] = []
    ann.tcp.write = held.append  # type: ignore[method-assign, assignment]
    for number in range(10):
        ann.say(b"together %d" % number)
    whole(b"".join(held))
    await rig.until(lambda: any(b"together 9" in payload for payload in bob.payloads("1")))
    assert sum(b"together" in payload for payload in bob.payloads("1")) == 10


async def test_tcp_has_the_number_of_the_udp_port_if_it_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
        free = await _tcp_port(SfuOptions(udp_host="127.0.0.1", udp_port=number))
        assert free == []
        with pytest.raises(OSError, match=f"TCP port {number}"):
            await _tcp_port(SfuOptions(udp_host="127.0.0.1", tcp_port=number))
    assert await _tcp_port(SfuOptions(udp_host="127.0.0.1", udp_port=number)) == [("127.0.0.1", number)]
    assert await _tcp_port(SfuOptions(udp_host="127.0.0.1", udp_port=number, tcp_port=0)) == []


async def _tcp_port(options: SfuOptions) -> list[tuple[str, int]]:
    node = SfuNode(options, backend=Rig.backend)
    await node.start(Recorder())
    try:
        rig = Rig()
        return parse_offer((await node.open(rig.spec("ann"))).sdp).tcp_candidates
    finally:
        await node.aclose()
