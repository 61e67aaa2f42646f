"""ICE, DTLS and SRTP of one connection, and the SDP parser. The one file that imports aiortc and aioice.

aiortc's receiver and sender are not used, and once the keys are known packets bypass its reading task: a
queue, a task and six coroutines cost more than everything else that is done with a packet of silence.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable
from functools import cache
from typing import Any, cast

from aioice.candidate import Candidate as IceCandidate
from aioice.ice import Connection
from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    State,
)
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceParameters, RTCIceTransport
from aiortc.sdp import MediaDescription, SessionDescription
from pylibsrtp import Error as SrtpError

from ai_agent.room.offer import AUDIO_LEVEL_URI, Candidate, Offer, Slot
from ai_agent.room.track import AUDIO

MAX_DATAGRAM = 1_500
OnPacket = Callable[[bytes], None]


class MediaTransport:
    """One media connection. `on_rtp` and `on_rtcp` get decrypted, authenticated packets. `on_closed` is
    called once if the server closes the connection. Packets to send include their header.
    """

    def __init__(self, on_rtp: OnPacket, on_rtcp: OnPacket, on_closed: Callable[[], None]) -> None:
        self._gatherer = RTCIceGatherer([])
        self._ice: RTCIceTransport | None = None
        self._connection: _Connection | None = None
        self._gathering: asyncio.Task[None] | None = None
        self._dtls: _Dtls | None = None
        self._on_rtp = on_rtp
        self._on_rtcp = on_rtcp
        self._on_closed = on_closed
        self._is_closing = False

    @property
    def credentials(self) -> tuple[str, str]:
        """Our username fragment and password (RFC 8445 section 5.3)."""
        local = self._gatherer.getLocalParameters()
        return str(local.usernameFragment), str(local.password)

    @property
    def fingerprints(self) -> tuple[tuple[str, str], ...]:
        found = _certificate().getFingerprints()
        return tuple((f.algorithm, f.value) for f in found if f.algorithm == "sha-256")

    async def gather(self, offer: Offer) -> None:
        """Gather local candidates; loopback addresses are used if the server offers one."""
        loopbacks = {c.address for c in offer.candidates if ipaddress.ip_address(c.address).is_loopback}
        self._gatherer._connection = self._connection = _Connection(sorted(loopbacks))
        # not cancelled with its caller: aioice can close its sockets only after it has gathered all of them
        self._gathering = asyncio.create_task(self._gatherer.gather())
        await asyncio.shield(self._gathering)

    async def connect(self, offer: Offer) -> None:
        """Raises ConnectionError. Has no time limit of its own."""
        ice = self._ice = RTCIceTransport(self._gatherer)
        for candidate in offer.candidates:
            await ice._connection.add_remote_candidate(_ice_candidate(candidate))
        await ice._connection.add_remote_candidate(None)
        await ice.start(
            RTCIceParameters(usernameFragment=offer.ufrag, password=offer.password, iceLite=offer.is_lite)
        )
        if ice.state != "completed":
            raise ConnectionError("no path to the server's UDP port")
        dtls = self._dtls = _Dtls(_Path(ice), self._on_rtp, self._on_rtcp)
        dtls._set_role("client")
        wanted = [RTCDtlsFingerprint(algorithm=name, value=value) for name, value in offer.fingerprints]
        await dtls.start(RTCDtlsParameters(fingerprints=wanted))
        if dtls._state is not State.CONNECTED:
            raise ConnectionError("the DTLS handshake failed")
        dtls.on("statechange", self._state_changed)
        if self._connection is not None:
            self._connection.take_srtp = dtls.take_srtp

    def send(self, packet: bytes) -> None:
        """RTP or RTCP; dropped while there is no connection."""
        if self._ice is None or self._dtls is None or self._dtls._state is not State.CONNECTED:
            return
        pair = self._ice._connection._nominated.get(1)
        if pair is None:
            return
        srtp = self._dtls._tx_srtp
        data = srtp.protect_rtcp(packet) if _is_rtcp(packet) else srtp.protect(packet)
        # aiortc's `_send_rtp` does the same in two coroutines that never wait
        pair.protocol.transport.sendto(data, pair.remote_addr)

    async def aclose(self) -> None:
        """Sends a DTLS close_notify. Idempotent."""
        self._is_closing = True
        if self._connection is not None:
            self._connection.take_srtp = None
        if self._gathering is not None:
            await asyncio.wait([self._gathering])
        if self._dtls is not None:
            task = self._dtls._task
            await self._dtls.stop()
            if task is not None:
                await asyncio.wait([task])
                if not task.cancelled():
                    task.exception()  # retrieved so that asyncio does not log it
            self._dtls.remove_all_listeners()
            self._dtls = None
        if self._ice is not None:
            await self._ice.stop()
            self._ice = None
        else:
            await self._gatherer._connection.close()

    def _state_changed(self) -> None:
        if self._dtls is not None and self._dtls._state is State.CLOSED and not self._is_closing:
            self._is_closing = True
            self._on_closed()


class _Connection(Connection):
    """The controlling agent, as the server is ICE-lite; with loopback addresses, which aioice leaves out."""

    def __init__(self, loopbacks: list[str]) -> None:
        super().__init__(ice_controlling=True)
        self.take_srtp: OnPacket | None = None
        """Gets SRTP and SRTCP (RFC 7983 section 7) directly, instead of aiortc's reading task."""
        self._loopbacks = loopbacks

    def data_received(self, data: bytes, component: int) -> None:
        if self.take_srtp is not None and 12 < len(data) <= MAX_DATAGRAM and 128 <= data[0] <= 191:
            self.take_srtp(data)
        else:
            super().data_received(data, component)

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],
        timeout: int = 5,  # noqa: ASYNC109 - aioice's signature
    ) -> list[IceCandidate]:
        return await super().get_component_candidates(component, [*self._loopbacks, *addresses], timeout)


class _Path:
    """The ICE transport as DTLS sees it: datagrams of other sizes would end aiortc's reading task."""

    role = "controlling"

    def __init__(self, ice: RTCIceTransport) -> None:
        self._ice = ice
        self._send = ice._send

    @property
    def state(self) -> str:
        return self._ice.state

    async def _recv(self) -> bytes:
        while True:
            data = await self._ice._recv()
            if 12 < len(data) <= MAX_DATAGRAM:
                return data


class _Dtls(RTCDtlsTransport):
    def __init__(self, path: _Path, on_rtp: OnPacket, on_rtcp: OnPacket) -> None:
        super().__init__(cast("Any", path), [_certificate()])
        self._on_rtp = on_rtp
        self._on_rtcp = on_rtcp

    def take_srtp(self, data: bytes) -> None:
        """Packets that are not authentic are dropped."""
        is_rtcp = _is_rtcp(data)
        try:
            packet = self._rx_srtp.unprotect_rtcp(data) if is_rtcp else self._rx_srtp.unprotect(data)
        except SrtpError:
            return
        if is_rtcp:
            self._on_rtcp(packet)
        else:
            self._on_rtp(packet)

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:  # noqa: ARG002 - the signature that aiortc calls
        """Packets from before `take_srtp` was set."""
        self._on_rtp(data)

    async def _handle_rtcp_data(self, data: bytes) -> None:
        self._on_rtcp(data)


def _is_rtcp(packet: bytes) -> bool:
    """RFC 5761 section 4."""
    return 192 <= packet[1] <= 223


@cache
def _certificate() -> RTCCertificate:
    """One for the process: generating it costs more than a handshake."""
    return RTCCertificate.generateCertificate()


def _ice_candidate(candidate: Candidate) -> IceCandidate:
    return IceCandidate(
        foundation=candidate.foundation,
        component=1,
        transport="udp",
        priority=candidate.priority,
        host=candidate.address,
        port=candidate.port,
        type="host",
    )


def parse_offer(text: str) -> Offer:
    """Raises ValueError if the offer is not of this server's kind."""
    try:
        return _read_offer(SessionDescription.parse(text), is_lite="a=ice-lite" in text)
    except Exception as error:  # the parser asserts and indexes unchecked
        raise ValueError("the SDP offer cannot be answered") from error


def _read_offer(parsed: SessionDescription, *, is_lite: bool) -> Offer:
    microphone, *slots = parsed.media
    ice, dtls = cast("Any", microphone.ice), cast("Any", microphone.dtls)
    opus = next(c for c in microphone.rtp.codecs if c.mimeType.lower() == AUDIO.mime_type)
    levels = [e.id for e in microphone.rtp.headerExtensions if e.uri == AUDIO_LEVEL_URI]
    return Offer(
        ufrag=str(ice.usernameFragment),
        password=str(ice.password),
        fingerprints=tuple((f.algorithm, f.value) for f in dtls.fingerprints),
        candidates=tuple(_candidates(microphone)),
        is_lite=is_lite,
        opus=int(opus.payloadType or 0),
        opus_parameters="minptime=10;useinbandfec=1;usedtx=1;stereo=0",
        level_id=levels[0] if levels else None,
        slots=tuple(Slot(m.rtp.muxId, m.ssrc[0].ssrc) for m in slots),
    )


def _candidates(media: MediaDescription) -> list[Candidate]:
    return [
        Candidate(c.ip, c.port, c.priority, c.foundation)
        for c in media.ice_candidates
        if c.protocol.lower() == "udp" and c.type == "host"
    ]
