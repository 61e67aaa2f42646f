"""A subscriber's slot is one continuous stream, whichever publishers it carries."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise

import pytest
from pylibsrtp import Policy, Session

from server.sfu.data_plane import AnsweredMedia, Backend
from tests.fakes.srtp_clients import FRAME_SAMPLES, Client, Received, Room, session_pair

SILENCE = b"\xf8\xff\xfe"


def steps(packets: list[Received]) -> list[tuple[int, int]]:
    """Increase of sequence number and timestamp from packet to packet."""
    return [
        ((b.sequence - a.sequence) & 0xFFFF, (b.timestamp - a.timestamp) & 0xFFFF_FFFF)
        for a, b in pairwise(packets)
    ]


def talk(room: Room, speaker: Client, frames: int, text: bytes = b"speech") -> None:
    for number in range(frames):
        speaker.say(text + b" %d" % number)
        room.frame()


@pytest.mark.parametrize(
    "profile",
    [
        Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
        Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
        Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    ],
)
def test_speech_arrives_as_it_was_sent_under_the_slots_own_header(backend: Backend, profile: int) -> None:
    room = Room(backend)
    ann, bob = room.join(profile=profile), room.join(profile=profile)
    room.everyone_hears_everyone()
    ann.say(b"hello", level=33)
    (packet,) = bob.rtp
    assert packet.payload == b"hello"
    assert packet.ssrc == bob.slot_ssrcs[0]
    assert packet.csrcs == (ann.handle,)
    assert packet.payload_type == 111
    assert packet.extension == bytes.fromhex("bede 0001 10a1 0000")
    assert packet.marker, "a talkspurt begins"
    assert packet.sequence < 32_768
    assert bob.undecryptable == 0
    assert ann.rtp == []


def test_the_stream_continues_where_the_publishers_numbers_wrap(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 700)  # from 65,000: sequence number and timestamp both wrap
    heard = bob.heard()
    assert [p.payload for p in heard] == [b"speech %d" % n for n in range(700)]
    assert set(steps(heard)) == {(1, FRAME_SAMPLES)}
    assert [p.marker for p in heard] == [True] + [False] * 699


def test_the_slots_own_numbers_wrap_without_losing_the_listener(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    for _ in range(66_000):
        ann.say(b"x")
        room.now += 0.02
    assert len(bob.heard()) == 66_000
    bob.rx, bob.tx_server = session_pair()
    room.data_plane.set_sessions(bob.handle, bob.rx_server, bob.tx_server)
    ann.say(b"under new keys, whose count of rollovers begins anew")
    assert len(bob.heard()) == 66_001
    assert bob.undecryptable == 0


def test_new_keys_at_a_wrap_of_a_slots_numbers_begin_with_rollover_zero(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    ann.say(b"hello")
    while left := 0xFFFF - bob.rtp[-1].sequence:
        lost = min(left, 3000)
        room.now += lost * 0.02
        ann.say(b"after a gap", advance=lost)
    bob.rx, bob.tx_server = session_pair()
    room.data_plane.set_sessions(bob.handle, bob.rx_server, bob.tx_server)
    ann.say(b"under new keys")
    assert bob.rtp[-1].payload == b"under new keys"
    assert bob.rtp[-1].sequence == 0
    assert bob.undecryptable == 0


def test_a_slot_that_changes_its_publisher_continues_without_a_gap(room: Room) -> None:
    ann, bob, eve = room.join(), room.join(), room.join()
    room.assign(eve, [ann, None])
    talk(room, ann, 3)
    room.pass_time(0.98)
    bob.sequence, bob.timestamp = 7, 123_456
    room.assign(eve, [bob, None])
    talk(room, bob, 2)
    heard = eve.heard()
    assert [p.csrcs for p in heard] == [(1,)] * 3 + [(2,)] * 2
    assert [p.marker for p in heard] == [True, False, False, True, False]
    (_, _, switch, after) = steps(heard)
    assert after == (1, FRAME_SAMPLES)
    assert switch[0] == 1
    assert switch[1] == pytest.approx(48_000, abs=100), "the timestamp rises by the second that passed"


def test_a_packet_in_flight_when_the_slot_changed_is_not_forwarded(room: Room) -> None:
    ann, bob, eve = room.join(), room.join(), room.join()
    room.assign(eve, [ann, None])
    talk(room, ann, 2)
    late = ann.packet(b"late")
    room.assign(eve, [bob, None])
    talk(room, bob, 2)
    ann.deliver(late)
    assert b"late" not in [p.payload for p in eve.heard()]


def test_a_publisher_who_comes_back_to_a_slot_continues_it_and_repeats_nothing(room: Room) -> None:
    ann, bob, eve = room.join(), room.join(), room.join()
    room.assign(eve, [ann, None])
    talk(room, ann, 2, b"first")
    late = ann.packet(b"late")
    room.assign(eve, [bob, None])
    talk(room, bob, 2, b"second")
    room.assign(eve, [ann, None])
    talk(room, ann, 2, b"third")
    ann.deliver(late)
    heard = eve.heard()
    assert [p.payload.split()[0] for p in heard] == [b"first"] * 2 + [b"second"] * 2 + [b"third"] * 2
    assert {step[0] for step in steps(heard)} == {1}
    assert room.dropped()["old"] == 1


def test_reordered_packets_take_their_own_places_and_a_lost_one_leaves_a_gap(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    first, second, third, _lost, fifth = (ann.packet(b"%d" % n) for n in range(5))
    for packet in (first, third, second, fifth):
        ann.deliver(packet)
    start = bob.heard()[0].sequence
    assert [(p.sequence - start, p.payload) for p in bob.heard()] == [
        (0, b"0"),
        (2, b"2"),
        (1, b"1"),
        (4, b"4"),
    ]


def test_packets_older_than_a_slots_first_are_not_forwarded(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    early = ann.packet(b"early")
    ann.say(b"first")
    ann.deliver(early)
    assert [p.payload for p in bob.heard()] == [b"first"]


def test_a_pause_of_dtx_keeps_the_publishers_own_timing(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    ann.say(b"before")
    ann.timestamp += 19 * FRAME_SAMPLES
    room.pass_time(0.4)
    ann.say(b"after")
    assert steps(bob.heard()) == [(1, 20 * FRAME_SAMPLES)]


@pytest.mark.parametrize(("sequence", "timestamp"), [(5_000, 0), (100, 3_000_000_000), (20, 50_000_000)])
def test_a_publisher_that_restarts_its_numbers_continues_without_a_gap(
    room: Room, sequence: int, timestamp: int
) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    ann.sequence, ann.timestamp = 10, 40_000_000
    talk(room, ann, 3)
    ann.sequence, ann.timestamp = sequence, timestamp
    talk(room, ann, 3)
    assert len(bob.heard()) == 6
    assert {step[0] for step in steps(bob.heard())} == {1}
    assert [step[1] for step in steps(bob.heard())] == pytest.approx([FRAME_SAMPLES] * 5, abs=2)


def test_a_publisher_with_a_new_ssrc_continues_its_slots(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 3)
    ann.ssrc, ann.sequence, ann.timestamp = 0x7777, 400, 17
    room.data_plane.set_answer(ann.handle, AnsweredMedia(ssrc=0x7777))
    talk(room, ann, 3)
    assert len(bob.heard()) == 6
    assert {step[0] for step in steps(bob.heard())} == {1}


def test_a_subscriber_without_a_path_misses_packets_but_has_no_gap(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 2)
    room.data_plane.set_destination(bob.handle, None)
    talk(room, ann, 200)
    assert room.dropped()["no_destination"] == 200
    room.data_plane.set_destination(bob.handle, bob.path)
    talk(room, ann, 2)
    heard = bob.heard()
    assert len(heard) == 4
    assert [step[0] for step in steps(heard)] == [1, 1, 1]
    assert steps(heard)[1][1] == pytest.approx(201 * FRAME_SAMPLES, abs=100)


def test_a_publisher_that_leaves_while_speaking_is_closed_with_silence(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 3)
    room.data_plane.remove_peer(ann.handle)
    ann.say(b"ghost")
    heard = bob.heard()
    assert [p.payload for p in heard[3:]] == [SILENCE] * 3
    assert set(steps(heard)) == {(1, FRAME_SAMPLES)}
    assert room.dropped()["no_session"] == 1


def test_a_publisher_that_leaves_in_a_pause_adds_no_silence(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 3)
    room.pass_time(2.0)
    room.data_plane.remove_peer(ann.handle)
    assert len(bob.heard()) == 3


def test_slots_missing_from_the_list_carry_no_publisher(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    room.data_plane.assign(bob.handle, [], room.now)
    ann.say(b"unheard")
    assert bob.heard() == []


def test_a_removed_peers_sessions_are_released_at_once(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 2)
    talk(room, bob, 2)
    sessions: list[weakref.ref[Session]] = [weakref.ref(ann.rx_server), weakref.ref(ann.tx_server)]
    gc.disable()
    try:
        room.data_plane.remove_peer(ann.handle)
        del ann.rx_server, ann.tx_server
        assert [session() for session in sessions] == [None, None]
    finally:
        gc.enable()


def test_commands_about_unknown_peers_do_nothing(room: Room) -> None:
    ann = room.join()
    rx, tx = ann.rx_server, ann.tx_server
    room.data_plane.set_answer(99, AnsweredMedia(ssrc=1))
    room.data_plane.set_sessions(99, rx, tx)
    room.data_plane.set_destination(99, ann.path)
    room.data_plane.set_muted(99, True, at_once=True, now=room.now)
    room.data_plane.assign(99, [ann.handle], room.now)
    room.data_plane.assign(ann.handle, [99, 98, 97, 96], room.now)
    room.data_plane.receive(99, b"\x80" * 50, ann.path, room.now)
    room.data_plane.remove_peer(99)
    assert room.sent == []
    assert room.events.log == []
