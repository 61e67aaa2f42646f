"""Whose sound each slot carries: what the server tells, checked against what the packets say.

Two things tell of a change of publisher, Socket.IO and the CSRC of the packets, and either may be first.
What is heard of one person is shown to that person alone, so no packet may go to the wrong ear. A source
keeps to the participant it was first heard of; a packet that does not fit waits for the news of its slot.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from ai_agent.room.hearing import Ear
from ai_agent.room.offer import Slot
from ai_agent.room.receiver import SlotReceiver
from server.common.rtp import RtpPacket

HELD = 50
"""Packets (1 s) that wait for the news; then the news that is there is believed."""


class SlotMap:
    def __init__(self, slots: Sequence[Slot], ear_of: Callable[[str], Ear]) -> None:
        self.receivers = {slot.ssrc: SlotReceiver(slot.ssrc) for slot in slots}
        self._ssrcs = {slot.mid: slot.ssrc for slot in slots}
        self._ear_of = ear_of
        self._carried: dict[int, str] = {}
        self._owners: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._waiting: dict[int, deque[RtpPacket]] = {}

    def assign(self, carried: Mapping[str, str | None], now: float) -> None:
        """Participant (or nobody) by mid, all slots."""
        for mid, ssrc in self._ssrcs.items():
            participant = carried.get(mid)
            if participant == self._carried.get(ssrc):
                continue
            if participant is None:
                del self._carried[ssrc]
                self.receivers[ssrc].attach(None, now)
            else:
                self._carried[ssrc] = participant
                self.receivers[ssrc].attach(self._ear_of(participant), now)
            for packet in self._waiting.pop(ssrc, ()):
                self.receive(packet, now)

    def receive(self, packet: RtpPacket, now: float) -> SlotReceiver | None:
        """The receiver whose slot it came on, None for a stray."""
        receiver = self.receivers.get(packet.ssrc)
        if receiver is None:
            return None
        if self._fits(packet):
            self._waiting.pop(packet.ssrc, None)
            receiver.receive(packet, now)
        else:
            self._hold(packet)
        return receiver

    def busy(self) -> list[SlotReceiver]:
        """Those for whom time matters now."""
        return [receiver for receiver in self.receivers.values() if not receiver.is_idle]

    def close(self, now: float) -> None:
        for receiver in self.receivers.values():
            receiver.attach(None, now)

    def _fits(self, packet: RtpPacket) -> bool:
        participant = self._carried.get(packet.ssrc)
        if participant is None or packet.csrc is None:
            return participant is not None
        if participant not in self._numbers and packet.csrc not in self._owners:
            self._learn(packet.csrc, participant)
        return self._numbers.get(participant) == packet.csrc

    def _learn(self, source: int, participant: str) -> None:
        former = self._owners.get(source)
        if former is not None:
            self._numbers.pop(former, None)
        self._owners.pop(self._numbers.get(participant, -1), None)
        self._owners[source] = participant
        self._numbers[participant] = source

    def _hold(self, packet: RtpPacket) -> None:
        waiting = self._waiting.setdefault(packet.ssrc, deque(maxlen=HELD))
        waiting.append(packet)
        participant = self._carried.get(packet.ssrc)
        if len(waiting) == HELD and participant is not None and packet.csrc is not None:
            # The room's numbers go round: this one belongs to somebody new.
            self._learn(packet.csrc, participant)
