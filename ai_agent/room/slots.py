"""Knows which participant each slot carries, from the server's `slots` events and the packets' CSRC.

A change of publisher is announced by both, and either may come first. A participant's transcript is shown to
that participant alone, so no packet may be attributed to another one. A CSRC stays with the participant that
it was first seen for; a packet whose CSRC does not fit its slot waits for the `slots` event.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from ai_agent.room.offer import Slot
from ai_agent.room.reception import ReceptionStats
from ai_agent.room.track_decoder import PcmSink, TrackDecoder
from server.common.rtp import RtpPacket

MAX_HELD = 50
"""Packets (1 s) that wait for the event; then the last event is believed."""


class SlotReceiver:
    """One slot: counted for our receiver reports, and decoded while it carries a participant."""

    def __init__(self, ssrc: int) -> None:
        self.reception = ReceptionStats(ssrc)
        self.decoder: TrackDecoder | None = None

    def attach(self, sink: PcmSink | None, now: float) -> None:
        """The slot carries another participant from now on; None: none."""
        if self.decoder is not None:
            self.decoder.close(now)
        self.decoder = TrackDecoder(sink) if sink is not None else None

    def receive(self, packet: RtpPacket, now: float) -> None:
        if self.decoder is not None:
            self.decoder.receive(packet, now)

    def due_nacks(self, now: float) -> list[int]:
        """Sequence numbers to NACK now."""
        return self.decoder.due_nacks(now) if self.decoder is not None else []

    def tick(self, now: float) -> None:
        if self.decoder is not None:
            self.decoder.tick(now)

    @property
    def is_idle(self) -> bool:
        return self.decoder is None or self.decoder.is_idle


class SlotMap:
    def __init__(self, slots: Sequence[Slot], sink_of: Callable[[str], PcmSink]) -> None:
        self.receivers = {slot.ssrc: SlotReceiver(slot.ssrc) for slot in slots}
        self._ssrcs = {slot.mid: slot.ssrc for slot in slots}
        self._sink_of = sink_of
        self._assigned: dict[int, str] = {}
        self._participants: dict[int, str] = {}
        self._csrcs: dict[str, int] = {}
        self._waiting: dict[int, deque[RtpPacket]] = {}

    def assign(self, participants: Mapping[str, str | None], now: float) -> None:
        """`participants`: by mid, for all slots; None: the slot is free."""
        for mid, ssrc in self._ssrcs.items():
            participant = participants.get(mid)
            if participant == self._assigned.get(ssrc):
                continue
            if participant is None:
                del self._assigned[ssrc]
                self.receivers[ssrc].attach(None, now)
            else:
                self._assigned[ssrc] = participant
                self.receivers[ssrc].attach(self._sink_of(participant), now)
            for packet in self._waiting.pop(ssrc, ()):
                self.receive(packet, now)

    def receive(self, packet: RtpPacket, now: float) -> SlotReceiver | None:
        """The receiver of the packet's slot, None if there is none."""
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
        """Receivers that need a `tick`."""
        return [receiver for receiver in self.receivers.values() if not receiver.is_idle]

    def close(self, now: float) -> None:
        for receiver in self.receivers.values():
            receiver.attach(None, now)

    def _fits(self, packet: RtpPacket) -> bool:
        participant = self._assigned.get(packet.ssrc)
        if participant is None or packet.csrc is None:
            return participant is not None
        if participant not in self._csrcs and packet.csrc not in self._participants:
            self._learn(packet.csrc, participant)
        return self._csrcs.get(participant) == packet.csrc

    def _learn(self, source: int, participant: str) -> None:
        former = self._participants.get(source)
        if former is not None:
            self._csrcs.pop(former, None)
        self._participants.pop(self._csrcs.get(participant, -1), None)
        self._participants[source] = participant
        self._csrcs[participant] = source

    def _hold(self, packet: RtpPacket) -> None:
        waiting = self._waiting.setdefault(packet.ssrc, deque(maxlen=MAX_HELD))
        waiting.append(packet)
        participant = self._assigned.get(packet.ssrc)
        if len(waiting) == MAX_HELD and participant is not None and packet.csrc is not None:
            # the room reuses its numbers: this one belongs to a new participant
            self._learn(packet.csrc, participant)
