"""The C extension (module.c, data_plane.h). Handles and rooms count from 1; addresses come as ((text,
port), transport), as the fields of a `Path`."""

from collections.abc import Sequence

_Address = tuple[tuple[str, int], str]
_Alive = tuple[int, _Address, float]
_Speaking = tuple[int, bool, int]
_Dominant = tuple[int, int]
_Checked = tuple[int, _Address, bool, float]

INTERFACE: int
"""Number of this interface."""

class DataPlane:
    """The data plane. Without `start`, commands and packets take effect at once; with it, a thread of
    its own, which never takes the GIL, reads the socket, and commands take effect between two batches.

    Commands about unknown handles do nothing. Methods raise ValueError for an invalid IP address or port and
    for too many slots; of other integers they take the lowest bits.
    """

    def __new__(
        cls,
        srtp: tuple[int, int, int, int],
        gcm: tuple[int, int, int, int],
        mac: tuple[int, int],
        nack: bool,
        forward_loudest: int,
        capacity: int,
        /,
    ) -> DataPlane:
        """`srtp`: the addresses of srtp_protect, srtp_unprotect, srtp_protect_rtcp and srtp_unprotect_rtcp.

        `gcm`: of EVP_EncryptInit_ex, EVP_EncryptUpdate, EVP_EncryptFinal_ex and EVP_CIPHER_CTX_ctrl.
        `mac`: of HMAC, and the result of EVP_sha1(); zeros leave every check to the control plane.
        Raises MemoryError.
        """

    def add_peer(
        self,
        handle: int,
        room: int,
        number: int,
        slot_ssrcs: Sequence[int],
        is_muted: bool,
        always_forwarded: bool,
        /,
    ) -> None:
        """At most 64 slots. Raises MemoryError if there is no room for another peer."""

    def set_answer(
        self,
        handle: int,
        has_ssrc: bool,
        ssrc: int,
        opus_payload_type: int,
        red_payload_type: int,
        has_levels: bool,
        red_slots: bool,
        /,
    ) -> None:
        """`red_payload_type` 255: none."""

    def set_sessions(self, handle: int, rx: int, tx: int, seal: tuple[int, bytes], /) -> None:
        """Two `srtp_t`, and the EVP_CIPHER_CTX and salt that encrypt RTP; with (0, b"") libsrtp encrypts it.

        They must live until `drain` names the handle as released.
        """

    def set_destination(self, handle: int, host: str | None, port: int, is_tcp: bool, /) -> None: ...
    def set_consent(self, handle: int, name: bytes, password: bytes, /) -> None:
        """An empty name, one over 160 bytes or a password over 64 bytes means no consent."""

    def set_muted(self, handle: int, muted: bool, at_once: bool, now: float, /) -> None: ...
    def assign(self, handle: int, publishers: Sequence[int | None], takes_away: bool, now: float, /) -> None:
        """`takes_away`: a publisher is not among them any more. If none is, this may wait for a packet."""

    def remove_peer(self, handle: int, /) -> None: ...
    def open_route(self, host: str, port: int, is_tcp: bool, handle: int, /) -> None: ...
    def close_route(self, host: str, port: int, is_tcp: bool, handle: int, /) -> None:
        """Does nothing if the route belongs to another peer by now."""

    def open_stream(self, host: str, port: int, fd: int, /) -> None:
        """Take over a connected, non-blocking TCP socket.

        At most 1,024, those whose end `drain` has not reported included.
        """

    def close_stream(self, host: str, port: int, /) -> None: ...
    def send_stream(self, host: str, port: int, datagram: bytes, /) -> None: ...
    def drain(
        self, limit: int, /
    ) -> tuple[
        list[_Alive],
        list[_Speaking],
        list[_Dominant],
        list[_Checked],
        list[int],
        list[_Address],
        list[tuple[_Address, bytes]],
        list[int],
    ]:
        """Events by kind (peer first, or room), datagrams that are not RTP, and handles that were released.

        The fifth kind is peers for which there was no room, the sixth streams that have ended. At most
        `limit` events and `limit` datagrams.
        """

    def quality(
        self, handle: int, /
    ) -> tuple[float | None, float | None, float | None, float | None, float] | None:
        """Loss and jitter up, loss and jitter down, round trip."""

    def counters(self) -> tuple[dict[str, int], dict[str, int]]:
        """Totals, and packets dropped by reason."""

    def traffic(self) -> dict[str, int]:
        """Totals of the socket and the routing."""

    def receive(
        self, handle: int, datagram: bytes, host: str, port: int, is_tcp: bool, now: float, /
    ) -> None: ...
    def tick(self, now: float, /) -> None: ...
    def take_sent(self) -> list[tuple[bytes, _Address]]:
        """Datagrams sent since the last call, without a thread."""

    def start(self, socket: int, /) -> bool:
        """Read from this non-blocking UDP socket, which must stay open until `stop`. Raises OSError.

        A second socket shares its port meanwhile, so that checks and DTLS are answered before packets that
        came sooner. False: the system does not support that.
        """

    def stop(self) -> None:
        """Wait for the thread; all earlier commands have taken effect then. Idempotent."""

    def fileno(self) -> int:
        """Readable when there is something to drain."""
