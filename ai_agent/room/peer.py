"""One media connection to a room: everybody's sound in, the tutor's voice out."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping

from ai_agent.audio import FRAME_S, Pcm
from ai_agent.room.engine import Engine
from ai_agent.room.hearing import Ear
from ai_agent.room.offer import LocalSide, Offer, build_answer
from ai_agent.room.sender import Sender
from ai_agent.room.slots import SlotMap
from server.common import rtcp, rtp

CONNECT_TIMEOUT_S = 10.0
REPORT_INTERVAL_S = 1.0
SILENT_FOR_S = 4.0
"""The server reports every second: after so long without a packet the path is lost."""
_ASLEEP_PERIODS = 25
_CNAME = "tutor"


class Peer:
    """`on_lost` is called when the connection is of no more use. `unheard_s`: how much of our voice went out
    since the server was last heard. Times are those of time.monotonic.
    """

    def __init__(self, offer: Offer, ear_of: Callable[[str], Ear], on_lost: Callable[[], None]) -> None:
        self.is_lost = False
        self.unheard_s = 0.0
        self.slots = SlotMap(offer.slots, ear_of)
        self.sender = Sender(1 + secrets.randbelow(0xFFFF_FFFE), offer.opus, offer.level_id)
        self._offer = offer
        self._on_lost = on_lost

        self._engine = Engine(self._on_rtp, self._on_rtcp, self._lose)
        self._heard_at = time.monotonic()
        self._report_at = 0.0

    async def answer(self) -> str:
        """The SDP for the server."""
        await self._engine.gather(self._offer)
        ufrag, password = self._engine.credentials
        return build_answer(
            self._offer, LocalSide(ufrag, password, self._engine.fingerprints, self.sender.ssrc)
        )

    async def connect(self) -> None:
        """After the server has the answer. Raises ConnectionError."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self._engine.connect(self._offer)
        except TimeoutError:
            raise ConnectionError("the media connection takes too long") from None
        self._heard_at = time.monotonic()

    def assign(self, carried: Mapping[str, str | None]) -> None:
        self.slots.assign(carried, time.monotonic())

    def beat(self, frame: Pcm | None, now: float, periods: int) -> None:
        """Every 20 ms: speak this frame, do what falls due."""
        if frame is not None:
            self.unheard_s += FRAME_S
        packet = self.sender.tick(frame, now, periods=periods)
        if packet is not None:
            self._engine.send(packet)
        for receiver in self.slots.busy():
            receiver.tick(now)
            self._ask_again(receiver.reception.ssrc, receiver.missing(now))
        if now >= self._report_at:
            self._report_at = now + REPORT_INTERVAL_S
            self._report(now)
        if periods > _ASLEEP_PERIODS:
            self._heard_at = now  # we were not there to hear anybody
        if now - self._heard_at > SILENT_FOR_S:
            self._lose()

    async def aclose(self) -> None:
        self.slots.close(time.monotonic())
        await self._engine.aclose()

    def _lose(self) -> None:
        if not self.is_lost:
            self.is_lost = True
            self._on_lost()

    def _on_rtp(self, data: bytes) -> None:
        now = self._server_is_there()
        packet = rtp.parse(data, self._offer.level_id)
        if packet is None or packet.payload_type != self._offer.opus:
            return
        receiver = self.slots.receive(packet, now)
        if receiver is not None:
            receiver.reception.count(packet.sequence, packet.timestamp, now)
            self._ask_again(packet.ssrc, receiver.missing(now))

    def _on_rtcp(self, compound: bytes) -> None:
        now = self._server_is_there()
        for item in rtcp.parse(compound) or ():
            if isinstance(item, rtcp.Nack):
                self._retransmit(item)
            elif item.ntp_middle is not None:
                receiver = self.slots.receivers.get(item.ssrc)
                if receiver is not None:
                    receiver.reception.sender_reported(item.ntp_middle, now)

    def _retransmit(self, nack: rtcp.Nack) -> None:
        for sequence in nack.sequences:
            packet = self.sender.again(sequence)
            if packet is not None:
                self._engine.send(packet)

    def _server_is_there(self) -> float:
        """Now."""
        self.unheard_s = 0.0
        self._heard_at = time.monotonic()
        return self._heard_at

    def _ask_again(self, ssrc: int, sequences: list[int]) -> None:
        if sequences:
            own = self.sender.ssrc
            self._engine.send(rtcp.receiver_report(own, ()) + rtcp.nack(own, ssrc, sequences))

    def _report(self, now: float) -> None:
        blocks = [b for r in self.slots.receivers.values() if (b := r.reception.block(now)) is not None]
        description = rtcp.source_description([self.sender.ssrc], _CNAME)
        self._engine.send(self.sender.report(blocks, now) + description)
