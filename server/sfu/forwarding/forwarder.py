"""`Forwarder`: the data plane in Python, over the pieces of this package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pylibsrtp import Session

from server.common import rtcp
from server.common.rtcp import RtcpReport
from server.common.rtp import HEADER_SIZE
from server.sfu.data_plane import (
    AnsweredMedia,
    DataPlaneCounters,
    DataPlaneEvents,
    DataPlaneOptions,
    Handle,
    LinkQuality,
    Path,
    PeerMedia,
    Send,
)
from server.sfu.forwarding import reports
from server.sfu.forwarding.drops import Drop
from server.sfu.forwarding.history import Packet
from server.sfu.forwarding.mute import Effect, Gate, Signal
from server.sfu.forwarding.peer import PeerStreams
from server.sfu.forwarding.publisher import Parsed, Publisher
from server.sfu.forwarding.room import RoomAudio
from server.sfu.forwarding.srtp import MAX_PACKET, Rejection, Scratch, SrtpReceiver, SrtpSender
from server.sfu.forwarding.subscriber import Subscriber
from server.sfu.keys import KeyedSession

_REJECTED = {Rejection.AUTH: Drop.AUTH, Rejection.REPLAY: Drop.REPLAY}


class Forwarder:
    def __init__(self, send: Send, events: DataPlaneEvents, options: DataPlaneOptions) -> None:
        self._dropped: dict[str, int] = {reason.value: 0 for reason in Drop}
        self.counters = DataPlaneCounters(dropped=self._dropped)
        self._send = send
        self._events = events
        self._options = options
        self._peers: dict[Handle, PeerStreams] = {}
        self._rooms: dict[str, RoomAudio] = {}
        self._scratch = Scratch()
        self._now = 0.0

    # Commands

    def add_peer(self, peer: Handle, media: PeerMedia) -> None:
        self.remove_peer(peer)
        room = self._rooms.get(media.room_id)
        if room is None:
            room = self._rooms[media.room_id] = RoomAudio(media.room_id, self._options.forward_loudest)
        room.members.add(peer)
        subscriber = Subscriber(media.slot_ssrcs, self._send, self.counters)
        self._peers[peer] = PeerStreams(peer, media, room, subscriber)

    def set_answer(self, peer: Handle, answer: AnsweredMedia) -> None:
        found = self._peers.get(peer)
        if found is not None:
            found.publisher.set_answer(answer)
            found.subscriber.set_wants_red(answer.red_slots)

    def set_sessions(self, peer: Handle, rx: Session, tx: KeyedSession) -> None:
        found = self._peers.get(peer)
        if found is not None:
            found.receiver = SrtpReceiver(rx, self._scratch)
            found.subscriber.set_sender(SrtpSender(tx, self._scratch))

    def set_destination(self, peer: Handle, path: Path | None) -> None:
        found = self._peers.get(peer)
        if found is not None:
            found.subscriber.set_destination(path)

    def set_muted(self, peer: Handle, muted: bool, *, at_once: bool, now: float) -> None:
        found = self._peers.get(peer)
        if found is None:
            return
        signal = (Signal.MUTE_NOW if at_once else Signal.MUTE_SOON) if muted else Signal.UNMUTE
        self._apply(found.publisher, found.publisher.gate.signal(signal, now), now)
        if muted:
            if found.publisher.speaking.stop():
                self._events.speaking(peer, False, -127)
            self._forget_voice(found)

    def assign(self, subscriber: Handle, publishers: Sequence[Handle | None], now: float) -> None:
        found = self._peers.get(subscriber)
        if found is None:
            return
        for index, slot in enumerate(found.subscriber.slots):
            handle = publishers[index] if index < len(publishers) else None
            source = self._peers.get(handle) if handle is not None else None
            is_here = source is not None and source.room is found.room
            slot.carry(source.publisher if source is not None and is_here else None, now)

    def remove_peer(self, peer: Handle) -> None:
        found = self._peers.pop(peer, None)
        if found is None:
            return
        found.close(self._now)
        room = found.room
        room.members.discard(peer)
        if not room.members:
            del self._rooms[room.id]
        self._forget_voice(found)

    # Packets

    def receive(self, peer: Handle, datagram: bytes, path: Path, now: float) -> None:
        self._now = now
        self.counters.packets_in += 1
        self.counters.bytes_in += len(datagram)
        found = self._peers.get(peer)
        if found is None or found.receiver is None:
            drop: Drop | None = Drop.NO_SESSION
        elif not HEADER_SIZE <= len(datagram) <= MAX_PACKET:
            drop = Drop.MALFORMED
        elif 192 <= datagram[1] <= 223:  # RFC 5761 section 4
            drop = self._receive_rtcp(found, found.receiver, datagram, path, now)
        else:
            drop = self._receive_rtp(found, found.receiver, datagram, path, now)
        if drop is not None:
            self._dropped[drop] += 1

    def _receive_rtp(
        self, peer: PeerStreams, receiver: SrtpReceiver, datagram: bytes, path: Path, now: float
    ) -> Drop | None:
        publisher = peer.publisher
        refused = publisher.refuses(datagram)
        if refused is not None:
            return refused
        if publisher.gate.is_closed and not peer.is_liveness_due(path, now):
            return Drop.MUTED
        data = receiver.unprotect(datagram)
        if isinstance(data, Rejection):
            return _REJECTED[data]
        self._note_alive(peer, path, now)
        if publisher.gate.is_closed:
            return Drop.MUTED
        parsed = publisher.parse(data)
        return Drop.MALFORMED if parsed is None else self._forward(peer, parsed, now)

    def _forward(self, peer: PeerStreams, parsed: Parsed, now: float) -> Drop | None:
        publisher = peer.publisher
        effect = publisher.note_level(parsed.level, now)
        if effect is not Effect.NONE:
            self._apply(publisher, effect, now)
            return Drop.MUTED
        publisher.note_arrival(parsed.packet, now)
        if not publisher.arrivals.try_take(now):
            publisher.skip()
            return Drop.TOO_MANY
        if publisher.gate.state is Gate.OPEN:
            self._note_level(peer, parsed.level, now)
        if not peer.media.always_forwarded and not peer.room.loudest.admits(peer.handle, parsed.level, now):
            publisher.skip()
            return Drop.NOT_LOUDEST
        packets = publisher.assign_sequence(parsed, now)
        if isinstance(packets, Drop):
            return packets
        publisher.arrivals.charge(len(packets) - 1)
        self._fan_out(publisher, packets, now)
        if self._options.nack:
            self._request_missing(peer, now)
        return None

    def _fan_out(self, publisher: Publisher, packets: Sequence[Packet], now: float) -> None:
        history = publisher.history
        for packet in packets:
            for slot in publisher.slots:
                drop = slot.forward(packet, history, now)
                if drop is not None:
                    self._dropped[drop] += 1

    def _receive_rtcp(
        self, peer: PeerStreams, receiver: SrtpReceiver, datagram: bytes, path: Path, now: float
    ) -> Drop | None:
        source = datagram[4:8]
        if not peer.knows_rtcp_source(source):
            return Drop.SSRC
        data = receiver.unprotect_rtcp(datagram)
        if isinstance(data, Rejection):
            return _REJECTED[data]
        peer.remember_rtcp_source(source)
        self._note_alive(peer, path, now)
        items = rtcp.parse(data)
        if items is None:
            return Drop.MALFORMED
        for item in items:
            if isinstance(item, RtcpReport):
                _take_report(peer, item, now)
            elif self._options.nack:
                peer.subscriber.on_nack(item, now)
        return None

    # Effects of packets and of time

    def tick(self, now: float) -> None:
        self._now = now
        # copies: the receiver of an event may answer with a command
        for peer in tuple(self._peers.values()):
            self._tick_peer(peer, now)
        for room in tuple(self._rooms.values()):
            if room.dominant.on_time(now):
                self._events.dominant_speaker(room.id, room.dominant.dominant)

    def _tick_peer(self, peer: PeerStreams, now: float) -> None:
        publisher, subscriber = peer.publisher, peer.subscriber
        self._apply(publisher, publisher.gate.check(now), now)
        if publisher.speaking.on_time(now):
            self._events.speaking(peer.handle, False, -publisher.speaking.level)
        if self._options.nack:
            self._request_missing(peer, now)
        if now < peer.report_at:
            return
        peer.report_at = reports.next_at(peer.handle, now)
        if subscriber.is_ready:
            for packet in reports.compounds(peer, now):
                subscriber.send_rtcp(packet)

    def link_quality(self) -> Iterator[LinkQuality]:
        for peer in list(self._peers.values()):
            yield _link_quality(peer, self._now)

    def _note_alive(self, peer: PeerStreams, path: Path, now: float) -> None:
        if peer.is_liveness_due(path, now):
            peer.note_alive(path, now)
            self._events.alive(peer.handle, path, now)

    def _note_level(self, peer: PeerStreams, level: int, now: float) -> None:
        peer.room.dominant.on_level(peer.handle, level, now)
        speaking = peer.publisher.speaking
        if speaking.on_level(level, now):
            self._events.speaking(peer.handle, speaking.is_speaking, -level)

    def _forget_voice(self, peer: PeerStreams) -> None:
        if peer.room.forget(peer.handle):
            self._events.dominant_speaker(peer.room.id, None)

    def _apply(self, publisher: Publisher, effect: Effect, now: float) -> None:
        if effect is not Effect.NONE:
            self._fan_out(publisher, publisher.apply(effect, now), now)

    def _request_missing(self, peer: PeerStreams, now: float) -> None:
        request = reports.nack_request(peer, now)
        if request is not None:
            peer.subscriber.send_rtcp(request)


def _link_quality(peer: PeerStreams, now: float) -> LinkQuality:
    uplink, downlink = peer.publisher.reception, peer.subscriber
    is_heard, has_reported = uplink.is_reported(now), downlink.has_reported(now)
    return LinkQuality(
        peer=peer.handle,
        uplink_loss=uplink.loss if is_heard else None,
        uplink_jitter=uplink.jitter if is_heard else None,
        downlink_loss=downlink.loss(now) if has_reported else None,
        downlink_jitter=downlink.jitter(now) if has_reported else None,
        round_trip=peer.round_trip,
    )


def _take_report(peer: PeerStreams, report: RtcpReport, now: float) -> None:
    if report.ntp_middle is not None and report.ssrc == peer.publisher.ssrc:
        peer.publisher.reception.on_sender_report(report.ntp_middle, now)
    peer.subscriber.on_report(report, now)
    for block in report.blocks:
        round_trip = rtcp.round_trip(block, now)
        if round_trip is not None:
            peer.round_trip = round_trip
