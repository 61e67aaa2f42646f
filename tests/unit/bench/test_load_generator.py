"""The benchmark's load generator counts packets on the wire correctly."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pylibsrtp import Policy, Session

from tests.bench import native
from tests.bench.native import SILENT, TALKS, NativeLoad
from tests.bench.sfu.fleet import Fleet
from tests.fakes.rtc import tone_clip
from tests.fakes.srtp_clients import rtp_packet, session_pair

SSRC, SLOT_SSRC = 0x1234, 0x5678
LOCALHOST = socket.inet_aton("127.0.0.1")


class Wire:
    """One link of the generator, and the server's end of it: a socket and two sessions."""

    def __init__(self) -> None:
        self.server, self.client = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for sock in (self.server, self.client):
            sock.bind(("127.0.0.1", 0))
        self.server.settimeout(10)
        self.client.setblocking(False)
        self.rx, client_tx = session_pair()
        client_rx, self.tx = session_pair()
        self.load = NativeLoad(4, tone_clip(440))
        self._sessions = client_rx, client_tx
        self.link = self.load.add(
            self.client.fileno(), self._sessions, (LOCALHOST, self.server.getsockname()[1]), SSRC, 111, 1
        )
        self._thread = threading.Thread(target=self.load.run)
        self._thread.start()

    def send(self, datagram: bytes) -> None:
        self.server.sendto(datagram, self.client.getsockname())

    def send_rtp(self, sequence: int, sent_ns: int = 0) -> None:
        payload = b"frame" + (sent_ns or time.time_ns()).to_bytes(8, "big")
        self.send(
            self.tx.protect(rtp_packet(ssrc=SLOT_SSRC, sequence=sequence, timestamp=0, payload=payload))
        )

    def next_rtp(self) -> bytes:
        """The next RTP packet that the generator sent, decrypted."""
        while True:
            datagram = self.server.recv(2048)
            if not 192 <= datagram[1] <= 223:
                return self.rx.unprotect(datagram)

    def close(self) -> None:
        self.load.stop()
        self._thread.join()
        self.server.close()
        self.client.close()


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.close()


def until(holds: Callable[[], bool]) -> None:
    """Polls: the generator runs in a thread that sends no events."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "the condition was not met in time"
        time.sleep(0.002)


def test_a_talking_link_sends_one_valid_packet_after_the_other(wire: Wire) -> None:
    wire.load.speak(wire.link, TALKS, 0)
    packets = [wire.next_rtp() for _ in range(3)]
    numbers = [struct.unpack_from("!HII", packet, 2) for packet in packets]
    assert [number[0] for number in numbers] == [1000, 1001, 1002]
    assert [number[1] for number in numbers] == [10_000, 10_960, 11_920]
    assert {number[2] for number in numbers} == {SSRC}


def test_a_silent_link_sends_no_more_audio(wire: Wire) -> None:
    wire.load.speak(wire.link, TALKS, 0)
    wire.next_rtp()
    wire.load.speak(wire.link, SILENT, 0)
    sent = wire.load.totals().sent
    wire.send_rtp(1)
    until(lambda: wire.load.totals().received == 1)
    assert wire.load.totals().sent == sent


def test_missing_numbers_are_gaps_and_late_packets_are_not(wire: Wire) -> None:
    for sequence in (65_534, 65_535, 2, 1):
        wire.send_rtp(sequence)
    until(lambda: wire.load.totals().received == 4)
    assert wire.load.totals().gaps == 1


def test_the_delay_is_that_from_the_stamp_to_the_kernels_arrival_time(wire: Wire) -> None:
    wire.client.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    wire.send_rtp(1, time.time_ns() - 50_000_000)
    until(lambda: wire.load.totals().checked == 1)
    found = [delay for delay, count in enumerate(wire.load.totals().delays) if count]
    assert len(found) == 1
    assert found[0] >= 50_000


def test_a_packet_under_another_key_is_counted_as_forged(wire: Wire) -> None:
    stranger = Session(Policy(bytes(44), Policy.SSRC_ANY_OUTBOUND, Policy.SRTP_PROFILE_AEAD_AES_256_GCM))
    wire.send(stranger.protect(rtp_packet(ssrc=SLOT_SSRC, sequence=1, timestamp=0, payload=bytes(16))))
    until(lambda: wire.load.totals().forged == 1)
    assert wire.load.totals().checked == 0


def test_datagrams_other_than_rtp_and_rtcp_are_passed_on(wire: Wire) -> None:
    check = b"\x00\x01" + bytes(18)
    wire.send(check)
    until(lambda: (kept := wire.load.take()) is not None and (kept.link, kept.data) == (wire.link, check))


def test_an_index_that_was_forgotten_is_given_again(wire: Wire) -> None:
    wire.load.forget(wire.link)
    again = wire.load.add(wire.client.fileno(), wire._sessions, (LOCALHOST, 9), SSRC, 111, 1)
    assert again == wire.link


async def test_tasks_that_outlive_a_fleet_see_its_final_state() -> None:
    """After a failed scenario its measurements and joins continue while everything is closed."""
    fleet = Fleet(capacity=1000)
    rx, _ = session_pair()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        async with fleet:
            pass
        stretch = await fleet.watch(os.getpid(), 0)
        late = fleet.add_receiver(sock, rx)
        fleet.forget(late)
    assert stretch.received == 0


def test_a_half_written_generator_is_never_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = tmp_path / "build" / "bench.so"

    def compiler(command: list[str], **_: object) -> None:
        Path(command[command.index("-o") + 1]).write_bytes(b"half of it")
        assert not built.exists()

    monkeypatch.setattr(subprocess, "run", compiler)
    native._compile([], built)
    assert list(built.parent.iterdir()) == [built]
