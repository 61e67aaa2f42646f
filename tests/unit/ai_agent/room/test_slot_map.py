from __future__ import annotations

from ai_agent.room.offer import Slot
from ai_agent.room.slots import MAX_HELD, SlotMap
from tests.fakes.rtc.clips import tone_clip
from tests.unit.ai_agent.room.packets import RecordingSink, packets_of

TONE = packets_of(tone_clip(440, 4.0))


class _Room:
    def __init__(self) -> None:
        self.sinks: dict[str, RecordingSink] = {}
        self.map = SlotMap([Slot("1", 5), Slot("2", 6)], self._sink)
        self.sent = 0

    def _sink(self, participant: str) -> RecordingSink:
        return self.sinks.setdefault(participant, RecordingSink())

    def send(self, source: int, count: int) -> None:
        """On the first slot."""
        for _ in range(count):
            self.map.receive(TONE[self.sent]._replace(csrc=source), self.sent * 0.02)
            self.sent += 1

    def assign(self, first: str | None, second: str | None = None) -> None:
        self.map.assign({"1": first, "2": second}, self.sent * 0.02)

    def heard(self, participant: str) -> int:
        return len(self.sinks[participant].frames) if participant in self.sinks else 0


def test_each_slot_is_attributed_to_the_participant_it_carries() -> None:
    room = _Room()
    room.assign("ann", "bob")
    room.send(1, 10)
    assert (room.heard("ann"), room.heard("bob")) == (10, 0)


def test_packets_before_the_slots_event_belong_to_the_new_participant() -> None:
    room = _Room()
    room.assign("ann")
    room.send(1, 10)
    room.send(2, 5)
    assert room.heard("ann") == 10
    room.assign("bob")
    assert room.heard("bob") == 5
    room.send(2, 5)
    assert (room.heard("ann"), room.heard("bob")) == (10, 10)


def test_old_packets_after_the_slots_event_do_not_belong_to_the_new_participant() -> None:
    room = _Room()
    room.assign("ann")
    room.send(1, 10)
    room.assign("bob")
    room.send(1, 5)
    assert (room.heard("ann"), room.heard("bob")) == (10, 0)
    room.send(2, 5)
    assert room.heard("bob") == 5


def test_a_person_returns_to_their_slot_with_the_same_number() -> None:
    room = _Room()
    room.assign("ann")
    room.send(1, 5)
    room.assign(None)
    room.send(1, 5)
    room.assign("ann")
    room.send(1, 5)
    assert room.heard("ann") >= 10


def test_a_reused_number_belongs_to_its_new_participant_in_the_end() -> None:
    room = _Room()
    room.assign("ann")
    room.send(1, 5)
    room.assign("bob")
    room.send(1, MAX_HELD + 20)
    assert room.heard("bob") > 0


def test_leaving_a_slot_pauses_the_track() -> None:
    room = _Room()
    room.assign("ann")
    room.send(1, 5)
    room.assign(None)
    assert len(room.sinks["ann"].quiets) == 1


def test_an_unknown_ssrc_belongs_to_nobody() -> None:
    room = _Room()
    assert room.map.receive(TONE[0]._replace(ssrc=99), 0.0) is None
