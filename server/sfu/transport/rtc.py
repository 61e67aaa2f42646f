"""The only file that uses aiortc: its DTLS over our ICE-lite, its certificates, its SDP parser.

Some of what is needed is in private attributes of aiortc, and its parsers raise any exception on hostile
input; both are confined to this file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from aiortc.rtcdtlstransport import (
    X509_DIGEST_ALGORITHMS,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
    SRTPProtectionProfile,
    State,
)
from aiortc.sdp import MediaDescription, SessionDescription
from OpenSSL import SSL
from pylibsrtp import Policy

from server.sfu.keys import KeyedSession
from server.sfu.transport.records import RecordChannel

HASHES = frozenset(X509_DIGEST_ALGORITHMS)
"""Hash functions of fingerprints that can be verified (RFC 8122)."""
MAX_SECTIONS = 64
_RELEASE_BUFFERS = 0x10  # SSL_MODE_RELEASE_BUFFERS: 17 KB less for a quiet connection
MAX_SECTION_LINES = 128
"""A browser's audio section has about 40. The parser takes quadratic time and memory in this."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    hash_name: str
    value: str


class _OneContext(RTCCertificate):
    """Shares one TLS context among its connections: a context each would cost 1.5 ms and 23 KB."""

    _context: SSL.Context | None = None

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        if self._context is None:
            self._context = super()._create_ssl_context(srtp_profiles)
            # no client resumes a session, and a shared context would keep them
            self._context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
            self._context.set_mode(_RELEASE_BUFFERS)
        return self._context


class Certificate:
    """A self-signed P-256 certificate: one a node, created at start."""

    def __init__(self) -> None:
        self._certificate = _OneContext.generateCertificate()
        found = next(f for f in self._certificate.getFingerprints() if f.algorithm == "sha-256")
        self.fingerprint = Fingerprint(found.algorithm, found.value)


class Dtls:
    """The server side of one DTLS-SRTP association (RFC 5764).

    `closed` is called once if the other side ends it after the handshake, not by `aclose`.
    """

    def __init__(
        self, certificate: Certificate, send: Callable[[bytes], None], closed: Callable[[], None]
    ) -> None:
        self._channel = RecordChannel(send)
        self._transport = RTCDtlsTransport(cast("Any", self._channel), [certificate._certificate])
        # As server, browsers agree on AES-GCM; as client, Chromium picks AES-CM with SHA-1 at twice the cost.
        self._transport._set_role("server")
        self._transport.on("statechange", self._state_changed)
        self._closed = closed
        self._is_closing = False

    def put(self, datagram: bytes) -> bool:
        """A datagram on a checked path. False if it was dropped."""
        return self._channel.put(datagram)

    def tick(self, now: float) -> None:
        """Repeat a flight that may have been lost: call every 50 ms or so."""
        self._channel.tick(now)

    async def handshake(
        self, fingerprints: Sequence[Fingerprint]
    ) -> tuple[KeyedSession, KeyedSession] | None:
        """The SRTP sessions to receive and to send with, or None if it failed.

        Takes as long as the other side: cancel it at the deadline. aiortc keeps no reference to them.
        """
        transport = self._transport
        wanted = [RTCDtlsFingerprint(algorithm=f.hash_name, value=f.value) for f in fingerprints]
        await transport.start(RTCDtlsParameters(fingerprints=wanted, role="client"))
        if transport._state is not State.CONNECTED:
            return None
        transport._rx_srtp = transport._tx_srtp = cast("Any", None)
        return _sessions(transport)

    async def aclose(self) -> None:
        """Send close_notify and end aiortc's task."""
        self._is_closing = True
        task = self._transport._task
        await self._transport.stop()
        self._channel.close()
        if task is not None:
            await asyncio.wait([task])
            if not task.cancelled():
                task.exception()  # retrieved, so that asyncio does not log it
        self._transport.remove_all_listeners()
        # Frees OpenSSL's hundred kilobytes now, not when the garbage collector finds the cycle.
        self._transport._ssl = None

    def _state_changed(self) -> None:
        if self._transport._state is State.CLOSED and not self._is_closing:
            self._is_closing = True
            self._closed()


def _sessions(transport: RTCDtlsTransport) -> tuple[KeyedSession, KeyedSession]:
    """Sessions to receive and to send with (RFC 5764 section 4.2), of a connected server.

    aiortc creates some too, with a replay window four times as long, which libsrtp shifts for each
    packet: 6 % of the cost of forwarding.
    """
    association = cast("SSL.Connection", transport._ssl)
    name = association.get_selected_srtp_profile()
    profile = next(p for p in transport._srtp_profiles if p.openssl_profile == name)
    size = 2 * (profile.key_length + profile.salt_length)
    keys = association.export_keying_material(b"EXTRACTOR-dtls_srtp", size)
    theirs, ours = (profile.get_key_and_salt(keys, side) for side in (0, 1))
    return (
        KeyedSession(profile.libsrtp_profile, theirs, Policy.SSRC_ANY_INBOUND),
        KeyedSession(profile.libsrtp_profile, ours, Policy.SSRC_ANY_OUTBOUND),
    )


@dataclass(frozen=True, slots=True)
class Codec:
    payload_type: int
    name: str
    clock_rate: int


@dataclass(frozen=True, slots=True)
class Section:
    """One m-line of a session description, session-level attributes folded in."""

    kind: str
    mid: str
    port: int
    direction: str
    has_rtcp_mux: bool
    codecs: tuple[Codec, ...]
    extensions: dict[str, int]
    ssrcs: tuple[int, ...]
    fingerprints: tuple[Fingerprint, ...]
    dtls_role: str
    ufrag: str
    password: str
    is_ice_lite: bool


@dataclass(frozen=True, slots=True)
class Description:
    bundle: tuple[str, ...]
    sections: tuple[Section, ...]


def parse_sdp(text: str) -> Description:
    """Raises ValueError for anything but a session description (RFC 8866) of reasonable size."""
    _refuse_lengthy(text)
    try:
        parsed = SessionDescription.parse(text)
        bundle = next((g.items for g in parsed.group if g.semantic == "BUNDLE"), [])
        return Description(tuple(str(i) for i in bundle), tuple(_section(m) for m in parsed.media))
    except Exception as error:  # the parser asserts, indexes and unpacks its input: any error means the same
        raise ValueError("not a session description") from error


def _refuse_lengthy(text: str) -> None:
    sections, lines = 0, 0
    for line in text.splitlines():
        if line.startswith("m="):
            sections, lines = sections + 1, 0
        lines += 1
        if lines > MAX_SECTION_LINES or sections > MAX_SECTIONS:
            raise ValueError("too many lines")


def _section(media: MediaDescription) -> Section:
    return Section(
        kind=media.kind,
        mid=media.rtp.muxId,
        port=media.port,
        direction=media.direction or "sendrecv",
        has_rtcp_mux=media.rtcp_mux,
        codecs=tuple(_codecs(media)),
        extensions={e.uri: e.id for e in media.rtp.headerExtensions},
        ssrcs=tuple(s.ssrc for s in media.ssrc),
        fingerprints=tuple(Fingerprint(f.algorithm.lower(), f.value) for f in media.dtls.fingerprints)
        if media.dtls
        else (),
        dtls_role=media.dtls.role if media.dtls else "",
        ufrag=(media.ice and media.ice.usernameFragment) or "",
        password=(media.ice and media.ice.password) or "",
        is_ice_lite=bool(media.ice and media.ice.iceLite),
    )


def _codecs(media: MediaDescription) -> list[Codec]:
    """In the order of the m-line, which is the order of preference (RFC 3264 section 6.1)."""
    known = {c.payloadType: c for c in media.rtp.codecs}
    return [
        Codec(pt, known[pt].mimeType.partition("/")[2].lower(), known[pt].clockRate)
        for pt in media.fmt
        if pt in known
    ]
