"""One media connection to a room: all participants' tracks in, the tutor's track out."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping

from ai_agent.audio import Pcm
from ai_agent.room.offer import LocalSide, Offer, build_answer
from ai_agent.room.sender import RtpSender
from ai_agent.room.slots import SlotMap
from ai_agent.room.track import AUDIO
from ai_agent.room.track_decoder import PcmSink
from ai_agent.room.transport import MediaTransport
from server.common import rtcp, rtp

CONNECT_TIMEOUT_S = 10.0
REPORT_INTERVAL_S = 1.0
PATH_LOST_S = 4.0
"""The server reports every second: after this long without a packet the path is lost."""
_SUSPENDED_PERIODS = 25
_CNAME = "tutor"


class MediaConnection:
    """`on_lost` is called when the connection cannot be used any more. `unconfirmed_s`: audio sent since the
    last packet from the server. Times are those of time.monotonic.
    """

    def __init__(self, offer: Offer, sink_of: Callable[[str], PcmSink], on_lost: Callable[[], None]) -> None:
        self.is_lost = False
        self.unconfirmed_s = 0.0
        self.slots = SlotMap(offer.slots, sink_of)
        self.sender = RtpSender(1 + secrets.randbelow(0xFFFF_FFFE), offer.opus, offer.level_id)
        self._offer = offer
        self._on_lost = on_lost

        self._transport = MediaTransport(self._on_rtp, self._on_rtcp, self._lose)
        self._heard_at = time.monotonic()
        self._report_at = 0.0

    async def answer(self) -> str:
        """The SDP answer."""
        await self._transport.gather(self._offer)
        ufrag, password = self._transport.credentials
        return build_answer(
            self._offer, LocalSide(ufrag, password, self._transport.fingerprints, self.sender.ssrc)
        )

    async def connect(self) -> None:
        """Call it once the server has the answer. Raises ConnectionError."""
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_S):
                await self._transport.connect(self._offer)
        except TimeoutError:
            raise ConnectionError(f"no media connection within {CONNECT_TIMEOUT_S:g} s") from None
        self._heard_at = time.monotonic()

    def assign(self, carried: Mapping[str, str | None]) -> None:
        self.slots.assign(carried, time.monotonic())

    def tick(self, frame: Pcm | None, now: float, periods: int) -> None:
        """Call it every 20 ms: sends the frame, NACKs and reports."""
        if frame is not None:
            self.unconfirmed_s += AUDIO.frame_s
        packet = self.sender.tick(frame, now, periods=periods)
        if packet is not None:
            self._transport.send(packet)
        for receiver in self.slots.busy():
            receiver.tick(now)
            self._send_nack(receiver.reception.ssrc, receiver.due_nacks(now))
        if now >= self._report_at:
            self._report_at = now + REPORT_INTERVAL_S
            self._report(now)
        if periods > _SUSPENDED_PERIODS:
            self._heard_at = now  # the process was suspended, so it received nothing
        if now - self._heard_at > PATH_LOST_S:
            self._lose()

    async def aclose(self) -> None:
        self.slots.close(time.monotonic())
        await self._transport.aclose()

    def _lose(self) -> None:
        if not self.is_lost:
            self.is_lost = True
            self._on_lost()

    def _on_rtp(self, data: bytes) -> None:
        now = self._note_server_alive()
        packet = rtp.parse(data, self._offer.level_id)
        if packet is None or packet.payload_type != self._offer.opus:
            return
        receiver = self.slots.receive(packet, now)
        if receiver is not None:
            receiver.reception.count(packet.sequence, packet.timestamp, now)
            self._send_nack(packet.ssrc, receiver.due_nacks(now))

    def _on_rtcp(self, compound: bytes) -> None:
        now = self._note_server_alive()
        for item in rtcp.parse(compound) or ():
            if isinstance(item, rtcp.Nack):
                self._retransmit(item)
            elif item.ntp_middle is not None:
                receiver = self.slots.receivers.get(item.ssrc)
                if receiver is not None:
                    receiver.reception.sender_reported(item.ntp_middle, now)

    def _retransmit(self, nack: rtcp.Nack) -> None:
        for sequence in nack.sequences:
            packet = self.sender.retransmit(sequence)
            if packet is not None:
                self._transport.send(packet)

    def _note_server_alive(self) -> float:
        """Returns now."""
        self.unconfirmed_s = 0.0
        self._heard_at = time.monotonic()
        return self._heard_at

    def _send_nack(self, ssrc: int, sequences: list[int]) -> None:
        if sequences:
            own = self.sender.ssrc
            self._transport.send(rtcp.receiver_report(own, ()) + rtcp.nack(own, ssrc, sequences))

    def _report(self, now: float) -> None:
        blocks = [b for r in self.slots.receivers.values() if (b := r.reception.block(now)) is not None]
        description = rtcp.source_description([self.sender.ssrc], _CNAME)
        self._transport.send(self.sender.report(blocks, now) + description)
