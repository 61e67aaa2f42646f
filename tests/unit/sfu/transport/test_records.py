"""Filter and queue before the DTLS engine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sfu.transport.records import MAX_REPEATS, MAX_WAITING, RecordChannel, is_acceptable

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23


def record(kind: int, body: bytes = b"\x01\x02", *, epoch: int = 0, version: bytes = b"\xfe\xfd") -> bytes:
    return bytes([kind]) + version + epoch.to_bytes(2, "big") + bytes(6) + len(body).to_bytes(2, "big") + body


@pytest.mark.parametrize(
    "datagram",
    [
        record(HANDSHAKE),
        record(HANDSHAKE, version=b"\xfe\xff"),
        record(HANDSHAKE) + record(CHANGE_CIPHER_SPEC, b"\x01") + record(HANDSHAKE, epoch=1),
        record(ALERT, epoch=1),
    ],
)
def test_whole_records_pass(datagram: bytes) -> None:
    assert is_acceptable(datagram)


@pytest.mark.parametrize(
    "datagram",
    [
        b"",
        b"\x16",
        record(HANDSHAKE)[:-1],
        record(HANDSHAKE) + b"\0",
        record(HANDSHAKE, b""),
        record(HANDSHAKE, version=b"\x03\x03"),
        record(24),
        record(ALERT, b"\x02\x28"),
        record(HANDSHAKE) + record(ALERT, b"\x02\x28"),
        record(APPLICATION_DATA),
    ],
)
def test_fragments_unknown_types_and_unprotected_alerts_do_not_pass(datagram: bytes) -> None:
    assert not is_acceptable(datagram)


@given(st.binary(max_size=1500))
def test_random_bytes_never_raise(datagram: bytes) -> None:
    is_acceptable(datagram)


async def test_the_queue_is_bounded() -> None:
    channel = RecordChannel(lambda _: None)
    taken = [channel.put(record(HANDSHAKE, bytes([i + 1]))) for i in range(MAX_WAITING + 10)]
    assert taken.count(True) == MAX_WAITING


async def test_the_last_flight_is_repeated_a_few_times_until_a_newer_one() -> None:
    sent: list[bytes] = []
    channel = RecordChannel(sent.append)
    channel.put(record(HANDSHAKE))
    await channel.take()
    await channel._send(b"hello")
    await channel._send(b"certificate")
    for tenth in range(3):
        channel.tick(10 + tenth / 10)
    assert sent == [b"hello", b"certificate"] * 2
    channel.put(record(HANDSHAKE))
    await channel.take()
    sent.clear()
    await channel._send(b"finished")
    for tenth in range(100):
        channel.tick(20 + tenth / 10)
    assert sent == [b"finished"] * (1 + MAX_REPEATS)


async def test_closing_wakes_the_reader_and_drops_the_queue() -> None:
    channel = RecordChannel(lambda _: None)
    channel.put(record(HANDSHAKE))
    channel.close()
    channel.close()
    with pytest.raises(ConnectionError):
        await channel.take()
    with pytest.raises(ConnectionError):
        await channel.take()
    assert not channel.put(record(HANDSHAKE))
