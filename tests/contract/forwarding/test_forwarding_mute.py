"""Mute is enforced whatever the browser sends."""

from __future__ import annotations

import pytest

from server.sfu.data_plane import Backend, Path
from tests.contract.forwarding.test_forwarding_stream import SILENCE, steps, talk
from tests.fakes.srtp_clients import FRAME_SAMPLES, Client, Room


def mute(room: Room, client: Client, *, at_once: bool = False) -> None:
    room.data_plane.set_muted(client.handle, True, at_once=at_once, now=room.now)


def unmute(room: Room, client: Client) -> None:
    room.data_plane.set_muted(client.handle, False, at_once=False, now=room.now)


def test_a_publisher_who_joins_muted_is_forwarded_from_unmute_on(backend: Backend) -> None:
    room = Room(backend)
    ann, bob = room.join(muted=True), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 50)
    assert bob.heard() == []
    unmute(room, ann)
    ann.say(b"now")
    assert [p.payload for p in bob.heard()] == [b"now"]
    assert bob.heard()[0].marker


def test_a_participants_own_mute_lets_the_last_word_out_for_150_ms(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 5, b"word")
    mute(room, ann)
    talk(room, ann, 50, b"tail")
    payloads = [p.payload for p in bob.heard()]
    assert payloads == [b"word %d" % n for n in range(5)] + [b"tail %d" % n for n in range(8)] + [SILENCE] * 3


def test_a_participants_own_mute_closes_with_the_first_silent_packet(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 3)
    mute(room, ann)
    ann.say(b"last")
    room.frame()
    ann.say(b"silence", level=127)
    room.frame()
    ann.say(b"private", level=10)
    assert [p.payload for p in bob.heard()[3:]] == [b"last"] + [SILENCE] * 3


def test_a_moderators_mute_cuts_at_once(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 3)
    mute(room, ann, at_once=True)
    talk(room, ann, 20)
    assert [p.payload for p in bob.heard()[3:]] == [SILENCE] * 3


def test_a_moderators_mute_overrules_the_last_word(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 3)
    mute(room, ann)
    mute(room, ann, at_once=True)
    talk(room, ann, 3, b"unheard")
    assert [p.payload for p in bob.heard()[3:]] == [SILENCE] * 3


def test_the_silence_that_closes_a_stream_continues_it_and_speech_after_unmute_does_too(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 3)
    mute(room, ann, at_once=True)
    talk(room, ann, 50)
    unmute(room, ann)
    talk(room, ann, 3)
    heard = bob.heard()
    assert [step[0] for step in steps(heard)] == [1] * 8
    assert [step[1] for step in steps(heard)[:5]] == [FRAME_SAMPLES] * 5
    assert steps(heard)[5][1] == pytest.approx(48 * FRAME_SAMPLES, abs=2), "51 since the last word"


def test_a_mute_in_a_pause_adds_nothing(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 3)
    room.pass_time(3)
    mute(room, ann, at_once=True)
    assert len(bob.heard()) == 3


def test_a_word_after_mute_and_a_quick_unmute_is_not_lost(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 2)
    mute(room, ann)
    talk(room, ann, 2)
    unmute(room, ann)
    talk(room, ann, 20)
    assert len(bob.heard()) == 24
    assert set(steps(bob.heard())) == {(1, FRAME_SAMPLES)}


def test_a_packet_sent_while_muted_is_not_heard_when_it_arrives_after_unmute(room: Room) -> None:
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    talk(room, ann, 3)
    mute(room, ann, at_once=True)
    private = ann.packet(b"private")
    unmute(room, ann)
    ann.say(b"public")
    ann.deliver(private)
    assert b"private" not in [p.payload for p in bob.heard()]
    assert bob.heard()[-1].payload == b"public"


def test_a_publisher_muted_for_half_an_hour_is_forwarded_after_unmute(room: Room) -> None:
    """90,000 packets pass: the sequence number wraps, libsrtp's rollover counter must have followed."""
    ann, bob = room.join(), room.join()
    room.everyone_hears_everyone()
    ann.say(b"before")
    mute(room, ann, at_once=True)
    for number in range(90_000):
        packet = ann.packet(b"private")
        if number % 7:  # some are lost
            ann.deliver(packet)
        room.now += 0.02
    unmute(room, ann)
    ann.say(b"after")
    assert bob.heard()[-1].payload == b"after"
    assert b"private" not in [p.payload for p in bob.heard()]


def test_packets_of_muted_peers_are_not_decrypted_except_one_each_500_ms(room: Room) -> None:
    ann, _ = room.join(muted=True), room.join()
    for _ in range(500):
        ann.say(b"x")
        room.now += 0.02
    assert 18 <= len(room.events.of("alive")) <= 21
    forged = bytearray(ann.packet(b"x"))
    forged[-1] ^= 1
    ann.say(b"x")
    ann.deliver(bytes(forged))
    assert "auth" not in room.dropped()
    assert room.dropped()["muted"] == 502


def test_a_muted_listener_on_a_new_path_is_reported_with_the_first_packet(room: Room) -> None:
    ann = room.join(muted=True)
    ann.say(b"x")
    before, after = ann.path, Path(("192.0.2.77", 7))
    ann.path = after
    ann.say(b"x")
    assert [entry[2] for entry in room.events.of("alive")] == [before, after]


def test_muted_peers_are_never_reported_as_speaking(room: Room) -> None:
    ann, _ = room.join(), room.join()
    talk(room, ann, 10)
    assert room.events.of("speaking") == [("speaking", 1, True, -20)]
    mute(room, ann)
    assert room.events.of("speaking")[1:] == [("speaking", 1, False, -127)]
    talk(room, ann, 50)
    assert len(room.events.of("speaking")) == 2
