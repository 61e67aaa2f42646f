"""The only file that uses aiortc: its DTLS over our ICE-lite, and its certificates.

Some of what is needed is in private attributes of aiortc, which are confined to this file.
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
from OpenSSL import SSL
from pylibsrtp import Policy

from server.sfu.keys import KeyedSession
from server.sfu.transport.records import RecordChannel

HASHES = frozenset(X509_DIGEST_ALGORITHMS)
"""Hash functions of fingerprints that can be verified (RFC 8122)."""
_RELEASE_BUFFERS = 0x10  # SSL_MODE_RELEASE_BUFFERS: 17 KB less for a quiet connection


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


class _Association(RTCDtlsTransport):
    """Without aiortc's SRTP sessions: `_sessions` creates those that are used."""

    def _setup_srtp(self) -> None:
        name = cast("SSL.Connection", self._ssl).get_selected_srtp_profile()
        if all(profile.openssl_profile != name for profile in self._srtp_profiles):
            self._set_state(State.FAILED)


class Dtls:
    """The server side of one DTLS-SRTP association (RFC 5764).

    `closed` is called once if the other side ends it after the handshake, not by `aclose`.
    """

    def __init__(
        self, certificate: Certificate, send: Callable[[bytes], None], closed: Callable[[], None]
    ) -> None:
        self._channel = RecordChannel(send)
        self._transport = _Association(cast("Any", self._channel), [certificate._certificate])
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

        Takes as long as the other side: cancel it at the deadline.
        """
        transport = self._transport
        wanted = [RTCDtlsFingerprint(algorithm=f.hash_name, value=f.value) for f in fingerprints]
        await transport.start(RTCDtlsParameters(fingerprints=wanted, role="client"))
        if transport._state is not State.CONNECTED:
            return None
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

    aiortc's have a replay window four times as long, which libsrtp shifts for each packet: 6 % of the cost
    of forwarding.
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
