from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.common import rtp
from tests.fakes.fuzzing import fuzz

HEAD = bytes.fromhex("806f 0102 00000304 0000aabb")


def test_a_plain_packet_is_read() -> None:
    packet = rtp.parse(HEAD + b"opus")
    assert packet == rtp.RtpPacket(111, False, 0x0102, 0x0304, 0xAABB, None, None, b"", b"opus")


def test_csrcs_are_skipped_the_extension_kept_whole_and_padding_taken_off() -> None:
    block = bytes.fromhex("bede0001 10a10000")
    data = bytes.fromhex("b2ef") + HEAD[2:] + b"CSR1CSR2" + block + b"opus" + b"\0\0\3"
    packet = rtp.parse(data)
    assert packet is not None
    assert (packet.marker, packet.extension, packet.payload) == (True, block, b"opus")
    assert packet.csrc == int.from_bytes(b"CSR1")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD,
        HEAD[:11],
        b"\x40" + HEAD[1:] + b"x",
        b"\x8f" + HEAD[1:] + b"too few CSRCs",
        b"\x90" + HEAD[1:] + b"\xbe\xde",
        b"\x90" + HEAD[1:] + b"\xbe\xde\x00\x09short",
        b"\xa0" + HEAD[1:] + b"all padding\x0c",
        b"\xa0" + HEAD[1:] + b"zero padding\x00",
        b"\xa0" + HEAD[1:] + b"\xff",
    ],
)
def test_malformed_packets_are_refused(data: bytes) -> None:
    assert rtp.parse(data) is None


@pytest.mark.parametrize(
    ("block", "level"),
    [
        ("bede0001 10a10000", 0x21),
        ("bede0001 107f0000", 127),
        ("bede0002 22aabbcc 1005 0000", 5),
        ("bede0001 00001005", 5),
        ("bede0001 20a10000", None),
        ("bede0001 f0001005", None),
        ("10000001 01010600", 6),
        ("10050002 0902aabb 01010700", 7),
        ("10000001 01000000", None),
        ("abcd0001 10a10000", None),
        ("", None),
        ("bede0000", None),
    ],
)
def test_the_audio_level_is_found_in_one_and_two_byte_extensions(block: str, level: int | None) -> None:
    assert rtp.audio_level(bytes.fromhex(block), 1) == level


@pytest.mark.fuzz
@fuzz(examples=300)
@given(st.binary(max_size=60))
@example(b"\x90" + HEAD[1:] + bytes.fromhex("bede0001 00000010") + b"x")
def test_no_bytes_raise(data: bytes) -> None:
    for candidate in (data, HEAD + data, b"\xbf" + HEAD[1:] + data):
        packet = rtp.parse(candidate)
        if packet is not None:
            assert packet.payload
            level = rtp.audio_level(packet.extension, 1)
            assert level is None or 0 <= level <= 127
    for profile in (b"\xbe\xde", b"\x10\x00"):
        rtp.audio_level(profile + data, 1)


@given(st.integers(0, 2**40), st.integers(-32_768, 32_767))
def test_unwrapping_finds_the_nearest_number(near: int, distance: int) -> None:
    assert rtp.unwrap16((near + distance) & 0xFFFF, near) == near + distance
    assert rtp.unwrap32((near + distance * 65_536) & 0xFFFF_FFFF, near) == near + distance * 65_536


def test_a_built_packet_is_read_back_with_its_level() -> None:
    packet = rtp.parse(rtp.build(111, 7, 960, 5, b"payload", marker=True, level=(1, 33)), level_id=1)
    assert packet is not None
    assert (packet.payload_type, packet.marker, packet.sequence, packet.timestamp, packet.ssrc) == (
        111, True, 7, 960, 5,
    )  # fmt: skip
    assert (packet.csrc, packet.level, packet.payload) == (None, 33, b"payload")
    without = rtp.parse(rtp.build(111, 7, 960, 5, b"payload", marker=False, level=None), level_id=1)
    assert without is not None
    assert (without.marker, without.level, without.extension) == (False, None, b"")


@given(st.binary(max_size=80))
def test_no_bytes_raise_when_the_level_is_read(data: bytes) -> None:
    rtp.parse(data, 1)
    rtp.parse(bytes((0x90,)) + data, 1)
