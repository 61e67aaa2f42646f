"""One media connection of a client: a UDP socket, ICE as the controlling agent, aiortc's DTLS, SRTP."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import pylibsrtp
from aioice import stun
from aiortc import RTCCertificate
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport

Address = tuple[str, int]

SO_TIMESTAMPNS = 35
"""Linux, include/uapi/asm-generic/socket.h: the kernel timestamps each datagram."""
_TIMESPEC = struct.Struct("@qq")
_CHECK_INTERVAL_S = 0.05
_CONSENT_INTERVAL_S = 2.0
_BATCH = 64

certificate = RTCCertificate.generateCertificate()
"""One for the process, because creating one costs more than a handshake."""


def fingerprints() -> list[tuple[str, str]]:
    return [(f.algorithm, f.value) for f in certificate.getFingerprints() if f.algorithm == "sha-256"]


class _DtlsPath:
    """The part of an ICE transport that RTCDtlsTransport uses (aiortc 1.16)."""

    role = "controlling"
    state = "completed"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._write = send
        self.records: asyncio.Queue[bytes | None] = asyncio.Queue(64)

    async def _send(self, data: bytes) -> None:
        self._write(data)

    async def _recv(self) -> bytes:
        record = await self.records.get()
        if record is None:
            raise ConnectionError
        return record


class MediaLink:
    """`on_rtp(packet, arrival_ns)` gets authentic RTP, `on_rtcp(packet)` authentic compound RTCP.

    Times are CLOCK_REALTIME in ns, taken by the kernel when the datagram arrived, so that a busy client
    process does not count as delay. `tap` gets every sent datagram in its wire form.
    """

    def __init__(
        self, on_rtp: Callable[[bytes, int], None], on_rtcp: Callable[[bytes], None], bind: str = "0.0.0.0"
    ) -> None:
        self._on_rtp = on_rtp
        self._on_rtcp = on_rtcp
        self.ufrag = secrets.token_hex(4)
        self.password = secrets.token_hex(16)
        self.remote: Address | None = None
        self.datagrams_in = 0
        self.auth_failures = 0
        self.checks_answered = 0
        self.tap: Callable[[bytes], object] | None = None
        self._remote_credentials = ("", "")
        self._open_checks: dict[bytes, Address] = {}
        self._nominated = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._path = _DtlsPath(self._send_to_remote)
        self._dtls = RTCDtlsTransport(self._path, [certificate])  # type: ignore[arg-type]
        self._dtls._set_role("client")
        self._rx: pylibsrtp.Session | None = None
        self._tx: pylibsrtp.Session | None = None
        self.socket = _open_socket(bind)
        self._loop.add_reader(self.socket.fileno(), self._drain)

    async def connect(
        self, candidates: Sequence[Address], credentials: tuple[str, str], remote: Sequence[tuple[str, str]]
    ) -> None:
        """Find a path and do the DTLS handshake. Raises ConnectionError. The caller sets a timeout."""
        await self.find_path(candidates, credentials)
        await self._dtls.start(
            RTCDtlsParameters(fingerprints=[RTCDtlsFingerprint(algorithm=a, value=v) for a, v in remote])
        )
        if self._dtls.state != "connected":
            raise ConnectionError(f"DTLS {self._dtls.state}")
        self._rx, self._tx = self._dtls._rx_srtp, self._dtls._tx_srtp

    async def find_path(self, candidates: Sequence[Address], credentials: tuple[str, str]) -> None:
        """Check every candidate until one answers. Also used for an ICE restart."""
        for task in self._tasks:
            task.cancel()
        self._remote_credentials = credentials
        self._nominated = asyncio.Event()
        self._open_checks.clear()
        while not self._nominated.is_set():
            for candidate in candidates:
                self._check(candidate)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nominated.wait(), _CHECK_INTERVAL_S)
        task = asyncio.create_task(self._keep_consent())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def renew_credentials(self) -> None:
        """New local credentials, for the answer to an ICE restart."""
        self.ufrag = secrets.token_hex(4)
        self.password = secrets.token_hex(16)

    def rebind(self, bind: str = "0.0.0.0") -> None:
        """Continue from another local address, as after a change of network or of a NAT's mapping."""
        self._loop.remove_reader(self.socket.fileno())
        self.socket.close()
        self.socket = _open_socket(bind)
        self._loop.add_reader(self.socket.fileno(), self._drain)

    def send_rtp(self, packet: bytes) -> None:
        if self._tx is not None:
            self._send_to_remote(self._tx.protect(packet))

    def send_rtcp(self, packet: bytes) -> None:
        if self._tx is not None:
            self._send_to_remote(self._tx.protect_rtcp(packet))

    def send_raw(self, datagram: bytes) -> None:
        """Bypasses SRTP and the tap, for tests of invalid input."""
        if self.remote is not None:
            self.socket.sendto(datagram, self.remote)

    def hand_over(self) -> tuple[pylibsrtp.Session, pylibsrtp.Session]:
        """The SRTP sessions for receiving and sending, for another reader of the socket (a load generator in
        C).

        Afterwards this link handles no SRTP; pass it datagrams that are neither RTP nor RTCP by `feed`.
        """
        assert self._rx is not None
        assert self._tx is not None
        sessions = self._rx, self._tx
        self._rx = self._tx = None
        self._loop.remove_reader(self.socket.fileno())
        return sessions

    def feed(self, datagram: bytes, address: Address) -> None:
        self._dispatch(datagram, time.time_ns(), address)

    async def aclose(self) -> None:
        """The socket is closed also if the caller is cancelled meanwhile."""
        try:
            for task in list(self._tasks):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            self._rx = self._tx = None
            if self.socket.fileno() >= 0:
                await self._dtls.stop()
        finally:
            self._close_socket()
        await asyncio.sleep(0)

    def vanish(self) -> None:
        """Stop at once without sending anything. `aclose` is still required."""
        for task in self._tasks:
            task.cancel()
        if self._dtls._task is not None:
            self._dtls._task.cancel()
        self._rx = self._tx = None
        self._close_socket()

    def _close_socket(self) -> None:
        if self.socket.fileno() >= 0:
            self._loop.remove_reader(self.socket.fileno())
            self.socket.close()

    def _send_to_remote(self, datagram: bytes) -> None:
        if self.remote is not None and self.socket.fileno() >= 0:
            self._send(datagram, self.remote)

    def _send(self, datagram: bytes, to: Address) -> None:
        if self.tap is not None:
            self.tap(datagram)
        # A datagram that cannot be sent (the interface was removed) is lost, as on any network.
        with suppress(OSError):
            self.socket.sendto(datagram, to)

    def _drain(self) -> None:
        for _ in range(_BATCH):
            try:
                data, ancillary, _flags, address = self.socket.recvmsg(2048, 64)
            except OSError:
                return
            self.datagrams_in += 1
            self._dispatch(data, _arrival_ns(ancillary), address)

    def _dispatch(self, data: bytes, arrival_ns: int, address: Address) -> None:
        first = data[0] if data else 0
        if 128 <= first <= 191:
            self._unprotect(data, arrival_ns)
        elif 20 <= first <= 63:
            with suppress(asyncio.QueueFull):
                self._path.records.put_nowait(data)
        elif first < 4:
            self._handle_stun(data, address)

    def _unprotect(self, data: bytes, arrival_ns: int) -> None:
        if self._rx is None:
            return
        try:
            if 192 <= data[1] <= 223:  # RFC 5761 section 4
                self._on_rtcp(self._rx.unprotect_rtcp(data))
            else:
                self._on_rtp(self._rx.unprotect(data), arrival_ns)
        except pylibsrtp.Error:
            self.auth_failures += 1

    def _handle_stun(self, data: bytes, address: Address) -> None:
        try:
            message = stun.parse_message(data)
        except ValueError:
            return
        if message.message_class == stun.Class.REQUEST:
            self._answer_check(message, address)
        elif message.message_class == stun.Class.RESPONSE and message.transaction_id in self._open_checks:
            self._take_response(message)

    def _take_response(self, response: stun.Message) -> None:
        if response.check_message_integrity(self._remote_credentials[1].encode()):
            self.remote = self._open_checks[response.transaction_id]
            self._open_checks.clear()
            self._nominated.set()

    def _answer_check(self, request: stun.Message, address: Address) -> None:
        if not request.check_message_integrity(self.password.encode()):
            return
        response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, request.transaction_id)
        response.attributes["XOR-MAPPED-ADDRESS"] = address
        response.add_message_integrity(self.password.encode())
        self.checks_answered += 1
        self._send(bytes(response), address)

    def _check(self, address: Address) -> None:
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{self._remote_credentials[0]}:{self.ufrag}"
        request.attributes["PRIORITY"] = 0x6E7F1EFF
        request.attributes["ICE-CONTROLLING"] = (1 << 64) - 1
        request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity(self._remote_credentials[1].encode())
        self._open_checks[request.transaction_id] = address
        self._send(bytes(request), address)

    async def _keep_consent(self) -> None:
        """Sends consent checks (RFC 7675); without them the server closes the connection."""
        while self.remote is not None:
            await asyncio.sleep(_CONSENT_INTERVAL_S)
            self._check(self.remote)


def _open_socket(bind: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.bind((bind, 0))
    return sock


def _arrival_ns(ancillary: list[tuple[int, int, bytes]]) -> int:
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS and len(data) >= _TIMESPEC.size:
            seconds, nanoseconds = _TIMESPEC.unpack_from(data)
            return int(seconds) * 1_000_000_000 + int(nanoseconds)
    return time.time_ns()


def random_ssrc() -> int:
    return int.from_bytes(os.urandom(4), "big") or 1
