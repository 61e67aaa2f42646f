"""One outgoing sequence number carries one payload, ever, whatever publishers, subscribers and networks do.

AES-GCM under one nonce with two payloads gives its secrets away, so this is searched for, not only exampled.
"""

from __future__ import annotations

import hashlib
from random import Random

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from server.common import rtcp
from server.sfu.data_plane import AnsweredMedia, Backend, DataPlaneOptions
from tests.contract.forwarding.backends import BACKENDS
from tests.contract.forwarding.test_forwarding_repair import red
from tests.fakes.fuzzing import fuzz
from tests.fakes.srtp_clients import Client, Room

PEOPLE = st.integers(0, 2)
CARRIED = st.sampled_from([0, 1, 2, 0, 1, 2, None])
MOSTLY_NOT = st.sampled_from([False, False, False, True])


class Conversation(RuleBasedStateMachine):
    """Three people with two slots each; packets in flight may arrive in any order, twice or never."""

    backend: Backend

    @initialize(loudest=st.sampled_from([0, 0, 1]))
    def gather(self, loudest: int) -> None:
        self.room = Room(type(self).backend, DataPlaneOptions(forward_loudest=loudest))
        self.people: list[Client] = [
            self.room.join(
                answer=AnsweredMedia(ssrc=0x1001 + index, red_payload_type=63, red_slots=index == 2)
            )
            for index in range(3)
        ]
        self.flying: list[tuple[Client, bytes]] = []
        self.payloads: list[bytes] = [b""] * 3
        self.numbers: dict[int, int] = {}
        self.spoken = 0
        self.seen: dict[tuple[bytes, bytes], bytes] = {}
        self.checked = 0
        self.room.everyone_hears_everyone()

    @rule(seed=st.integers(0, 2**32), frames=st.integers(1, 8))
    def talk(self, seed: int, frames: int) -> None:
        """Everyone, over a network that delays, loses and doubles; a burst each step, to go far in few."""
        random = Random(seed)
        for _ in range(frames):
            for who in range(3):
                if random.random() < 0.7:
                    self._speak(who, random)
            while self.flying and random.random() < 0.5:
                self._land(random)
            self.room.frame()

    def _speak(self, who: int, random: Random) -> None:
        """Some are wrong: the redundancy differs from the packet before."""
        person, self.spoken = self.people[who], self.spoken + 1
        payload = b"%d" % self.spoken
        previous, self.payloads[who] = self.payloads[who] or b"x", payload
        level = random.choice([10, 30, 127])
        if random.random() < 0.5:
            older = previous if random.random() < 0.8 else b"lie" + payload
            packet = person.packet(red(payload, older), level=level, payload_type=63)
        else:
            packet = person.packet(payload, level=level)
        if random.random() < 0.4:
            self.flying.append((person, packet))
        else:
            person.deliver(packet)

    def _land(self, random: Random) -> None:
        person, packet = self.flying.pop(random.randrange(len(self.flying)))
        for _ in range(random.choice([0, 1, 1, 1, 2])):
            person.deliver(packet)

    @rule(who=PEOPLE, sequence=st.integers(0, 0xFFFF), timestamp=st.integers(0, 0xFFFF_FFFF))
    def jump(self, who: int, sequence: int, timestamp: int) -> None:
        person = self.people[who]
        person.sequence += sequence % 20_000  # libsrtp takes less than 2^15 for going forward
        person.timestamp = timestamp
        person.say(b"after a restart")

    @rule(who=PEOPLE, ssrc=st.integers(1, 2))
    def change_ssrc(self, who: int, ssrc: int) -> None:
        """Each stream goes on with its own numbers: a sender's libsrtp would refuse to go back. A new one
        begins low enough to be below 2^15 after a jump too, else its first index is guessed wrong (RFC 3711
        section 3.3.1)."""
        person = self.people[who]
        self.numbers[person.ssrc] = person.sequence
        person.ssrc = 0x100 * ssrc + who
        person.sequence = self.numbers.get(person.ssrc, person.sequence % 0x2000)
        answer = AnsweredMedia(ssrc=person.ssrc, red_payload_type=63, red_slots=who == 2)
        self.room.data_plane.set_answer(person.handle, answer)

    @rule(who=PEOPLE, muted=MOSTLY_NOT, at_once=st.booleans())
    def mute(self, who: int, muted: bool, at_once: bool) -> None:
        self.room.data_plane.set_muted(self.people[who].handle, muted, at_once=at_once, now=self.room.now)

    @rule(who=PEOPLE, first=CARRIED, second=CARRIED)
    def assign(self, who: int, first: int | None, second: int | None) -> None:
        carried = [None if index is None else self.people[index] for index in (first, second)]
        self.room.assign(self.people[who], carried)

    @rule(who=PEOPLE, lost=MOSTLY_NOT)
    def move(self, who: int, lost: bool) -> None:
        person = self.people[who]
        self.room.data_plane.set_destination(person.handle, None if lost else person.path)

    @rule(wants=st.booleans())
    def toggle_red(self, wants: bool) -> None:
        person = self.people[1]
        answer = AnsweredMedia(ssrc=person.ssrc, red_payload_type=63, red_slots=wants)
        self.room.data_plane.set_answer(person.handle, answer)

    @rule(who=PEOPLE, slot=st.integers(0, 1), back=st.integers(-3, 40))
    def ask_again(self, who: int, slot: int, back: int) -> None:
        person = self.people[who]
        heard = person.heard(slot + 1)
        newest = heard[-1].sequence if heard else 100
        wanted = [(newest - back - offset) & 0xFFFF for offset in range(-3, 20)]
        report = rtcp.receiver_report(person.ssrc)
        person.send_rtcp(report + rtcp.nack(person.ssrc, person.slot_ssrcs[slot], wanted))

    @rule(seconds=st.sampled_from([0.2, 1.0, 20.0]))
    def wait(self, seconds: float) -> None:
        self.room.pass_time(seconds, step=seconds / 4)

    @invariant()
    def one_number_carries_one_payload(self) -> None:
        for datagram, _ in self.room.sent[self.checked :]:
            if 192 <= datagram[1] <= 223:
                continue
            number = datagram[8:12], datagram[2:4]
            digest = hashlib.sha256(datagram).digest()
            assert self.seen.setdefault(number, digest) == digest
        self.checked = len(self.room.sent)

    @invariant()
    def listeners_can_decrypt_everything_once(self) -> None:
        for person in self.people:
            again = len(self.room.sent) - len({datagram for datagram, _ in self.room.sent})
            assert person.undecryptable <= again


@pytest.mark.fuzz
@pytest.mark.parametrize("backend", BACKENDS)
def test_one_outgoing_sequence_number_carries_one_payload(backend: Backend) -> None:
    machine = type("ConversationOfBackend", (Conversation,), {"backend": staticmethod(backend)})
    run_state_machine_as_test(machine, settings=fuzz(examples=40, steps=60))
