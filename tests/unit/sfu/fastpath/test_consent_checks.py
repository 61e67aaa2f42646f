"""Consent checks that the native data plane answers itself, with its thread and real sockets."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
from aioice import stun as wire

from server.sfu.data_plane import Consent, Path
from server.sfu.fastpath.forwarder import unavailable
from server.sfu.transport import stun
from tests.unit.sfu.fastpath.test_fastpath_thread import Call, Caller

pytestmark = pytest.mark.skipif(unavailable is not None, reason="the C extension is not available")

CONSENT = Consent("server:client", "the-password-of-the-server")


def request(username: str = CONSENT.username, password: str = CONSENT.password, **more: object) -> bytes:
    """As a browser signs it. `more`: other attributes."""
    message = wire.Message(wire.Method.BINDING, wire.Class.REQUEST)
    message.attributes = {"USERNAME": username, "PRIORITY": 1, "ICE-CONTROLLING": 7}
    message.attributes |= {name.replace("_", "-"): value for name, value in more.items()}
    message.add_message_integrity(password.encode())
    return bytes(message)


def unsigned() -> bytes:
    message = wire.Message(wire.Method.BINDING, wire.Class.REQUEST, attributes={"USERNAME": CONSENT.username})
    return bytes(message)


def flipped(datagram: bytes, at: int) -> bytes:
    return bytes((*datagram[:at], datagram[at] ^ 1, *datagram[at:][1:]))


@pytest.fixture
async def call() -> AsyncIterator[Call]:
    made = Call()
    made.start()
    yield made
    made.close()


def join(call: Call, family: socket.AddressFamily = socket.AF_INET) -> Caller:
    caller = call.join(family)
    call.data_plane.set_consent(caller.handle, CONSENT)
    return caller


async def answered(caller: Caller) -> bytes:
    """The next STUN message that it gets."""
    async with asyncio.timeout(10):
        while True:
            datagram = await asyncio.get_running_loop().sock_recv(caller.socket, 2048)
            if datagram[0] < 4:
                return datagram


async def goes_up(call: Call, caller: Caller, datagram: bytes) -> None:
    """It is passed to the control plane unchanged, and not answered here."""
    before = len(call.control)
    caller.send(datagram)
    await call.until(lambda: len(call.control) > before)
    assert call.control[-1] == (datagram, caller.address)
    with suppress(BlockingIOError):
        while True:
            assert caller.socket.recv(2048)[0] > 3, "it was answered, unlike a report"


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
async def test_a_check_is_answered_as_python_would_answer_it(
    call: Call, family: socket.AddressFamily
) -> None:
    ann = join(call, family)
    asked = request()
    ann.send(asked)
    assert await answered(ann) == stun.success(asked[8:20], ann.address, CONSENT.password)
    assert call.control == []
    reply = stun.parse(stun.success(asked[8:20], ann.address, CONSENT.password))
    assert reply is not None
    assert ipaddress.ip_address(reply._message.attributes["XOR-MAPPED-ADDRESS"][0]).version == (
        4 if family == socket.AF_INET else 6
    )


async def test_a_busy_event_loop_delays_no_answer(call: Call) -> None:
    ann = join(call)
    ann.socket.settimeout(10)
    asked = request()
    ann.send(asked)
    while (answer := ann.socket.recv(2048))[0] > 3:  # no await: the event loop is blocked
        pass
    assert answer[8:20] == asked[8:20]


async def test_a_check_is_reported_and_a_nomination_at_once(call: Call) -> None:
    ann = join(call)
    for datagram in (request(), request(), request(USE_CANDIDATE=None)):
        ann.send(datagram)
        await answered(ann)
    await call.until(lambda: len(call.events.of("consent_checked")) == 2)
    assert [(peer, path, nominates) for _, peer, path, _, nominates in call.events.of("consent_checked")] == [
        (ann.handle, ann.path, False),
        (ann.handle, ann.path, True),
    ]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: request(username="server:somebody"),
        lambda _: request(password="guessed"),
        lambda _: unsigned(),
        lambda whole: flipped(whole, 12),  # the transaction
        lambda whole: flipped(whole, len(whole) - 1),  # FINGERPRINT
        lambda whole: flipped(whole, len(whole) - 12),  # MESSAGE-INTEGRITY
        lambda whole: flipped(whole, 3),  # the length
        lambda whole: flipped(whole, 23),  # that of an attribute
        lambda whole: whole[:-8],
        lambda whole: whole[:20],
        lambda whole: whole + bytes(4),
        lambda _: request(username="x" * 600),
        lambda _: stun.success(bytes(12), ("192.0.2.1", 1), CONSENT.password),
        lambda _: bytes((0,)),
    ],
)
async def test_requests_that_are_not_plain_consent_checks_go_to_the_control_plane(
    call: Call, spoil: Callable[[bytes], bytes]
) -> None:
    ann = join(call)
    await goes_up(call, ann, spoil(request()))


async def test_a_check_from_another_address_goes_to_the_control_plane(call: Call) -> None:
    ann = join(call)
    call.data_plane.set_destination(ann.handle, Path(("192.0.2.1", 9)))
    await goes_up(call, ann, request())
    call.data_plane.set_destination(ann.handle, None)
    await goes_up(call, ann, request())
    stranger = Caller(call)
    await goes_up(call, stranger, request())


@pytest.mark.parametrize("consent", [None, Consent("x" * 161, CONSENT.password), Consent("a:b", "x" * 65)])
async def test_without_matching_credentials_no_check_is_answered(call: Call, consent: Consent | None) -> None:
    ann = join(call)
    call.data_plane.set_consent(ann.handle, consent)
    if consent is None:
        await goes_up(call, ann, request())
    else:
        await goes_up(call, ann, request(username=consent.username, password=consent.password))


async def test_checks_above_the_limit_go_to_the_control_plane(call: Call) -> None:
    ann = join(call)
    for _ in range(100):
        ann.send(request())
    await call.until(lambda: len(call.control) > 0)
    assert len(call.control) < 100
