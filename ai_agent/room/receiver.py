"""One slot: counted for our reports, and heard while it is somebody's."""

from __future__ import annotations

from ai_agent.room.hearing import Ear, Hearing
from ai_agent.room.reception import Reception
from server.common.rtp import RtpPacket


class SlotReceiver:
    def __init__(self, ssrc: int) -> None:
        self.reception = Reception(ssrc)
        self.hearing: Hearing | None = None

    def attach(self, ear: Ear | None, now: float) -> None:
        """Somebody else's sound from here on, or nobody's."""
        if self.hearing is not None:
            self.hearing.close(now)
        self.hearing = Hearing(ear) if ear is not None else None

    def receive(self, packet: RtpPacket, now: float) -> None:
        if self.hearing is not None:
            self.hearing.receive(packet, now)

    def missing(self, now: float) -> list[int]:
        """Sequence numbers to ask for again."""
        return self.hearing.missing(now) if self.hearing is not None else []

    def tick(self, now: float) -> None:
        if self.hearing is not None:
            self.hearing.tick(now)

    @property
    def is_idle(self) -> bool:
        return self.hearing is None or self.hearing.is_idle
