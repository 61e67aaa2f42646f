"""Routing of datagrams to peers."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from aioice import stun as wire
from hypothesis import given
from hypothesis import strategies as st

from server.sfu.data_plane import TCP, Handle, Path
from server.sfu.transport import stun
from server.sfu.transport.address import Source, mapped, unmapped
from server.sfu.transport.demux import REFUSALS_PER_SECOND, Demux

HOME = Path(("192.0.2.1", 5000))
RTP = bytes([0x80, 111]) + bytes(20)
DTLS = bytes([22, 254, 253]) + bytes(30)
PASSWORD = "a-password-of-some-length"


@dataclass
class FakeEndpoint:
    password: str = PASSWORD
    requests: list[Path] = field(default_factory=list)
    responses: list[Path] = field(default_factory=list)
    dtls: list[Path] = field(default_factory=list)
    taken: list[Path] = field(default_factory=list)

    def on_request(self, request: stun.Binding, ufrag: str, path: Path, now: float) -> bool:
        if not request.is_signed_with(self.password):
            return False
        self.requests.append(path)
        return True

    def on_response(self, response: stun.Binding, path: Path, now: float) -> None:
        self.responses.append(path)

    def on_dtls(self, datagram: bytes, path: Path) -> None:
        self.dtls.append(path)

    def on_path_lost(self, path: Path) -> None:
        self.taken.append(path)


class Rig:
    def __init__(self) -> None:
        self.rtp: list[tuple[Handle, bytes, Path]] = []
        self.sent: list[tuple[bytes, Path]] = []
        self.released: list[Path] = []
        self.demux = Demux(lambda handle, data, path, now: self.rtp.append((handle, data, path)), self)
        self.peer = FakeEndpoint()
        self.demux.add_ufrag("ours", self.peer)

    def send(self, datagram: bytes, path: Path) -> None:
        self.sent.append((datagram, path))

    def path(self, source: Source) -> Path:
        return source if isinstance(source, Path) else Path(unmapped(source))

    def source(self, path: Path) -> Source:
        return path if path.transport == TCP else mapped(path.remote)

    def release(self, path: Path) -> None:
        self.released.append(path)

    def deliver(self, datagram: bytes, path: Path = HOME, now: float = 1.0) -> None:
        self.demux.deliver(datagram, self.source(path), now)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def a_check(username: str = "ours:theirs", password: str = PASSWORD) -> bytes:
    return stun.request(stun.new_transaction_id(), username, password)


def test_a_check_goes_by_its_ufrag_from_any_address(rig: Rig) -> None:
    rig.deliver(a_check())
    other = Path(("2001:db8::5", 7))
    rig.deliver(a_check(), other)
    assert rig.peer.requests == [HOME, other]


def test_a_check_for_an_unknown_fragment_gets_no_answer(rig: Rig) -> None:
    rig.deliver(a_check("nobody:theirs"))
    assert not rig.sent
    assert rig.demux.counters.unknown_ufrag == 1


def test_wrong_credentials_are_answered_with_401(rig: Rig) -> None:
    rig.deliver(a_check(password="guessed"))
    [(datagram, path)] = rig.sent
    answer = stun.parse(datagram)
    assert path == HOME
    assert answer is not None
    assert answer.kind is stun.Kind.ERROR
    assert b"\x00\x00\x04\x01" in datagram  # class 4, number 1
    assert not rig.peer.requests


def test_the_answer_to_a_request_without_credentials_is_no_longer_than_the_request(rig: Rig) -> None:
    message = wire.Message(wire.Method.BINDING, wire.Class.REQUEST)
    message.add_fingerprint()
    rig.deliver(bytes(message))
    assert rig.demux.counters.unsigned == 1
    assert all(len(answer) <= len(bytes(message)) for answer, _ in rig.sent)


def test_guesses_at_one_fragment_are_limited_for_a_second(rig: Rig) -> None:
    for _ in range(REFUSALS_PER_SECOND + 50):
        rig.deliver(a_check(password="guessed"))
    assert rig.demux.counters.rate_limited == 50
    assert len(rig.sent) == REFUSALS_PER_SECOND
    rig.deliver(a_check(), now=2.5)
    assert rig.peer.requests == [HOME]


def test_requests_without_a_fragment_are_limited_together(rig: Rig) -> None:
    message = wire.Message(wire.Method.BINDING, wire.Class.REQUEST)
    message.add_fingerprint()
    for port in range(1, REFUSALS_PER_SECOND + 51):
        rig.deliver(bytes(message), Path(("203.0.113.9", port)))
    assert rig.demux.counters.rate_limited == 50


def test_a_new_path_gets_in_while_others_forge_unknown_fragments_from_its_host(rig: Rig) -> None:
    for port in range(1, 5 * REFUSALS_PER_SECOND):
        rig.deliver(a_check("unknown:theirs"), Path((HOME.remote[0], port)))
    rig.deliver(a_check())
    assert rig.peer.requests == [HOME]
    assert rig.demux.counters.rate_limited == 0


def test_a_new_path_gets_in_while_another_peers_fragment_is_guessed_at_from_its_host(rig: Rig) -> None:
    rig.demux.add_ufrag("insider", FakeEndpoint("another password of some length"))
    for port in range(1, 5 * REFUSALS_PER_SECOND):
        rig.deliver(a_check("insider:theirs"), Path((HOME.remote[0], port)))
    assert len(rig.sent) == REFUSALS_PER_SECOND, "the rest costs no HMAC"
    rig.deliver(a_check())
    assert rig.peer.requests == [HOME]


def test_guesses_at_its_fragment_do_not_stop_a_checked_peer(rig: Rig) -> None:
    rig.demux.check_path(HOME, rig.peer, 1)
    for _ in range(REFUSALS_PER_SECOND + 1):
        rig.deliver(a_check(password="guessed"), Path((HOME.remote[0], 9)))
    rig.deliver(a_check())
    assert rig.peer.requests == [HOME]


def test_rtp_is_accepted_on_checked_paths_only(rig: Rig) -> None:
    rig.deliver(RTP)
    rig.demux.open_path(HOME, rig.peer)
    rig.deliver(RTP)
    assert rig.rtp == []
    rig.demux.check_path(HOME, rig.peer, 7)
    rig.deliver(RTP)
    assert rig.rtp == [(7, RTP, HOME)]
    rig.demux.close_path(HOME, rig.peer)
    rig.deliver(RTP)
    assert len(rig.rtp) == 1
    assert rig.demux.counters.unknown_source == 3


def test_dtls_on_an_unknown_path_is_dropped(rig: Rig) -> None:
    rig.deliver(DTLS)
    assert rig.demux.counters.unknown_source == 1
    rig.demux.open_path(HOME, rig.peer)
    rig.deliver(DTLS)
    assert rig.peer.dtls == [HOME]


def test_a_response_goes_by_its_transaction(rig: Rig) -> None:
    mine = stun.new_transaction_id()
    rig.demux.expect_response(mine, rig.peer)
    rig.deliver(stun.success(stun.new_transaction_id(), HOME.remote, PASSWORD))
    assert rig.peer.responses == []
    rig.deliver(stun.success(mine, HOME.remote, PASSWORD))
    assert rig.peer.responses == [HOME]


def test_a_path_belongs_to_the_peer_that_was_checked_on_it_last(rig: Rig) -> None:
    other = FakeEndpoint()
    rig.demux.check_path(HOME, rig.peer, 1)
    rig.demux.open_path(HOME, other)  # claimed, not checked
    rig.deliver(DTLS)
    assert (rig.peer.dtls, other.dtls) == ([HOME], [])
    rig.demux.check_path(HOME, other, 2)
    assert rig.peer.taken == [HOME]
    rig.demux.close_path(HOME, rig.peer)  # its reaction to on_path_lost
    rig.deliver(RTP)
    assert rig.rtp == [(2, RTP, HOME)]


def test_an_empty_datagram_is_dropped(rig: Rig) -> None:
    rig.deliver(b"")
    assert rig.demux.counters.empty == 1


@given(datagram=st.binary(max_size=1500), checked=st.booleans())
def test_random_datagrams_never_raise(datagram: bytes, checked: bool) -> None:
    rig = Rig()
    if checked:
        rig.demux.check_path(HOME, rig.peer, 1)
    rig.deliver(datagram)
    assert not rig.peer.requests


@given(position=st.integers(0, 103), flip=st.integers(1, 255))
def test_mutated_checks_never_raise_nor_pass(position: int, flip: int) -> None:
    rig = Rig()
    changed = bytearray(a_check())
    changed[position % len(changed)] ^= flip
    rig.deliver(bytes(changed))
    assert not rig.peer.requests
