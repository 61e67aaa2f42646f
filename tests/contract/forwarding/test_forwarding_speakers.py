"""Detection of speech, dominant speaker, and loudest-k forwarding."""

from __future__ import annotations

from server.sfu.data_plane import AnsweredMedia, Backend, DataPlaneOptions
from tests.fakes.srtp_clients import Client, Room


def converse(room: Room, seconds: float, **levels: tuple[Client, int | None]) -> None:
    for number in range(round(seconds * 50)):
        for name, (client, level) in levels.items():
            client.say(f"{name} {number}".encode() * 8, level=level)
        room.frame()


def test_speech_is_reported_within_100_ms_and_its_end_within_half_a_second(
    room: Room,
) -> None:
    ann = room.join()
    converse(room, 3, ann=(ann, 75))
    assert room.events.of("speaking") == []
    began = room.now
    while not room.events.of("speaking"):
        converse(room, 0.02, ann=(ann, 30))
    assert room.now - began <= 0.1
    assert room.events.of("speaking") == [("speaking", 1, True, -30)]
    converse(room, 2, ann=(ann, 30))
    ended = room.now
    while len(room.events.of("speaking")) == 1:
        converse(room, 0.02, ann=(ann, 75))
    assert room.now - ended <= 0.5


def test_the_end_of_speech_is_reported_although_dtx_sends_no_packets(room: Room) -> None:
    ann = room.join()
    converse(room, 1, ann=(ann, 30))
    room.pass_time(0.5)
    assert [entry[2] for entry in room.events.of("speaking")] == [True, False]


def test_speech_of_a_client_without_levels_is_detected_by_packet_size(room: Room) -> None:
    ann = room.join(answer=AnsweredMedia(ssrc=0x1001, has_levels=False))
    for _ in range(20):
        ann.say(b"\x00", level=None)
        room.frame()
    assert room.events.of("speaking") == []
    converse(room, 0.1, ann=(ann, None))
    assert [entry[2] for entry in room.events.of("speaking")] == [True]
    for _ in range(40):
        ann.say(b"\x00", level=None)
        room.frame()
    assert [entry[2] for entry in room.events.of("speaking")] == [True, False]


def test_a_speaker_stays_dominant_until_another_takes_over(room: Room) -> None:
    ann, bob = room.join(), room.join()
    converse(room, 3, ann=(ann, 25), bob=(bob, 80))
    assert room.events.of("dominant") == [("dominant", "room", 1)]
    converse(room, 4, ann=(ann, 80), bob=(bob, 25))
    assert room.events.of("dominant")[1:] == [("dominant", "room", 2)]


def test_a_cough_does_not_become_dominant(room: Room) -> None:
    ann, bob = room.join(), room.join()
    converse(room, 3, ann=(ann, 25), bob=(bob, 80))
    converse(room, 0.2, ann=(ann, 25), bob=(bob, 10))
    converse(room, 2, ann=(ann, 25), bob=(bob, 80))
    assert room.events.of("dominant") == [("dominant", "room", 1)]


def test_a_silent_room_and_one_whose_speaker_left_or_was_muted_have_no_dominant_speaker(room: Room) -> None:
    ann, bob = room.join(), room.join()
    converse(room, 2, ann=(ann, 85), bob=(bob, 127))
    assert room.events.of("dominant") == []
    converse(room, 2, ann=(ann, 20), bob=(bob, 127))
    room.data_plane.set_muted(ann.handle, True, at_once=True, now=room.now)
    assert room.events.of("dominant")[-1] == ("dominant", "room", None)
    converse(room, 2, bob=(bob, 20))
    assert room.events.of("dominant")[-1] == ("dominant", "room", 2)
    room.data_plane.remove_peer(bob.handle)
    assert room.events.of("dominant")[-1] == ("dominant", "room", None)


def test_only_the_loudest_are_forwarded_and_the_tutor_always(backend: Backend) -> None:
    room = Room(backend, DataPlaneOptions(forward_loudest=2))
    speakers = [room.join(slots=0) for _ in range(4)]
    tutor = room.join(slots=0, always_forwarded=True)
    listener = room.join(slots=5)
    room.assign(listener, [*speakers, tutor])
    levels = {
        f"s{i}": (client, level)
        for i, (client, level) in enumerate(zip(speakers, (20, 40, 30, 50), strict=True))
    }
    converse(room, 1, tutor=(tutor, 90), **levels)
    heard = [len(listener.heard(mid)) for mid in range(1, 6)]
    assert heard[0] == 50
    assert heard[1] < 5
    assert heard[2] >= 45
    assert heard[3] < 5
    assert heard[4] == 50


def test_a_publisher_who_becomes_loud_again_continues_without_a_gap(backend: Backend) -> None:
    room = Room(backend, DataPlaneOptions(forward_loudest=1))
    ann, bob, eve = room.join(slots=0), room.join(slots=0), room.join(slots=2)
    room.assign(eve, [ann, bob])
    converse(room, 1, ann=(ann, 20), bob=(bob, 40))
    converse(room, 1, ann=(ann, 60), bob=(bob, 20))
    converse(room, 1, ann=(ann, 20), bob=(bob, 60))
    for mid in (1, 2):
        sequences = [packet.sequence for packet in eve.heard(mid)]
        assert sequences == list(range(sequences[0], sequences[0] + len(sequences)))
    assert 95 <= len(eve.heard(1)) <= 105
