"""A room of SRTP clients around a data plane: real sessions, no sockets, a clock the test controls."""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pylibsrtp import Error, Policy

from server.sfu.data_plane import (
    AUDIO_LEVEL_EXTENSION_ID,
    AnsweredMedia,
    Backend,
    DataPlaneOptions,
    Handle,
    Path,
    PeerMedia,
)
from server.sfu.keys import KeyedSession

FRAME_SECONDS = 0.020
FRAME_SAMPLES = 960


class Received(NamedTuple):
    """An RTP packet as a client decrypted it. `rest` is all that follows the CSRC list."""

    sequence: int
    timestamp: int
    ssrc: int
    payload_type: int
    marker: bool
    csrcs: tuple[int, ...]
    extension: bytes
    payload: bytes
    time: float


def session_pair(profile: int = Policy.SRTP_PROFILE_AEAD_AES_256_GCM) -> tuple[KeyedSession, KeyedSession]:
    """The server's and the client's end of one direction, as the DTLS engine makes them."""
    key = os.urandom(44)
    inbound, outbound = (
        KeyedSession(profile, key, kind) for kind in (Policy.SSRC_ANY_INBOUND, Policy.SSRC_ANY_OUTBOUND)
    )
    return inbound, outbound


def rtp_packet(
    *,
    ssrc: int,
    sequence: int,
    timestamp: int,
    payload: bytes,
    payload_type: int = 111,
    marker: bool = False,
    level: int | None = None,
) -> bytes:
    """`level` in −dBov, as a one-byte header extension (RFC 8285)."""
    extension = b""
    if level is not None:
        extension = struct.pack("!HHBBxx", 0xBEDE, 1, AUDIO_LEVEL_EXTENSION_ID << 4, 0x80 | level)
    first = 0x90 if extension else 0x80
    second = payload_type | (0x80 if marker else 0)
    head = struct.pack("!BBHII", first, second, sequence & 0xFFFF, timestamp & 0xFFFF_FFFF, ssrc)
    return head + extension + payload


def read_rtp(data: bytes, now: float) -> Received:
    first, second, sequence, timestamp, ssrc = struct.unpack_from("!BBHII", data)
    at = 12 + 4 * (first & 0x0F)
    csrcs = struct.unpack(f"!{first & 0x0F}I", data[12:at])
    extension = b""
    if first & 0x10:
        size = 4 + 4 * int.from_bytes(data[at + 2 : at + 4])
        extension = data[at : at + size]
        at += size
    return Received(
        sequence, timestamp, ssrc, second & 0x7F, second >= 0x80, csrcs, extension, data[at:], now
    )


@dataclass
class Events:
    """Events of the data plane, in order."""

    log: list[tuple[object, ...]] = field(default_factory=list)

    def alive(self, peer: Handle, path: Path, now: float) -> None:
        self.log.append(("alive", peer, path, now))

    def consent_checked(self, peer: Handle, path: Path, now: float, *, nominates: bool) -> None:
        self.log.append(("consent_checked", peer, path, now, nominates))

    def speaking(self, peer: Handle, speaking: bool, level: int) -> None:
        self.log.append(("speaking", peer, speaking, level))

    def dominant_speaker(self, room_id: str, peer: Handle | None) -> None:
        self.log.append(("dominant", room_id, peer))

    def not_added(self, peer: Handle) -> None:
        self.log.append(("not_added", peer))

    def of(self, kind: str) -> list[tuple[object, ...]]:
        return [entry for entry in self.log if entry[0] == kind]


class Client:
    """One participant: sends what the test passes, keeps all packets it could decrypt."""

    def __init__(self, room: Room, handle: Handle, slot_ssrcs: tuple[int, ...], profile: int) -> None:
        self.handle = handle
        self.path = Path(("192.0.2.1", 10_000 + handle))
        self.slot_ssrcs = slot_ssrcs
        self.ssrc = 0x1000 + handle
        self.sequence = 65_000
        self.timestamp = 4_294_900_000
        self.rtp: list[Received] = []
        self.rtcp: list[bytes] = []
        self.undecryptable = 0
        self.rx_server, self.tx = session_pair(profile)
        self.rx, self.tx_server = session_pair(profile)
        self._room = room

    def packet(self, payload: bytes, *, level: int | None = 20, advance: int = 1, **fields: int) -> bytes:
        """The next packet of a steady stream, encrypted."""
        self.sequence += advance
        self.timestamp += FRAME_SAMPLES * advance
        return self.tx.protect(
            rtp_packet(
                ssrc=fields.get("ssrc", self.ssrc),
                sequence=fields.get("sequence", self.sequence),
                timestamp=fields.get("timestamp", self.timestamp),
                payload_type=fields.get("payload_type", 111),
                payload=payload,
                level=level,
            )
        )

    def deliver(self, datagram: bytes) -> None:
        """Pass a datagram of this client to the server."""
        self._room.data_plane.receive(self.handle, datagram, self.path, self._room.now)

    def say(self, payload: bytes, *, level: int | None = 20, **fields: int) -> None:
        self.deliver(self.packet(payload, level=level, **fields))

    def send_rtcp(self, compound: bytes) -> None:
        self.deliver(self.tx.protect_rtcp(compound))

    def take(self, datagram: bytes, now: float) -> None:
        try:
            if 192 <= datagram[1] <= 223:
                self.rtcp.append(self.rx.unprotect_rtcp(datagram))
            else:
                self.rtp.append(read_rtp(self.rx.unprotect(datagram), now))
        except Error:
            self.undecryptable += 1

    def heard(self, mid: int = 1) -> list[Received]:
        """Packets received on a slot."""
        return [packet for packet in self.rtp if packet.ssrc == self.slot_ssrcs[mid - 1]]


class Room:
    """Clients of one room around one data plane. `sent` holds every datagram with its path."""

    def __init__(self, backend: Backend, options: DataPlaneOptions | None = None) -> None:
        self.now = 1000.0
        self.events = Events()
        self.sent: list[tuple[bytes, Path]] = []
        self.clients: dict[Handle, Client] = {}
        self._by_path: dict[Path, Client] = {}
        self.data_plane = backend(self._send, self.events, options or DataPlaneOptions())

    def join(
        self,
        *,
        slots: int = 2,
        muted: bool = False,
        answer: AnsweredMedia | None = None,
        profile: int = Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
        always_forwarded: bool = False,
        room_id: str = "room",
    ) -> Client:
        handle = len(self.clients) + 1
        ssrcs = tuple(0xA000_0000 + 256 * handle + index for index in range(slots))
        client = Client(self, handle, ssrcs, profile)
        self.clients[handle] = client
        self._by_path[client.path] = client
        self.data_plane.add_peer(handle, PeerMedia(room_id, handle, ssrcs, muted, always_forwarded))
        self.data_plane.set_answer(handle, answer or AnsweredMedia(ssrc=client.ssrc))
        self.data_plane.set_sessions(handle, client.rx_server, client.tx_server)
        self.data_plane.set_destination(handle, client.path)
        return client

    def assign(self, subscriber: Client, publishers: Sequence[Client | None]) -> None:
        handles = [publisher.handle if publisher else None for publisher in publishers]
        self.data_plane.assign(subscriber.handle, handles, self.now)

    def everyone_hears_everyone(self) -> None:
        for client in self.clients.values():
            self.assign(client, [other for other in self.clients.values() if other is not client])

    def pass_time(self, seconds: float, step: float = FRAME_SECONDS) -> None:
        """Ticks included, as the node's timer makes them."""
        end = self.now + seconds
        while self.now < end - 1e-9:
            self.now = min(end, self.now + step)
            self.data_plane.tick(self.now)

    def dropped(self) -> dict[str, int]:
        """By reason, where any were."""
        return {reason: count for reason, count in (self.data_plane.counters.dropped or {}).items() if count}

    def frame(self) -> None:
        """20 ms."""
        self.pass_time(FRAME_SECONDS)

    def _send(self, datagram: bytes, path: Path) -> None:
        self.sent.append((datagram, path))
        client = self._by_path.get(path)
        if client is not None:
            client.take(datagram, self.now)
