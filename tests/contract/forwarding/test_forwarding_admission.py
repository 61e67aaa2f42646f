"""Packets that are refused change nothing."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sfu.data_plane import AnsweredMedia, Backend, Path
from tests.contract.forwarding.backends import BACKENDS
from tests.contract.forwarding.test_forwarding_repair import red
from tests.fakes.fuzzing import fuzz
from tests.fakes.srtp_clients import Room, rtp_packet, session_pair


@pytest.mark.parametrize(
    ("fields", "reason"), [({"ssrc": 0xBAD}, "ssrc"), ({"payload_type": 0}, "payload_type")]
)
def test_only_the_ssrc_and_payload_types_of_the_answer_are_accepted(
    room: Room, fields: dict[str, int], reason: str
) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    ann.say(b"x", **fields)
    assert bob.heard() == []
    assert room.dropped() == {reason: 1}
    assert room.events.log == [], "nothing was decrypted, so no liveness was reported"


def test_red_is_refused_from_a_peer_whose_answer_has_none(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    ann.say(b"\x6fx", payload_type=63)
    assert bob.heard() == []
    assert room.dropped() == {"payload_type": 1}


def test_nothing_is_accepted_before_the_answer_or_the_keys(backend: Backend) -> None:
    room = Room(backend)
    ann = room.join(answer=AnsweredMedia(ssrc=None))
    ann.say(b"x")
    assert room.dropped() == {"ssrc": 1}


def test_a_forged_packet_changes_nothing(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    _, stranger = session_pair()
    for number in range(100):
        forged = rtp_packet(
            ssrc=ann.ssrc, sequence=number * 600, timestamp=number, payload=b"forged" * 9, level=0
        )
        room.data_plane.receive(ann.handle, stranger.protect(forged), Path(("198.51.100.9", 9)), room.now)
    assert bob.heard() == []
    assert room.dropped() == {"auth": 100}
    assert room.events.log == []
    ann.say(b"real")
    assert [p.payload for p in bob.heard()] == [b"real"]


def test_a_replayed_packet_is_not_forwarded_twice(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    packet = ann.packet(b"once")
    for _ in range(3):
        ann.deliver(packet)
    assert len(bob.heard()) == 1
    assert room.dropped() == {"replay": 2}


def test_an_authentic_packet_is_reported_when_its_path_changes_and_otherwise_twice_a_second(
    room: Room,
) -> None:
    ann = room.join()
    for number in range(100):
        ann.say(b"x")
        room.frame()
        if number == 60:
            ann.path = Path(("192.0.2.200", 4242))
    heard = [(entry[2], entry[3]) for entry in room.events.of("alive")]
    assert len(heard) == 5
    assert [path for path, _ in heard].count(Path(("192.0.2.200", 4242))) == 2
    assert heard[3][1] == pytest.approx(1000 + 61 * 0.02), "at once"


def test_rtcp_sources_of_one_client_are_limited(room: Room) -> None:
    ann = room.join()
    for source in range(100):
        ann.send_rtcp(bytes.fromhex("80c90001") + source.to_bytes(4))
    assert room.dropped() == {"ssrc": 60}


def test_oversized_and_tiny_datagrams_are_malformed(room: Room) -> None:
    ann = room.join()
    for size in (0, 1, 2, 11, 1501, 65_000):
        ann.deliver(b"\x80" * size)
    assert room.dropped() == {"malformed": 6}


def test_audio_never_crosses_rooms(room: Room) -> None:
    ann, eve = room.join(), room.join(room_id="next door")
    room.assign(eve, [ann, None])
    ann.say(b"between us")
    assert eve.rtp == []


@pytest.mark.fuzz
@pytest.mark.parametrize("backend", BACKENDS)
@fuzz(examples=60)
@given(datagrams=st.lists(st.binary(max_size=80), max_size=20))
def test_no_datagram_raises_or_is_forwarded(backend: Backend, datagrams: list[bytes]) -> None:
    room = Room(backend)
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    head = bytes.fromhex("806f0001000000010000") + ann.ssrc.to_bytes(4)[2:]
    for datagram in datagrams:
        ann.deliver(datagram)
        ann.deliver(head + datagram)
    assert bob.rtp == []
    assert sum(room.dropped().values()) == 2 * len(datagrams)


@pytest.mark.fuzz
@pytest.mark.parametrize("backend", BACKENDS)
@fuzz(examples=60)
@given(
    bodies=st.lists(st.binary(min_size=1, max_size=60), max_size=20),
    kinds=st.lists(st.sampled_from([111, 63]), min_size=20, max_size=20),
    extensions=st.lists(st.binary(max_size=24), min_size=20, max_size=20),
)
def test_no_content_of_an_authentic_packet_raises(
    backend: Backend, bodies: list[bytes], kinds: list[int], extensions: list[bytes]
) -> None:
    """A malicious client has keys: what it encrypts must do no harm either."""
    room = Room(backend)
    ann = room.join(answer=AnsweredMedia(ssrc=0x1001, red_payload_type=63))
    bob = room.join(answer=AnsweredMedia(ssrc=0x1002, red_slots=True))
    room.everyone_hears_everyone()
    for number, (payload, kind, extension) in enumerate(zip(bodies, kinds, extensions, strict=False)):
        block = extension[: len(extension) // 4 * 4]
        head = bytearray(
            rtp_packet(ssrc=ann.ssrc, sequence=number, timestamp=number * 960, payload=b"", payload_type=kind)
        )
        head[0] |= 0x10 | (0x20 if payload[0] & 1 else 0)
        profile = (0xBEDE if kind == 111 else 0x1000).to_bytes(2)
        packet = bytes(head) + profile + (len(block) // 4).to_bytes(2) + block + payload
        ann.deliver(ann.tx.protect(packet))
        room.frame()
    assert bob.undecryptable == 0


@pytest.mark.fuzz
@pytest.mark.parametrize("backend", BACKENDS)
@fuzz(examples=60)
@given(
    compounds=st.lists(
        st.tuples(
            st.integers(0, 31), st.sampled_from([200, 201, 202, 203, 205, 206, 207]), st.binary(max_size=64)
        ),
        max_size=20,
    )
)
def test_no_content_of_an_authentic_rtcp_packet_raises(
    backend: Backend, compounds: list[tuple[int, int, bytes]]
) -> None:
    room = Room(backend)
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    bob.say(b"something to ask for")
    for count, kind, content in compounds:
        head = bytes((0x80 | count, kind)) + (1 + len(content) // 4).to_bytes(2)
        ann.send_rtcp(head + ann.ssrc.to_bytes(4) + content)
        ann.send_rtcp(head + ann.ssrc.to_bytes(4) + ann.slot_ssrcs[0].to_bytes(4) + content)
        room.frame()
    list(room.data_plane.link_quality())
    assert ann.undecryptable == 0


def test_a_flood_adds_only_counters_of_known_reasons(room: Room) -> None:
    ann = room.join()
    for _ in range(500):
        ann.deliver(os.urandom(60))
    assert set(room.data_plane.counters.dropped or {}) == {
        "no_session",
        "ssrc",
        "payload_type",
        "malformed",
        "auth",
        "replay",
        "muted",
        "too_many",
        "not_loudest",
        "duplicate",
        "old",
        "no_destination",
        "protect",
    }


def test_no_publisher_is_forwarded_faster_than_a_microphone_sends(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    for _ in range(1000):
        ann.say(b"x")
    burst = len(bob.heard())
    assert burst == 400, "the burst of a connection that had stalled is accepted"
    assert room.dropped() == {"too_many": 600}
    for _ in range(250):
        room.frame()
        for _ in range(20):
            ann.say(b"x")
    assert len(bob.heard()) - burst == pytest.approx(5 * 200, abs=5)
    numbers = [packet.sequence for packet in bob.heard()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), (
        "dropped packets do not count as loss for listeners"
    )


def test_packets_recovered_from_red_count_as_forwarded(backend: Backend) -> None:
    room = Room(backend)
    ann, bob = room.join(answer=AnsweredMedia(ssrc=0x1001, red_payload_type=63)), room.join()
    room.everyone_hears_everyone()

    def skip_eight_and_say_nine() -> None:
        for _ in range(8):
            ann.packet(b"")
        ann.say(red(b"9", *(b"%d" % older for older in range(8))), payload_type=63)

    for _ in range(200):
        skip_eight_and_say_nine()
    burst = len(bob.heard())
    assert burst == pytest.approx(400, abs=9)
    for _ in range(250):
        room.frame()
        for _ in range(3):
            skip_eight_and_say_nine()
    assert len(bob.heard()) - burst == pytest.approx(5 * 200, abs=18)
