"""Which datagram reaches which peer."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from aioice import stun as wire
from hypothesis import given
from hypothesis import strategies as st

from server.sfu.loop import Address, Handle
from server.sfu.transport import stun
from server.sfu.transport.address import mapped
from server.sfu.transport.demux import REFUSALS_PER_SECOND, Demux

HOME: Address = ("192.0.2.1", 5000)
RTP = bytes([0x80, 111]) + bytes(20)
DTLS = bytes([22, 254, 253]) + bytes(30)
PASSWORD = "a-password-of-some-length"


@dataclass
class FakeEndpoint:
    password: str = PASSWORD
    requests: list[Address] = field(default_factory=list)
    responses: list[Address] = field(default_factory=list)
    dtls: list[Address] = field(default_factory=list)
    taken: list[Address] = field(default_factory=list)

    def on_request(self, request: stun.Binding, ufrag: str, address: Address, now: float) -> bool:
        if not request.is_signed_with(self.password):
            return False
        self.requests.append(address)
        return True

    def on_response(self, response: stun.Binding, address: Address, now: float) -> None:
        self.responses.append(address)

    def on_dtls(self, datagram: bytes, address: Address) -> None:
        self.dtls.append(address)

    def on_address_taken(self, address: Address) -> None:
        self.taken.append(address)


class Rig:
    def __init__(self) -> None:
        self.rtp: list[tuple[Handle, bytes, Address]] = []
        self.sent: list[tuple[bytes, Address]] = []
        self.demux = Demux(
            lambda handle, data, address, now: self.rtp.append((handle, data, address)),
            lambda data, address: self.sent.append((data, address)),
            mapped,
        )
        self.peer = FakeEndpoint()
        self.demux.add_ufrag("ours", self.peer)

    def deliver(self, datagram: bytes, source: Address = HOME, now: float = 1.0) -> None:
        self.demux.deliver(datagram, mapped(source), now)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def a_check(username: str = "ours:theirs", password: str = PASSWORD) -> bytes:
    return stun.request(stun.new_transaction_id(), username, password)


def test_a_check_goes_by_its_ufrag_from_any_address(rig: Rig) -> None:
    rig.deliver(a_check())
    rig.deliver(a_check(), ("2001:db8::5", 7))
    assert rig.peer.requests == [HOME, ("2001:db8::5", 7)]


def test_a_check_for_nobody_is_dropped_in_silence(rig: Rig) -> None:
    rig.deliver(a_check("nobody:theirs"))
    assert not rig.sent
    assert rig.demux.counters.unknown_ufrag == 1


def test_wrong_credentials_are_told_401(rig: Rig) -> None:
    rig.deliver(a_check(password="guessed"))
    [(datagram, address)] = rig.sent
    answer = stun.parse(datagram)
    assert address == HOME
    assert answer is not None
    assert answer.kind is stun.Kind.ERROR
    assert b"\x00\x00\x04\x01" in datagram  # class 4, number 1
    assert not rig.peer.requests


def test_a_request_without_credentials_gets_no_more_bytes_than_it_cost(rig: Rig) -> None:
    message = wire.Message(wire.Method.BINDING, wire.Class.REQUEST)
    message.add_fingerprint()
    rig.deliver(bytes(message))
    assert rig.demux.counters.unsigned == 1
    assert all(len(answer) <= len(bytes(message)) for answer, _ in rig.sent)


def test_a_host_that_guesses_is_soon_not_looked_at_and_later_forgiven(rig: Rig) -> None:
    for _ in range(REFUSALS_PER_SECOND + 50):
        rig.deliver(a_check(password="guessed"))
    assert rig.demux.counters.rate_limited == 50
    assert len(rig.sent) == REFUSALS_PER_SECOND
    rig.deliver(a_check(), now=2.5)
    assert rig.peer.requests == [HOME]


def test_a_flood_in_its_name_does_not_stop_a_checked_peer(rig: Rig) -> None:
    rig.demux.check_address(HOME, rig.peer, 1)
    for _ in range(REFUSALS_PER_SECOND + 1):
        rig.deliver(a_check("nobody:theirs"), (HOME[0], 9))
    rig.deliver(a_check())
    assert rig.peer.requests == [HOME]


def test_rtp_is_taken_from_checked_addresses_alone(rig: Rig) -> None:
    rig.deliver(RTP)
    rig.demux.open_address(HOME, rig.peer)
    rig.deliver(RTP)
    assert rig.rtp == []
    rig.demux.check_address(HOME, rig.peer, 7)
    rig.deliver(RTP)
    assert rig.rtp == [(7, RTP, HOME)]
    rig.demux.close_address(HOME, rig.peer)
    rig.deliver(RTP)
    assert len(rig.rtp) == 1
    assert rig.demux.counters.unknown_source == 3


def test_dtls_of_strangers_is_dropped(rig: Rig) -> None:
    rig.deliver(DTLS)
    assert rig.demux.counters.unknown_source == 1
    rig.demux.open_address(HOME, rig.peer)
    rig.deliver(DTLS)
    assert rig.peer.dtls == [HOME]


def test_a_response_goes_by_its_transaction(rig: Rig) -> None:
    mine = stun.new_transaction_id()
    rig.demux.expect_response(mine, rig.peer)
    rig.deliver(stun.success(stun.new_transaction_id(), HOME, PASSWORD))
    assert rig.peer.responses == []
    rig.deliver(stun.success(mine, HOME, PASSWORD))
    assert rig.peer.responses == [HOME]


def test_an_address_belongs_to_who_proved_it_last(rig: Rig) -> None:
    other = FakeEndpoint()
    rig.demux.check_address(HOME, rig.peer, 1)
    rig.demux.open_address(HOME, other)  # only claimed
    rig.deliver(DTLS)
    assert (rig.peer.dtls, other.dtls) == ([HOME], [])
    rig.demux.check_address(HOME, other, 2)
    assert rig.peer.taken == [HOME]
    rig.demux.close_address(HOME, rig.peer)  # what it does when told
    rig.deliver(RTP)
    assert rig.rtp == [(2, RTP, HOME)]


def test_an_empty_datagram_is_nothing(rig: Rig) -> None:
    rig.deliver(b"")
    assert rig.demux.counters.empty == 1


@given(datagram=st.binary(max_size=1500), checked=st.booleans())
def test_random_datagrams_never_raise(datagram: bytes, checked: bool) -> None:
    rig = Rig()
    if checked:
        rig.demux.check_address(HOME, rig.peer, 1)
    rig.deliver(datagram)
    assert not rig.peer.requests


@given(position=st.integers(0, 103), flip=st.integers(1, 255))
def test_mutated_checks_never_raise_nor_pass(position: int, flip: int) -> None:
    rig = Rig()
    changed = bytearray(a_check())
    changed[position % len(changed)] ^= flip
    rig.deliver(bytes(changed))
    assert not rig.peer.requests
