"""Two people who must not hear each other: no slot of one carries the other. Everybody else hears both."""

from __future__ import annotations

from server.sfu.data_plane import AnsweredMedia, Backend
from tests.contract.forwarding.test_forwarding_repair import ask, red
from tests.contract.forwarding.test_forwarding_stream import talk
from tests.fakes.srtp_clients import Client, Room


def keep_apart(room: Room, one: Client, other: Client, eve: Client) -> None:
    """As the rooms assign slots: the others keep theirs."""
    room.assign(one, [None, eve])
    room.assign(other, [None, eve])


def full_room(backend: Backend, *, red_slots: bool = False) -> tuple[Room, Client, Client, Client]:
    room = Room(backend)
    ann, bob, eve = (
        room.join(answer=AnsweredMedia(ssrc=0x1001 + index, red_payload_type=63, red_slots=red_slots))
        for index in range(3)
    )
    room.assign(ann, [bob, eve])
    room.assign(bob, [ann, eve])
    room.assign(eve, [ann, bob])
    return room, ann, bob, eve


def test_neither_of_the_two_hears_the_other_and_the_third_hears_both(backend: Backend) -> None:
    room, ann, bob, eve = full_room(backend)
    keep_apart(room, ann, bob, eve)
    for speaker in (ann, bob, eve):
        talk(room, speaker, 3)
    assert {p.csrcs for p in ann.rtp} == {(eve.handle,)}
    assert {p.csrcs for p in bob.rtp} == {(eve.handle,)}
    assert [len(eve.heard(1)), len(eve.heard(2))] == [3, 3]


def test_a_pair_kept_apart_costs_no_datagram_and_no_drop(backend: Backend) -> None:
    room, ann, bob, eve = full_room(backend)
    keep_apart(room, ann, bob, eve)
    talk(room, ann, 5)
    packets = [path for datagram, path in room.sent if not 192 <= datagram[1] <= 223]
    assert packets == [eve.path] * 5
    assert room.dropped() == {}


def test_a_pair_that_is_parted_in_mid_word_gets_nothing_of_later(backend: Backend) -> None:
    room, ann, bob, eve = full_room(backend)
    talk(room, ann, 3, b"before")
    late = ann.packet(b"late")
    keep_apart(room, ann, bob, eve)
    ann.deliver(late)
    talk(room, ann, 3, b"after")
    top = bob.heard()[-1].sequence
    ask(bob, *(n & 0xFFFF for n in range(top - 8, top + 9)))
    room.pass_time(1.0)
    payloads = [p.payload for p in bob.rtp]
    assert not [p for p in payloads if p.startswith((b"late", b"after"))]
    assert [p.payload for p in eve.heard(1)] == [b"before 0", b"before 1", b"before 2", b"late"] + [
        b"after %d" % n for n in range(3)
    ]


def test_the_slot_of_a_parted_person_carries_no_redundancy_of_them_to_the_next(backend: Backend) -> None:
    room, ann, bob, eve = full_room(backend, red_slots=True)
    ann.say(red(b"secret"), payload_type=63)
    room.assign(bob, [eve, None])
    eve.say(red(b"hello"), payload_type=63)
    assert bob.heard()[-1].csrcs == (eve.handle,)
    assert b"secret" not in bob.heard()[-1].payload


def test_a_pair_hears_each_other_again_afterwards(backend: Backend) -> None:
    room, ann, bob, eve = full_room(backend)
    keep_apart(room, ann, bob, eve)
    talk(room, ann, 2, b"unheard")
    room.assign(bob, [ann, eve])
    talk(room, ann, 2, b"heard")
    assert [p.payload for p in bob.heard()] == [b"heard 0", b"heard 1"]
